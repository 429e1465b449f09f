# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestLateFee(ArrearsCommon):
    """The fee is simple interest on what was open each day (ARR-12, domain 2.7)."""

    def _fee(self, day):
        return self._items(day).amount_late_fee

    def _in_force(self, **vals):
        """A new version of the rule, in force from 2026 on."""
        rule = self.env["key.account.late.fee.rule"].create(
            {"name": "Fee", "date_from": "2026-01-01", **vals}
        )
        rule.action_approve()
        return rule

    def test_three_per_mille_a_day(self):
        for day, fee in (("2026-02-15", 0), ("2026-02-16", 0.3), ("2026-02-25", 3)):
            self.assertEqual(self._fee(day), fee)

    def test_it_is_the_sum_of_the_days(self):
        """Against a plain sum over the days, with payments between and one taken
        back."""
        self._in_force(rate=2.5, free_days=5, cap_percent=0)
        payments = {"2026-02-10": 7, "2026-02-18": 11, "2026-03-01": 30}
        payments |= {"2026-03-09": -30, "2026-04-01": 12.34}
        for day, amount in payments.items():
            self._pay(self.bill, amount, day)
        first = Date.add(self.bill.date_due, days=5)
        for number in (1, 5, 6, 7, 20, 40, 90):
            last = Date.add(self.bill.date_due, days=number)
            days = [first + timedelta(n) for n in range(1, (last - first).days + 1)]
            debt = sum(
                100 - sum(v for d, v in payments.items() if Date.to_date(d) <= day)
                for day in days
            )
            with self.subTest(day=last):
                self.assertAlmostEqual(self._fee(last), round(debt * 0.0025, 2), 2)

    def test_disputed_amounts_bear_none(self):
        self.env["key.account.dispute"].create(
            {
                "bill_id": self.bill.id,
                "amount": 40,
                "date": "2026-03-01",
                "reason": "No",
            }
        )
        self.assertEqual(self._fee("2026-02-25"), 3)
        self.assertAlmostEqual(self._fee("2026-03-07"), 60 * 0.003 * 20, 2)

    def test_it_has_an_end(self):
        self._in_force(rate=3, cap_percent=10)
        self.assertEqual(self._fee("2026-02-25"), 3)
        self.assertEqual(self._fee("2026-06-30"), 10)

    def test_a_unit_has_its_own_within_the_tree(self):
        limit = {"path": "rate", "kind": "percent", "percent": 50}
        self._in_force(limit_ids=[(0, 0, limit)])
        rule = self.env["key.account.late.fee.rule"].create(
            {
                "name": "Post",
                "unit_id": self.post.id,
                "date_from": "2026-01-01",
                "rate": 1.5,
            }
        )
        rule.action_approve()
        other = self._create_bill(self.far, 100)
        items = self._items("2026-02-25")
        fees = {item.bill_id: item.amount_late_fee for item in items}
        self.assertEqual(fees, {self.bill: 1.5, other: 3})

    def test_the_version_of_the_day_counts(self):
        self.env["key.account.late.fee.rule"].create(
            {"name": "Cheaper", "date_from": "2026-03-01", "rate": 1}
        ).action_approve()
        self.assertEqual(self._fee("2026-02-25"), 3)
        self.assertEqual(self._fee("2026-03-01"), 1.4)

    def test_a_rate_in_percent_is_noticed(self):
        rule = self.env["key.account.late.fee.rule"].create({"name": "X", "rate": 300})
        with self.assertRaisesRegex(UserError, "per mille"):
            rule.action_propose()
