# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestDunningExemption(ArrearsCommon):
    """Never dun, with reason and end date (ARR-10)."""

    def _exempt(self, user, **vals):
        return (
            self.env["key.account.dunning.exemption"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.acme.id,
                    "date_to": "2026-03-20",
                    "reason": "Under negotiation",
                    **vals,
                }
            )
        )

    def test_heads_and_finance_decide(self):
        for user in (self.head, self.company, self.director, self.finance):
            self.assertEqual(self._exempt(user).user_id, user)
        for user in (self.manager, self.agent, self.office, self.head_b):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._exempt(user)

    def test_the_day_and_the_search_agree(self):
        exemption = self._exempt(self.head)
        for day, expected in (
            ("2026-03-09", False),
            ("2026-03-10", True),
            ("2026-03-20", True),
            ("2026-03-21", False),
        ):
            with self.subTest(day=day), freeze_time(day):
                exemption.invalidate_recordset(["is_current"])
                self.assertEqual(exemption.is_current, expected)
                for wanted in (True, False):
                    found = exemption.search(
                        [("id", "=", exemption.id), ("is_current", "=", wanted)]
                    )
                    self.assertEqual(bool(found), wanted == expected)

    def test_it_ends_today(self):
        exemption = self._exempt(self.head)
        self.assertTrue(self.acme.with_user(self.head).key_account_is_exempt)
        exemption.action_end()
        self.assertEqual(str(exemption.date_to), "2026-03-10")
        with freeze_time("2026-03-11"):
            exemption.invalidate_recordset(["is_current"])
            with self.assertRaisesRegex(UserError, "in effect"):
                exemption.action_end()

    def test_for_whom_stays(self):
        with self.assertRaisesRegex(UserError, "make a new one"):
            self._exempt(self.head).partner_id = self.far
