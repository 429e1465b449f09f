# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js

SUITE = "@key_account_crm"


@tagged("post_install", "-at_install")
class TestKeyAccountJs(HttpCase):
    """The unit tests of our widgets, in headless Chromium (static/tests)."""

    @no_retry
    def test_widgets(self):
        """Ours only, by the hash of their suite, as core's own runner filters."""
        suite = test_js.HOOTCommon._generate_hash(self, SUITE)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
