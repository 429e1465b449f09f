# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .grade_common import GradeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestGradeRule(GradeCommon):
    """What a rule may say, and what its criteria measure (GRD-03 to GRD-05, GRD-14)."""

    def _problems(self, *args, **vals):
        return " ".join(map(str, self._create_rule(*args, **vals)._rule_problems()))

    def test_a_sound_rule_has_no_problem(self):
        self.assertEqual(self._problems(), "")

    def test_bounds_that_overlap_or_leave_a_gap(self):
        for bounds, message in (
            ({"T-C": (100, 600), "T-B": (500, 0)}, "overlap"),
            ({"T-C": (100, 400), "T-B": (500, 0)}, "there is a gap"),
            ({"T-C": (100, 0), "T-B": (500, 0)}, "has no upper bound"),
            ({"T-C": (500, 0), "T-B": (100, 500)}, "does not lie above"),
            ({"T-C": (100, 100)}, "does not lie above"),
        ):
            with self.subTest(bounds=bounds):
                thresholds = self._prepare_thresholds(bounds=bounds)
                self.assertIn(message, self._problems(thresholds=thresholds))

    def test_what_refers_to_nothing(self):
        thresholds = self._prepare_thresholds()
        thresholds[0]["criterion"] = "profit"
        self.assertIn(
            "names the criterion profit", self._problems(thresholds=thresholds)
        )
        self.grades["T-C"].active = False
        self.assertIn("T-C is archived", self._problems())
        self.grades["T-C"].active = True
        self.grades["T-C"].is_group = False
        self.assertIn("no grade for customers of this kind", self._problems())

    def test_an_empty_rule_and_an_empty_criterion(self):
        rule = self._create_rule()
        rule.criterion_ids.unlink()
        self.assertIn("no criterion", " ".join(rule._rule_problems()))
        criteria = [
            self._prepare_criterion(),
            self._prepare_criterion("growth", "growth"),
        ]
        self.assertIn("Growth leads to no grade", self._problems(criteria))

    def test_two_grades_of_one_rank(self):
        self.grades["T-B"].rank = 4
        self.assertIn("the same rank 4", self._problems())

    def test_all_others_get_the_lowest_grade(self):
        thresholds = self._prepare_thresholds(bounds={"T-C": (100, 0)}, rest="T-B")
        self.assertIn("not the lowest", self._problems(thresholds=thresholds))

    def test_shares_grow_from_the_top(self):
        criteria = [self._prepare_criterion("rank", "rank")]
        for shares, message in (
            ({"T-A": 20, "T-B": 20}, "shares are counted from the top"),
            ({"T-A": 0, "T-B": 20}, "above 0"),
        ):
            thresholds = self._prepare_shares(shares)
            self.assertIn(message, self._problems(criteria, thresholds))
        self.assertEqual(
            self._problems(criteria, self._prepare_shares({"T-A": 5, "T-B": 20})), ""
        )

    def test_levels_fit_their_criterion(self):
        criteria = [self._prepare_criterion("member", "member")]
        grade_id = self.grades["T-A"].id
        for level, message in (
            ("relation_4", "choose a level that fits"),
            (False, "choose a level that fits"),
        ):
            rows = [{"criterion": "member", "grade_id": grade_id, "level": level}]
            self.assertIn(message, self._problems(criteria, rows))

    def test_weights_make_a_hundred(self):
        criteria = [self._prepare_criterion("value_score", "score")]
        thresholds = self._prepare_thresholds("score", {"T-A": (50, 0)})
        part = {"criterion": "score", "measure": "staff", "full": 100}
        self.assertIn(
            "add up to 99.0 instead of 100",
            self._problems(criteria, thresholds, [{**part, "weight": 99}]),
        )
        self.assertEqual(
            self._problems(criteria, thresholds, [{**part, "weight": 100}]), ""
        )

    def test_tenure_is_written_as_years_and_points(self):
        with self.assertRaisesRegex(ValidationError, "years:points"):
            self._create_rule(
                [self._prepare_criterion("growth", "growth", tenure_steps="3-200")]
            )

    def _measure(self, customer, day, criterion, thresholds, components=(), **vals):
        """The figure of a customer by a criterion of its own."""
        rule = self._create_rule([criterion], thresholds, components, **vals)
        self._put_in_force(rule)
        self.env.flush_all()
        row = rule._measure(customer, day)
        return row["value_0"]

    def test_average_and_total_gross_and_net_of_one_line(self):
        customer = self._create_customer("Revenue", self.manager)
        self._bill_months(customer, [100, 200, 300])
        self._bill_months(customer, [50, 60, 70], self.letter)
        self._bill_months(customer, [-30], start=2)
        day = date(2025, 4, 5)
        for vals, wanted in (
            ({"months": 3, "measure": "total"}, 750),
            ({"months": 3, "measure": "average"}, 250),
            ({"months": 6, "measure": "average"}, 125),
            ({"months": 1, "measure": "total"}, 370),
            ({"months": 3, "measure": "total", "is_gross": True}, 780),
            ({"months": 3, "measure": "total", "line_id": self.letter.id}, 180),
            ({"months": 2, "measure": "total", "basis": "date"}, 600),
            ({"days": 6, "measure": "total", "basis": "date"}, 370),
            ({"basis": "year", "measure": "total"}, None),
        ):
            with self.subTest(**vals):
                with self.env.cr.savepoint() as savepoint:
                    found = self._measure(
                        customer,
                        day,
                        self._prepare_criterion(**vals),
                        self._prepare_thresholds(),
                    )
                    self.assertEqual(found and float(found), wanted)
                    savepoint.rollback()

    def test_a_window_of_days_excludes_its_first_day(self):
        """2025-02-28 (excluded) to 2025-03-31 (included)."""
        customer = self._create_customer("Days", self.manager)
        self._bill_months(customer, [0, 100, 200])
        found = self._measure(
            customer,
            date(2025, 3, 31),
            self._prepare_criterion(basis="date", days=31),
            self._prepare_thresholds(),
        )
        self.assertEqual(found, 200)

    def test_growth_value(self):
        """Spent last year, tenure, suspensions because of arrears (P21)."""
        arrears = self.env.ref("key_account_crm.key_account_term_move_arrears")
        customer = self._create_customer(
            "Growth", self.manager, key_account_date_from="2022-12-01"
        )
        self._bill_months(customer, [1000] * 12)
        for _time in range(2):
            self.env["key.account.state.move"].create(
                {
                    "partner_id": customer.id,
                    "state_from": "active",
                    "state_to": "suspended",
                    "reason_id": arrears.id,
                }
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_state_move SET date = '2025-05-01' "
            "WHERE partner_id = %s AND state_to = 'suspended'",
            [customer.id],
        )
        criterion = self._prepare_criterion("growth", "growth", basis="year")
        thresholds = self._prepare_thresholds("growth", {"T-A": (10000, 0)}, None)
        found = self._measure(customer, date(2026, 2, 1), criterion, thresholds)
        self.assertEqual(found, 12000 + 200 - 2 * 100)

    def test_growth_takes_part_after_a_year(self):
        customer = self._create_customer(
            "Young", self.manager, key_account_date_from="2025-03-01"
        )
        self._bill_months(customer, [0, 0, 1000])
        criterion = self._prepare_criterion("growth", "growth", basis="year")
        thresholds = self._prepare_thresholds("growth", {"T-A": (100, 0)})
        found = self._measure(customer, date(2026, 2, 1), criterion, thresholds)
        self.assertIsNone(found)
        self._run(13)
        self.assertFalse(customer.key_account_grade_id)

    def test_value_score(self):
        """Revenue, attributes, influence: each part up to its weight (C6)."""
        customer = self._create_customer(
            "Score",
            self.manager,
            key_account_staff_count=50,
            key_account_is_unified=True,
            key_account_tax_rank=3,
            key_account_influence=20,
        )
        member = self._create_customer("Member", self.manager_b)
        for vals in ({"member_id": member.id}, {"date_to": "2025-06-30"}):
            self.env["key.account.member"].create(
                {
                    "partner_id": customer.id,
                    "name": "M",
                    "date_from": "2024-01-01",
                    **vals,
                }
            )
        self._bill_months(customer, [300])
        self._bill_months(member, [250])
        parts = [
            ("members", 35, 1000, 8.75),
            ("own", 15, 600, 7.5),
            ("unified", 10, 300, 10),
            ("staff", 20, 100, 10),
            ("tax_rank", 4, 4, 2),
            ("influence", 6, 10, 6),
            ("member_churn", 10, 100, 0),
        ]
        components = [
            {"criterion": "score", "measure": measure, "weight": weight, "full": full}
            for measure, weight, full, _points in parts
        ]
        found = self._measure(
            customer,
            date(2025, 12, 31),
            self._prepare_criterion("value_score", "score", basis="date", months=12),
            self._prepare_thresholds("score", {"T-A": (60, 0)}),
            components,
        )
        self.assertEqual(float(found), sum(part[3] for part in parts))

    def test_ties_go_to_the_lower_customer_code(self):
        """Places rounded down; equal revenue in the order of the codes."""
        self._use_rule(
            [
                self._prepare_criterion(
                    "rank", "rank", basis="date", population="billed"
                )
            ],
            self._prepare_shares({"T-A": 20, "T-B": 50}),
        )
        amounts = {"09": 500, "10": 100, "02": 100, "1": 100, "3": 50, "4": 10, "5": 5}
        customers = {
            code: self._create_customer(
                f"Tie {code}", self.manager, key_account_code=f"T-TIE-{code}"
            )
            for code in amounts
        }
        self._create_customer("Never billed", self.manager)
        for code, customer in customers.items():
            self._bill_months(customer, [amounts[code]])
        self._run(1, date="2025-01-31")
        found = {code: self._grade_of(c) for code, c in customers.items()}
        self.assertEqual(
            found,
            {"09": "T-A", "02": "T-B", "1": "T-B"}
            | dict.fromkeys(("10", "3", "4", "5"), "T-D"),
        )

    def test_revenue_in_another_currency_is_converted(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [(0, 0, {"name": "2024-01-01", "rate": 2.0})],
            }
        )
        customer = self._create_customer("Abroad", self.manager)
        self._create_bill(customer, 1000, currency_id=currency.id)
        self._create_bill(customer, 100)
        found = self._measure(
            customer,
            date(2026, 2, 1),
            self._prepare_criterion(),
            self._prepare_thresholds(),
        )
        self.assertEqual(float(found), 600)

    def test_dry_run_shows_whom_a_draft_would_move(self):
        """GRD-17: nothing but what would move, and nothing is written."""
        self._use_rule()
        customers = {
            amount: self._create_customer(f"Dry {amount}", self.manager)
            for amount in (50, 150, 600)
        }
        for amount, customer in customers.items():
            self._bill_months(customer, [amount] * 2)
        self._run(1)
        draft = self._create_rule(
            thresholds=self._prepare_thresholds(
                bounds={"T-C": (40, 400), "T-B": (400, 550), "T-A": (550, 0)}
            ),
            date_from="2025-03-01",
        )
        self.env.flush_all()
        rows = self.env.execute_query_dict(draft._get_trial_query(date(2025, 3, 5)))
        self.assertLessEqual(
            {c.id for c in customers.values()}, {row["partner_id"] for row in rows}
        )
        found = {
            row["partner_id"]: row for row in rows if row["before"] != row["after"]
        }
        self.assertEqual(set(found), {customers[50].id, customers[600].id})
        row = found[customers[600].id]
        self.assertEqual(
            (row["before"], row["after"], row["direction"]), ("T-B", "T-A", "up")
        )
        self.assertEqual((row["amount_before"], row["amount_after"]), (600, 600))
        self.assertEqual(self._grade_of(customers[600]), "T-B")
