# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from odoo.addons.key_account_manager.tests.common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountHandover(ManagerCommon):
    """Promises to pay and disputes travel with the customers (ASG-07)."""

    def test_what_is_open_travels(self):
        customer = self._create_customer("Acme", self.manager)
        bill = self._create_bill(customer)
        promise = self.env["key.account.promise"].create(
            {
                "partner_id": customer.id,
                "date": "2026-03-01",
                "date_due": "2026-03-20",
                "amount": 10,
            }
        )
        dispute = self.env["key.account.dispute"].create(
            {"partner_id": customer.id, "bill_id": bill.id, "amount": 5, "reason": "x"}
        )
        order = self._hand_over(self.manager, self.colleague)
        takes = order.party_ids.filtered(lambda party: party.side == "takes")
        self.assertEqual(takes.travel_text, "1 promises to pay, 1 disputes")
        rows = (customer, promise, dispute, bill)
        self.assertEqual(self._sees(self.manager, *rows), set())
        self.assertEqual(self._sees(self.colleague, *rows), set(rows))
