# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01")
class TestKeyAccountBill(KeyAccountCommon):
    """Bills, payments, months and standing (design 3.6 to 3.9, FILE-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)

    def _months(self):
        rows = self.env["key.account.month"].search(
            [("partner_id", "=", self.customer.id)], order="month, line_id"
        )
        return [
            (str(row.month), row.line_id.code, row.amount_billed, row.amount_paid)
            for row in rows
        ]

    def test_open_and_overdue_follow_the_payments(self):
        bill = self._create_bill(self.customer, 100)
        self.assertRecordValues(
            bill, [{"amount_open": 100, "is_overdue": True, "days_overdue": 14}]
        )
        self._pay(bill, 60)
        self.assertRecordValues(
            bill, [{"amount_paid": 60, "amount_open": 40, "days_overdue": 14}]
        )
        self._pay(bill, 40)
        self.assertRecordValues(
            bill, [{"amount_open": 0, "is_overdue": False, "days_overdue": 0}]
        )

    def test_credit_note_names_the_bill_it_corrects(self):
        bill = self._create_bill(self.customer, 100)
        credit = self._create_bill(self.customer, -30, origin_id=bill.id)
        self.assertEqual(bill.correction_ids, credit)
        other = self._create_customer("Other", self.manager)
        euro = self._create_bill(
            self.customer, 5, currency_id=self.env.ref("base.EUR").id
        )
        cases = {
            "only a credit note": {"amount": 10, "origin_id": bill.id},
            "another customer": {
                "amount": -10,
                "origin_id": self._create_bill(other, 10).id,
            },
            "itself corrects": {"amount": -10, "origin_id": credit.id},
            "in that currency": {"amount": -10, "origin_id": euro.id},
        }
        for cause, values in cases.items():
            with (
                self.subTest(cause=cause),
                self.assertRaisesRegex(ValidationError, cause),
            ):
                self._create_bill(self.customer, **values)
        with self.assertRaisesRegex(UserError, "ledger"):
            credit.origin_id = False

    @contextmanager
    def _refused(self, message):
        """Refused with this message, and nothing of it stays."""
        with self.assertRaisesRegex(ValidationError, message):
            with self.env.cr.savepoint():
                yield

    def test_credit_notes_come_to_no_more_than_was_billed(self):
        """One by one and several at once; what was paid is credited all the same."""
        bill = self._create_bill(self.customer, 100)
        self._pay(bill, 100)
        self._create_bill(self.customer, -60, origin_id=bill.id)
        with self._refused("more than was billed"):
            self._create_bill(self.customer, -40.01, origin_id=bill.id)
        note = self._create_bill(self.customer, -40, origin_id=bill.id)
        self.assertEqual(bill._get_billed(), {bill: 0})
        with self._refused("would come to .*0.01"):
            self._create_bill(self.customer, -0.01, origin_id=bill.id)
        with self._refused("would come to .*0.01"):
            self._create_bill(
                self.customer, -0.01, kind="correction", origin_id=note.id
            )
        other = self._create_bill(self.customer, 10)
        vals = self._create_bill(self.customer, -6).copy_data()[0]
        with self._refused("more than was billed"):
            self.env["key.account.bill"].create(
                [
                    {**vals, "name": f"AT-ONCE-{n}", "origin_id": other.id}
                    for n in range(2)
                ]
            )

    def test_overdue_reads_and_searches_alike(self):
        late = self._create_bill(self.customer, 10)
        due_today = self._create_bill(self.customer, 10, date_due="2026-03-01")
        paid = self._create_bill(self.customer, 10)
        self._pay(paid, 10)
        credit = self._create_bill(self.customer, -10)
        bills = late | due_today | paid | credit
        for domain in (
            [("is_overdue", "=", True)],
            [("is_overdue", "=", False)],
            [("days_overdue", ">", 0)],
            [("days_overdue", ">=", 14)],
            [("days_overdue", ">", 14)],
            [("days_overdue", "<", 14)],
            [("days_overdue", "<=", 0)],
        ):
            with self.subTest(domain=domain):
                [(fname, operator, value)] = domain
                compare = {
                    "=": lambda a, b: a == b,
                    ">": lambda a, b: a > b,
                    ">=": lambda a, b: a >= b,
                    "<": lambda a, b: a < b,
                    "<=": lambda a, b: a <= b,
                }[operator]
                expected = bills.filtered(
                    lambda bill, f=fname, c=compare, v=value: c(bill[f], v)
                )
                self.assertEqual(
                    bills.search([("id", "in", bills.ids), *domain], order="id"),
                    expected.sorted("id"),
                )

    def test_months_are_kept(self):
        first = self._create_bill(self.customer, 100, self.letter)
        self._create_bill(self.customer, -30, self.letter)
        self._create_bill(
            self.customer,
            5,
            period="2026-02-01",
            date_bill="2026-02-28",
            date_due="2026-03-15",
        )
        self._pay(first, 20)
        self.assertEqual(
            self._months(),
            [
                ("2026-01-01", "T-LETTER", 70, 0),
                ("2026-02-01", "T-LETTER", 0, 20),
                ("2026-02-01", False, 5, 0),
            ],
        )
        standing = self.env["key.account.line.standing"].search(
            [("partner_id", "=", self.customer.id)], order="line_id"
        )
        self.assertEqual(standing.mapped("amount_open"), [50, 5])
        self.assertEqual(self.customer.key_account_open, 55)
        self.assertEqual(self.customer.key_account_year, 75)
        self.assertEqual(self.customer.key_account_overdue, 80)

    def test_months_rebuilt_equal_months_maintained(self):
        for month in range(1, 7):
            bill = self._create_bill(
                self.customer,
                month * 10,
                self.letter if month % 2 else None,
                period=f"2025-{month:02}-01",
                date_bill=f"2025-{month:02}-28",
                date_due=f"2025-{month:02}-28",
            )
            self._pay(bill, month * 3, f"2025-{month + 1:02}-03")
        kept = self._months()
        self.env["key.account.month"].search([]).sudo().unlink()
        self.env["key.account.month"]._refresh()
        self.assertEqual(self._months(), kept)
        self.env["key.account.month"]._refresh()
        self.assertEqual(self._months(), kept)

    def test_a_month_whose_bill_moved_to_another_line_goes(self):
        bill = self._create_bill(self.customer, 10)
        self.assertEqual(self._months(), [("2026-01-01", False, 10, 0)])
        bill.line_id = self.letter
        self.assertEqual(self._months(), [("2026-01-01", "T-LETTER", 10, 0)])

    def test_the_ledger_is_not_rewritten(self):
        bill = self._create_bill(self.customer, 10)
        payment = self._pay(bill, 10)
        for record, vals in (
            (bill, {"amount": 5}),
            (bill, {"amount_open": 0}),
            (bill, {"period": "2025-01-01"}),
            (payment, {"amount": 5}),
            (payment, {"date_payment": "2026-01-01"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.write(vals)
        for record in payment, bill:
            with self.assertRaises(UserError):
                record.unlink()

    def test_wrong_bills_are_refused_with_the_reason(self):
        with self.assertRaisesRegex(ValidationError, "before its date"):
            self._create_bill(self.customer, 10, date_due="2026-01-01")
        with self.assertRaisesRegex(ValidationError, "a credit note zero or less"):
            self._create_bill(self.customer, 10, kind="credit")
        other = self._create_customer("Other", self.manager)
        bill = self._create_bill(other, 10)
        with self.assertRaisesRegex(ValidationError, "not a bill of"):
            self._pay(bill, 10, partner_id=self.customer.id)

    @users("ka_finance")
    def test_finance_enters_bills_of_its_company(self):
        bill = self._create_bill(self.customer.with_env(self.env), 10)
        self.assertEqual(bill.unit_id, self.post_1)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_finance_enters_bills_and_only_its_own(self):
        bills = self.env["key.account.bill"]
        vals = {
            "name": "X1",
            "partner_id": self.customer.id,
            "period": "2026-01-01",
            "date_bill": "2026-01-31",
            "date_due": "2026-02-15",
            "amount": 1,
        }
        for user in (self.manager, self.head, self.office, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                bills.with_user(user).create(dict(vals))
        elsewhere = self._create_customer("Elsewhere", self.manager_b)
        with self.assertRaises(AccessError):
            bills.with_user(self.finance).create({**vals, "partner_id": elsewhere.id})
