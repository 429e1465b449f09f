# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import Form, tagged, users

from ..report.key_account_open_item import BUCKETS
from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestKeyAccountOpenItem(KeyAccountCommon):
    """Open items and arrears as of any day, from the ledgers (ARR-01, design 3.6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.elsewhere = cls._create_customer("Elsewhere", cls.manager_b)
        cls.bill = cls._create_bill(cls.customer, 100)  # 31 January, due 15 February
        cls._pay(cls.bill, 30, "2026-03-01")
        cls._pay(cls.bill, 70, "2026-04-20")

    @property
    def _mine(self):
        """The items of this test's customers, whatever else the database holds."""
        return [("partner_id", "in", (self.customer | self.elsewhere).ids)]

    def _as_of(self, day, user=None):
        items = self.env["key.account.open.item"].with_user(user or self.env.user)
        return items.with_context(key_account_as_of=day)

    def test_a_bill_is_open_from_its_date_until_it_is_paid(self):
        for day, expected in (
            ("2026-01-30", None),
            ("2026-01-31", (0, 100, 0, 0, "not_due")),
            ("2026-02-15", (0, 100, 0, 0, "not_due")),
            ("2026-02-16", (0, 100, 100, 1, "30")),
            ("2026-02-28", (0, 100, 100, 13, "30")),
            ("2026-03-01", (30, 70, 70, 14, "30")),
            ("2026-03-18", (30, 70, 70, 31, "60")),
            ("2026-04-19", (30, 70, 70, 63, "90")),
            ("2026-04-20", None),
            ("2026-06-30", None),
        ):
            with self.subTest(day=day):
                items = self._as_of(day).search(self._mine)
                self.assertEqual(len(items), 1 if expected else 0)
                for item in items:
                    self.assertEqual(item.bill_id, self.bill)
                    self.assertEqual(item.date_as_of, Date.to_date(day))
                    found = (
                        item.amount_paid,
                        item.amount_open,
                        item.amount_overdue,
                        item.days_overdue,
                        item.bucket,
                    )
                    self.assertEqual(found, expected)
                    self.assertEqual(item.is_overdue, bool(expected[2]))

    def test_without_a_day_it_is_today(self):
        self.assertFalse(self.env["key.account.open.item"].search(self._mine))
        with freeze_time("2026-03-02"):
            item = self.env["key.account.open.item"].search(self._mine)
            self.assertEqual((item.amount_open, item.days_overdue), (70, 15))
            self.assertEqual(item.is_overdue, True)

    def test_two_days_may_be_compared_at_once(self):
        before = self._as_of("2026-02-20").search(self._mine)
        after = self._as_of("2026-03-20").search(self._mine)
        self.assertEqual([before.amount_open, after.amount_open], [100, 70])
        self.assertEqual([before.days_overdue, after.days_overdue], [5, 33])

    def test_every_age_has_its_bucket(self):
        for days, bucket in (
            (0, "not_due"),
            (1, "30"),
            (30, "30"),
            (31, "60"),
            (60, "60"),
            (61, "90"),
            (90, "90"),
            (91, "180"),
            (180, "180"),
            (181, "365"),
            (365, "365"),
            (366, "more"),
        ):
            with self.subTest(days=days):
                day = Date.add(self.bill.date_due, days=days)
                other = self._create_bill(self._create_customer(f"Age {days}"), 5)
                item = self._as_of(day).search([("bill_id", "=", other.id)])
                self.assertEqual((item.bucket, item.days_overdue), (bucket, days))

    def test_a_credit_is_open_and_never_overdue(self):
        credit = self._create_bill(self.customer, -40)
        item = self._as_of("2026-06-30").search(self._mine)
        self.assertEqual(item.bill_id, credit)
        self.assertRecordValues(
            item,
            [{"amount_open": -40, "amount_overdue": 0, "bucket": "credit"}],
        )

    def test_what_was_paid_too_much_is_a_credit(self):
        self._pay(self.bill, 5, "2026-05-05")
        item = self._as_of("2026-05-05").search(self._mine)
        self.assertEqual((item.amount_open, item.bucket), (-5, "credit"))

    def test_the_day_agrees_with_what_the_bills_say_today(self):
        for amount in (10, 20, -5):
            self._create_bill(self.customer, amount)
        paid = self._create_bill(self.customer, 50)
        self._pay(paid, 20, "2026-06-30")
        bills = self.env["key.account.bill"].search(
            [*self._mine, ("amount_open", "!=", 0)]
        )
        items = self._as_of("2026-06-30").search(self._mine)
        self.assertEqual(items.bill_id, bills)
        for item in items:
            self.assertEqual(
                (item.amount_open, item.is_overdue, item.days_overdue),
                (
                    item.bill_id.amount_open,
                    item.bill_id.is_overdue,
                    item.bill_id.days_overdue,
                ),
            )

    def test_totals_equal_the_ledgers(self):
        for month in range(1, 6):
            bill = self._create_bill(
                self.customer,
                month * 11,
                period=f"2026-0{month}-01",
                date_bill=f"2026-0{month}-28",
                date_due=f"2026-0{month}-28",
            )
            self._pay(bill, month * 4, f"2026-0{month + 1}-10")
        for day in ("2026-01-31", "2026-03-10", "2026-05-01", "2026-06-30"):
            with self.subTest(day=day):
                sums = self._as_of(day)._read_group(
                    self._mine, [], ["amount:sum", "amount_paid:sum", "amount_open:sum"]
                )[0]
                bills = self.env["key.account.bill"].search(
                    [*self._mine, ("date_bill", "<=", day)]
                )
                payments = self.env["key.account.payment"].search(
                    [("date_payment", "<=", day), ("bill_id", "in", bills.ids)]
                )
                owed = sum(bills.mapped("amount")) - sum(payments.mapped("amount"))
                self.assertAlmostEqual(sums[2], owed, 2)
                self.assertAlmostEqual(sums[0] - sums[1], owed, 2)

    def test_everybody_reads_the_items_of_his_bills(self):
        self._create_bill(self.elsewhere, 7)
        self._create_bill(self.customer, 9, self.letter)
        for user, total in (
            (self.manager, 109),
            (self.head, 109),
            (self.company, 109),
            (self.director, 116),
            (self.office, 116),
            (self.agent, 116),
            (self.finance, 109),
            (self.manager_b, 7),
            (self.company_b, 7),
            (self.manager_2, False),
        ):
            with self.subTest(user=user.login):
                items = self._as_of("2026-02-20", user)
                [(found,)] = items._read_group(self._mine, [], ["amount_open:sum"])
                self.assertEqual(found, total)
                self.assertEqual(
                    sum(items.search(self._mine).mapped("amount_open")), total
                )

    def test_a_wrong_day_is_refused_with_what_to_do(self):
        for day in ("yesterday", "2026-02-31", 12):
            with (
                self.subTest(day=day),
                self.assertRaisesRegex(UserError, "such as 2026-01-31"),
            ):
                self._as_of(day).search(self._mine)

    @users("ka_head")
    def test_the_wizard_opens_the_items_of_its_day(self):
        with Form(self.env["key.account.open.item.ask"]) as form:
            self.assertEqual(form.date, Date.to_date("2026-06-30"))
            form.date = "2026-03-01"
        action = form.record.action_open()
        items = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(items.search(self._mine).mapped("amount_open"), [70])

    @users("ka_manager")
    def test_every_bucket_can_be_grouped(self):
        items = self._as_of("2026-02-20", self.env.user)
        groups = items.formatted_read_group(
            [], ["bucket", "partner_id"], ["amount_open:sum", "__count"]
        )
        self.assertEqual(
            [(row["bucket"], row["amount_open:sum"], row["__count"]) for row in groups],
            [("30", 100, 1)],
        )
        self.assertIn(groups[0]["bucket"], dict(BUCKETS))
