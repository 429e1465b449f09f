# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestDispute(ArrearsCommon):
    """An amount of a bill that the customer contests (ARR-12)."""

    def _dispute(self, user=None, **vals):
        disputes = self.env["key.account.dispute"].with_user(user or self.manager)
        return disputes.create(
            {"bill_id": self.bill.id, "reason": "Charged twice", **vals}
        )

    def test_it_is_about_what_is_open_unless_somebody_says_so(self):
        self._pay(self.bill, 30)
        form = Form(self.env["key.account.dispute"].with_user(self.manager))
        form.partner_id = self.acme
        form.bill_id = self.bill
        self.assertEqual(form.amount, 70)
        form.reason = "Never ordered"
        dispute = form.save()
        self.assertRecordValues(
            dispute,
            [
                {
                    "amount": 70,
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "user_id": self.manager.id,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(self.acme.with_user(self.manager).key_account_disputed, 70)

    def test_not_more_than_the_bill_and_not_twice(self):
        with (
            self.assertRaisesRegex(ValidationError, "no more of it"),
            self.env.cr.savepoint(),
        ):
            self._dispute(amount=101)
        self._dispute()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._dispute()

    def test_another_person_decides_with_a_reason(self):
        dispute = self._dispute()
        with self.assertRaisesRegex(AccessError, "head or by finance"):
            dispute.action_concede()
        head = dispute.with_user(self.head)
        with self.assertRaisesRegex(UserError, "what was found"):
            head.action_concede()
        head.decision = "It was charged twice"
        head.action_concede()
        self.assertRecordValues(
            dispute, [{"state": "conceded", "decided_by_id": self.head.id}]
        )
        with self.assertRaisesRegex(UserError, "decided"):
            head.action_reject()
        with self.assertRaisesRegex(UserError, "no longer changes"):
            head.reason = "Other"

    def test_nobody_decides_his_own(self):
        dispute = self._dispute(self.head, reason="x")
        dispute.decision = "Mine"
        with self.assertRaisesRegex(AccessError, "of his own"):
            dispute.action_reject()
        dispute.with_user(self.finance).action_reject()
        self.assertEqual(dispute.state, "rejected")

    def test_what_was_recorded_stays(self):
        dispute = self._dispute()
        for vals in ({"amount": 1}, {"state": "conceded"}, {"decided_by_id": 1}):
            with self.assertRaisesRegex(UserError, "as it was recorded"):
                dispute.write(vals)
        with self.assertRaisesRegex(UserError, "stay"):
            dispute.sudo().unlink()

    def test_nobody_decides_while_recording(self):
        dispute = self._dispute(state="conceded", decided_by_id=self.head.id)
        self.assertRecordValues(dispute, [{"state": "open", "decided_by_id": False}])

    def test_only_bills_in_reach(self):
        with self.assertRaises(AccessError):
            self._dispute(self.manager_b)
