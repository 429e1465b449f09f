# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import ArrearsCommon

FEBRUARY = {
    "key_account_recovery_from": "2026-02-01",
    "key_account_recovery_to": "2026-02-28",
}
MARCH = {
    "key_account_recovery_from": "2026-03-01",
    "key_account_recovery_to": "2026-03-31",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 04:00:00")
class TestRecovery(ArrearsCommon):
    """Recovery, bad debt and days sales outstanding (ARR-08, ARR-11, domain 2.10)."""

    def _rows(self, context, user=None):
        rows = self.env["key.account.recovery"].with_user(user or self.director)
        return rows.with_context(**context).search(
            [("partner_id", "in", (self.acme | self.far).ids)]
        )

    def _totals(self, context, *aggregates):
        rows = self.env["key.account.recovery"].with_user(self.director)
        [found] = rows.with_context(**context)._read_group(
            [("partner_id", "in", (self.acme | self.far).ids)], [], aggregates
        )
        return found

    def test_a_bill_through_two_months(self):
        """Due 15 February: 30 collected late in February, 50 in March."""
        self._pay(self.bill, 20, "2026-02-10")
        self._pay(self.bill, 30, "2026-02-20")
        self._pay(self.bill, 50, "2026-03-05")
        names = "opening", "new", "collected", "closing"

        def figures(context):
            [row] = self._rows(context)
            return [row[f"amount_{name}"] for name in names] + [row.recovery]

        self.assertEqual(figures(FEBRUARY), [0, 80, 30, 50, 37.5])
        self.assertEqual(figures(MARCH), [50, 0, 50, 0, 100])

    def test_ratios_of_groups_are_those_of_their_sums(self):
        other = self._create_bill(self.far, 300, self.express)
        self._pay(self.bill, 100, "2026-02-20")
        self._pay(other, 60, "2026-02-21")
        spec = "amount_new:sum", "amount_collected:sum", "recovery:avg"
        self.assertEqual(self._totals(FEBRUARY, *spec), (400, 160, 40))
        [days] = self._totals(
            {**FEBRUARY, "key_account_recovery_from": "2026-01-01"},
            "days_outstanding:avg",
        )
        self.assertAlmostEqual(days, 240 * 59 / 400)

    def test_credits_settle_and_are_not_collected(self):
        note = self._create_bill(self.acme, -40)
        self.env["key.account.allocation"].create(
            {
                "credit_id": note.id,
                "bill_id": self.bill.id,
                "amount": 40,
                "date": "2026-02-20",
            }
        )
        row = self._rows(FEBRUARY).filtered(lambda one: one.bill_id == self.bill)
        self.assertRecordValues(
            row,
            [
                {
                    "amount_new": 100,
                    "amount_collected": 0,
                    "amount_credited": 40,
                    "amount_bad_debt": 0,
                    "amount_closing": 60,
                }
            ],
        )

    def test_bad_debt_comes_from_whoever_keeps_it(self):
        """The hook names the entries that give up; without it there are none."""
        note = self._create_bill(self.acme, -40)
        self.env["key.account.allocation"].create(
            {
                "credit_id": note.id,
                "bill_id": self.bill.id,
                "amount": 40,
                "date": "2026-02-20",
            }
        )
        moves = self.env.registry["key.account.arrears.move"]
        self.patch(moves, "_get_bad_debt_condition", lambda self: SQL("TRUE"))
        row = self._rows(FEBRUARY).filtered(lambda one: one.bill_id == self.bill)
        self.assertRecordValues(
            row, [{"amount_credited": 0, "amount_bad_debt": 40, "recovery": 0}]
        )

    def test_changes_add_up_to_the_arrears_of_any_day(self):
        """Whatever is billed, paid, paid too much and taken back (property)."""
        dice = random.Random(20260301)
        first = date(2026, 1, 31)
        for customer in self.acme | self.far:
            for _number in range(12):
                due = first + timedelta(dice.randint(0, 60))
                bill = self._create_bill(
                    customer, dice.randint(1, 9999) / 100, date_due=due
                )
                for _payment in range(dice.randint(0, 4)):
                    self._pay(
                        bill,
                        dice.choice((1, 1, 1, -1)) * dice.randint(1, 9999) / 100,
                        first + timedelta(dice.randint(0, 100)),
                    )
        moves = self.env["key.account.arrears.move"].with_user(self.director)
        bills = (self.acme | self.far).ids
        for days in range(0, 120, 7):
            day = first + timedelta(days)
            with self.subTest(day=day):
                wanted = {
                    item.bill_id: item.amount_overdue
                    for item in self._items(day)
                    if item.is_overdue
                }
                found = {
                    bill: round(amount, 2)
                    for bill, amount in moves._read_group(
                        [("partner_id", "in", bills), ("date", "<=", day)],
                        ["bill_id"],
                        ["amount:sum"],
                    )
                    if round(amount, 2)
                }
                self.assertEqual(found, wanted)
        for context in (FEBRUARY, MARCH):
            for row in self._rows(context):
                self.assertAlmostEqual(
                    row.amount_opening
                    + row.amount_new
                    - row.amount_collected
                    - row.amount_credited
                    - row.amount_bad_debt,
                    row.amount_closing,
                )

    def test_the_catalogue_says_the_same_as_the_report(self):
        other = self._create_bill(self.far, 300, self.express)
        self._pay(self.bill, 25, "2026-02-20")
        self._pay(other, 60, "2026-03-21")
        for context in (FEBRUARY, MARCH):
            first, last = context.values()
            indicators = self.env["key.account.indicator"].with_user(self.director)
            within = self.acme | self.far
            pairs = {
                "arrears_new": "amount_new:sum",
                "arrears_collected": "amount_collected:sum",
                "arrears_at_end": "amount_closing:sum",
                "arrears_recovery": "recovery:avg",
            }
            for code, aggregate in pairs.items():
                one = indicators._find(code)
                value = one._measure(first, last, within=within)[one].get(False, 0)
                [wanted] = self._totals(context, aggregate)
                self.assertAlmostEqual(value, wanted, msg=code)

    def test_days_outstanding_and_promises_in_the_catalogue(self):
        self._pay(self.bill, 25, "2026-02-20")
        with freeze_time("2026-03-01 04:00:00"):
            self._promise(self.manager, 50, "2026-03-10")
        indicators = self.env["key.account.indicator"].with_user(self.director)

        def measure(code, first, last):
            one = indicators._find(code)
            return one._measure(first, last, by="manager", within=self.acme)[one]

        self.assertEqual(
            measure("days_outstanding", "2026-01-01", "2026-02-28"),
            {self.manager.id: 75 * 59 / 100},
        )
        for code, value in (("broken_promises", 1), ("broken_promise_rate", 100)):
            self.assertEqual(
                measure(code, "2026-03-01", "2026-03-31"), {self.manager.id: value}
            )
        self.assertEqual(measure("bad_debt", "2026-01-01", "2026-03-31").get(1, 0), 0)

    def test_each_reads_his_own(self):
        self._create_bill(self.far, 300, self.express)
        for user, partners in (
            (self.manager, self.acme),
            (self.head_b, self.far),
            (self.office, self.acme | self.far),
        ):
            self.assertEqual(self._rows(FEBRUARY, user).partner_id, partners)
            moves = self.env["key.account.arrears.move"].with_user(user)
            found = moves.search([("partner_id", "in", (self.acme | self.far).ids)])
            self.assertEqual(found.partner_id, partners)

    def test_the_period_is_asked_for(self):
        ask = Form(self.env["key.account.recovery.ask"].with_user(self.head))
        days = {
            "month": ("2026-06-01", "2026-06-30"),
            "last_month": ("2026-05-01", "2026-05-31"),
            "quarter": ("2026-04-01", "2026-06-30"),
            "last_quarter": ("2026-01-01", "2026-03-31"),
            "year": ("2026-01-01", "2026-06-30"),
            "last_year": ("2025-01-01", "2025-12-31"),
        }
        for period, wanted in days.items():
            ask.period = period
            self.assertEqual((str(ask.date_from), str(ask.date_to)), wanted)
        action = ask.save().action_open()
        self.assertEqual(action["context"]["key_account_recovery_from"], "2025-01-01")
        with self.assertRaisesRegex(UserError, "is not a day"):
            self._rows({"key_account_recovery_to": "tomorrow"})
