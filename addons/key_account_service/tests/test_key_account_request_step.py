# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRequestStep(ServiceCommon):
    """Whose a request is when several could work on it (SVC-18)."""

    def test_nobody_takes_up_what_is_anothers(self):
        request = self._request()
        request.with_user(self.agent).action_handle()
        self.assertEqual(request.handler_id, self.agent)
        with self.assertRaisesRegex(UserError, "change the handler"):
            request.with_user(self.manager).action_handle()
        self.assertEqual(request.handler_id, self.agent)
        request.with_user(self.manager).handler_id = self.manager
        request.with_user(self.manager).action_handle()
        self.assertEqual(request.handler_id, self.manager)

    def test_what_was_given_to_somebody_waits_for_him(self):
        request = self._request(handler_id=self.manager.id)
        with self.assertRaisesRegex(UserError, "already: change the handler"):
            request.with_user(self.agent).action_handle()
        self.assertEqual(request.state, "accepted")
        request.with_user(self.manager).action_handle()
        self.assertEqual(request.state, "handling")
