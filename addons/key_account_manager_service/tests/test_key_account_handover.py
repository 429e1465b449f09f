# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from odoo.addons.key_account_manager.tests.common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountHandover(ManagerCommon):
    """Requests, complaints, care and contacts travel with the customers (ASG-07)."""

    def test_what_is_open_travels(self):
        customer = self._create_customer("Acme", self.manager)
        prefix = "key_account_service.key_account"
        request, closed = self.env["key.account.request"].create(
            [
                {
                    "partner_id": customer.id,
                    "subject": subject,
                    "kind_id": self.env.ref(f"{prefix}_term_request_kind_fault").id,
                    "handler_id": self.manager.id,
                }
                for subject in ("Open", "Closed")
            ]
        )
        closed._write({"state": "closed"})
        complaint = self.env["key.account.complaint"].create(
            {
                "partner_id": customer.id,
                "subject": "Late",
                "type_id": self.env.ref(f"{prefix}_complaint_type_network_speed").id,
            }
        )
        care = self.env["key.account.care"].create(
            {"name": "Tea", "partner_id": customer.id, "user_id": self.manager.id}
        )
        self.env.flush_all()
        order = self._order(
            kind="handover",
            from_user_id=self.manager.id,
            to_user_id=self.colleague.id,
        )
        takes = order.party_ids.filtered(lambda party: party.side == "takes")
        for text in ("1 requests", "1 complaints", "1 acts of care"):
            self.assertIn(text, takes.travel_text)
        order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(request.handler_id, self.colleague)
        self.assertEqual(closed.handler_id, self.manager)
        self.assertEqual(care.user_id, self.colleague)
        self.assertEqual((request | closed).manager_id, self.colleague)
        self.assertEqual(complaint.manager_id, self.colleague)
        rows = (customer, request, complaint, care)
        self.assertEqual(self._sees(self.manager, *rows), set())
        self.assertEqual(self._sees(self.colleague, *rows), set(rows))
