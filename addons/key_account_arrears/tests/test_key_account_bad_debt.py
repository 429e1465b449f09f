# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestBadDebt(ArrearsCommon):
    """What is given up, and won back (ARR-09, ARR-11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance_2 = cls._create_user("ka_finance_2", "finance", cls.post)

    def _propose(self, user=None, **vals):
        debts = self.env["key.account.bad.debt"].with_user(user or self.finance)
        return debts.create({"bill_id": self.bill.id, "reason": "Bankrupt", **vals})

    def test_another_person_of_finance_approves(self):
        debt = self._propose()
        self.assertRecordValues(debt, [{"amount": 100, "unit_id": self.post_1.id}])
        with self.assertRaisesRegex(AccessError, "of his own"):
            debt.action_approve()
        with self.assertRaises(AccessError):
            debt.with_user(self.head).action_approve()
        with self.assertRaises(AccessError):
            self._propose(self.manager)
        debt.with_user(self.finance_2).action_approve()
        self.assertRecordValues(
            debt,
            [
                {
                    "state": "approved",
                    "amount_lost": 100,
                    "decided_by_id": self.finance_2.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "decided"):
            debt.with_user(self.finance_2).action_approve()

    def test_approved_it_is_no_arrears_and_no_money(self):
        month = self.env["key.account.month"]
        self._propose(amount=60).with_user(self.finance_2).action_approve()
        self.assertEqual(self.bill.amount_open, 40)
        self.assertEqual(self._items("2026-06-30").amount_overdue, 40)
        # the day before it was in arrears
        self.assertEqual(self._items("2026-06-29").amount_overdue, 100)
        rows = month.search([("partner_id", "=", self.acme.id)])
        self.assertEqual(sum(rows.mapped("amount_paid")), 0)
        self.assertEqual(sum(rows.mapped("amount_billed")), 100)

    def test_a_later_payment_takes_it_back(self):
        debt = self._propose()
        debt.with_user(self.finance_2).action_approve()
        self._pay(self.bill, 30, "2026-06-30")
        self.assertRecordValues(debt, [{"amount_recovered": 30, "amount_lost": 70}])
        self.assertEqual(self.bill.amount_open, 0)
        self._pay(self.bill, 90, "2026-06-30")
        self.assertRecordValues(debt, [{"amount_recovered": 100, "amount_lost": 0}])
        self.assertEqual(self.bill.amount_open, -20)

    def test_refused_it_stays_in_arrears(self):
        debt = self._propose()
        with self.assertRaisesRegex(UserError, "why"):
            debt.with_user(self.finance_2).action_refuse()
        debt.with_user(self.finance_2).decision = "They have a new owner"
        debt.with_user(self.finance_2).action_refuse()
        self.assertEqual(self.bill.amount_open, 100)
        self.assertEqual(debt.amount_lost, 0)
        self._propose()

    def test_no_more_than_is_open(self):
        with (
            self.assertRaisesRegex(ValidationError, "no more of it"),
            self.env.cr.savepoint(),
        ):
            self._propose(amount=101)
        debt = self._propose()
        self._pay(self.bill, 10)
        with self.assertRaisesRegex(ValidationError, "no more of it"):
            debt.with_user(self.finance_2).action_approve()

    def test_entries_are_made_by_approving_alone(self):
        debt = self._propose()
        with self.assertRaisesRegex(UserError, "approving"):
            self.env["key.account.allocation"].with_user(self.finance).create(
                {"bill_id": self.bill.id, "amount": 1, "bad_debt_id": debt.id}
            )
