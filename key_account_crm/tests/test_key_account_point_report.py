# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .point_common import PointCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountPointReport(PointCommon):
    """The papers of points hold the figures of the screen (PTS-06, PTS-10)."""

    def _render(self, name, record):
        reports = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = reports._render_qweb_html(f"key_account_crm.{name}", record.ids)
        return html.decode()

    def test_the_statement_is_printed(self):
        customer = self._create_customer("Acme", self.manager)
        self._give(customer, 4321)
        statement = (
            self.env["key.account.point.statement"]
            .with_user(self.manager)
            .create({"partner_id": customer.id})
        )
        paper = self._render("report_key_account_point_statement", statement)
        self.assertEqual(statement.closing, 4321)
        for text in ("Acme", "4,321"):
            self.assertIn(text, paper)

    def test_the_receipt_is_printed(self):
        customer = self._create_customer("Acme", self.manager)
        self._give(customer, 500)
        redemption = (
            self.env["key.account.point.redemption"]
            .with_user(self.manager)
            .create(
                {"partner_id": customer.id, "reward_id": self.reward.id, "count": 2}
            )
        )
        paper = self._render("report_key_account_point_redemption", redemption)
        for text in (redemption.name, "Acme", "Lamp", "200"):
            self.assertIn(text, paper)
