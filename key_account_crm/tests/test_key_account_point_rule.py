# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .point_common import PointCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountPointRule(PointCommon):
    """Rules of points as data: what is refused and tried (RULE-04, PTS-08)."""

    def _draft(self, bands=(), **vals):
        return self.env["key.account.point.rule"].create(
            {
                "name": "Draft",
                "date_from": "2026-04-01",
                "band_ids": [(0, 0, band) for band in bands],
                **vals,
            }
        )

    def test_what_is_wrong_is_said_and_refused(self):
        tenure = {"kind": "tenure", "value_from": 12, "percent": 10}
        for bands, vals, message in (
            ([tenure, tenure], {}, "two bands begin at 12"),
            ([{"kind": "data", "value_from": 1, "points": 3}], {}, "data service line"),
            ([tenure], {"rate": 0}, "give a rate"),
            (
                [],
                {
                    "excluded_line_ids": [(6, 0, self.data.ids)],
                    "data_line_ids": [(6, 0, self.data.ids)],
                },
                "line without points",
            ),
            (
                [],
                {"multiplier_ids": [(0, 0, {"grade_code": "G"})] * 2},
                "two multipliers",
            ),
        ):
            with self.subTest(message=message):
                rule = self._draft(bands, **vals)
                self.assertIn(message, rule.problems)
                with self.assertRaisesRegex(UserError, message):
                    rule.with_user(self.director).action_propose()

    def test_bands_take_over_from_each_other(self):
        """Any month has exactly one band: the highest that begins by then."""
        self._retire_rules()
        self._create_rule(
            [
                {"kind": "tenure", "value_from": 0, "percent": 1},
                {"kind": "tenure", "value_from": 12, "percent": 10, "points": 7},
            ]
        )
        for since, points in (("2026-01-20", 10), ("2025-02-01", 107)):
            customer = self._create_customer(
                since, self.manager, key_account_date_from=since
            )
            self._bill_month(customer, 1, 1000)
            self._run_month(1)
            self.assertEqual(self._earned(customer)["tenure"], points)

    def test_a_version_that_points_rest_on_stays(self):
        customer = self._create_customer("Acme", self.manager)
        self._bill_month(customer, 2, 100)
        self._run_month(2)
        rule = self._draft(date_from="2026-02-28")
        self.assertIn("A decision of", rule.problems)
        rule.date_from = "2026-03-01"
        self.assertFalse(rule.problems)
        with self.assertRaises(UserError):
            self.rule.band_ids[0].percent = 99
        with self.assertRaises(UserError):
            self.rule.unlink()

    def test_another_person_approves(self):
        rule = self._draft().with_user(self.director)
        rule.action_propose()
        with self.assertRaises(AccessError):
            rule.action_approve()
        with self.assertRaises(AccessError):
            rule.with_user(self.company).action_approve()
        second = self._create_user("ka_centre_2", "centre", self.centre)
        rule.with_user(second).action_approve()
        self.assertEqual(rule.state, "approved")
        self.assertEqual(str(self.rule.date_to), "2026-03-31")

    def test_a_unit_may_have_its_own(self):
        """The pots of the unit's customers are computed by it, all others centrally."""
        override = self._draft(
            [], date_from="2026-01-01", unit_id=self.parcel.id, rate=3
        )
        override._write_decision({"state": "approved", "version": 1})
        here = self._create_customer("Here", self.manager)
        there = self._create_customer("There", self.manager_b)
        for customer in (here, there):
            self._bill_month(customer, 1, 100)
        self._run_month(1)
        self.assertEqual(self._earned(here), {"consumption": 100})
        self.assertEqual(self._earned(there), {"consumption": 300})

    def test_a_dry_run_says_who_would_have_more(self):
        """Points of the last month billed, now and by the draft; nothing is written."""
        more = self._create_customer("More", self.manager)
        same = self._create_customer("Same", self.manager)
        self._bill_month(more, 2, 100)
        self._bill_month(same, 2, 50, paid=0)
        draft = self._draft(rate=2)
        before = self.entries.search_count([])
        query = draft._get_trial_query(self.env.cr.now().date())
        rows = {row[0]: row[2:] for row in self.env.execute_query(query)}
        self.assertEqual(rows[more.id], ("100", "200", 100, 200, "up"))
        self.assertNotIn(same.id, rows)
        self.assertEqual(self.entries.search_count([]), before)

    def test_value_points_of_a_year(self):
        """As the rule says: consumption, tenure, credit and data, not rewards."""
        customer = self._create_customer("Acme", self.manager)
        for month in ("2025-11", "2025-12", "2026-01"):
            self._bill_month(customer, month, 100)
            self._run_month(month)
        self._give(customer, 1000, 2025, period="2025-12-01")
        query = self.env["key.account.point.rule"]._get_value_points_query(2025)
        points = {row[0]: row[2] for row in self.env.execute_query(query)}
        self.assertEqual(points[customer.id], 200)
