# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .grade_common import GradeCommon

COUNTS = ("examined_count", "new_count", "up_count", "down_count", "proposed_count")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestGradeRun(GradeCommon):
    """Who gets which grade, and when (GRD-02, GRD-07, GRD-09, GRD-13, GRD-15)."""

    def test_bounds_belong_to_the_higher_grade(self):
        """Lower bound included, upper bound not (P19)."""
        self._use_rule()
        for amount, grade in (
            (1000, "T-A"),
            (999.99, "T-B"),
            (500, "T-B"),
            (499.99, "T-C"),
            (100, "T-C"),
            (99.99, "T-D"),
            (0, "T-D"),
            (-50, "T-D"),
        ):
            with self.subTest(amount=amount):
                customer = self._create_customer(f"Bound {amount}", self.manager)
                self._bill_months(customer, [amount])
                self._run()
                self.assertEqual(self._grade_of(customer), grade)

    def test_first_grade_at_once_then_up_after_periods_in_a_row(self):
        """Two months in a row; a month between begins anew."""
        self._use_rule()
        for amounts, grades in (
            ([100, 500, 500, 500], "CCBB"),
            ([100, 500, 100, 500, 500], "CCCCB"),
            # the lowest grade met in every month, then further up
            ([100, 500, 1000, 1000], "CCBA"),
            ([100, 1000, 500, 500], "CCBB"),
        ):
            with self.subTest(amounts=amounts):
                customer = self._create_customer(f"Up {amounts}", self.manager)
                with self.env.cr.savepoint() as savepoint:
                    self.assertEqual(self._tell_story(customer, amounts), grades)
                    savepoint.rollback()

    def test_down_only_after_a_grace(self):
        """Three months below; the highest grade met in all of them holds."""
        self._use_rule()
        for amounts, grades in (
            ([1000, 500, 500, 500], "AAAB"),
            ([1000, 500, 500, 1000, 500, 500, 500], "AAAAAAB"),
            ([1000, 100, 500, 100], "AAAB"),
            ([1000, 0, 0, 0], "AAAD"),
        ):
            with self.subTest(amounts=amounts):
                customer = self._create_customer(f"Down {amounts}", self.manager)
                with self.env.cr.savepoint() as savepoint:
                    self.assertEqual(self._tell_story(customer, amounts), grades)
                    savepoint.rollback()

    def test_a_month_that_was_not_graded_ends_the_row(self):
        self._use_rule()
        customer = self._create_customer("Gap", self.manager)
        self._bill_months(customer, [100, 500, 500, 500, 500])
        for place, grade in ((1, "T-C"), (2, "T-C"), (4, "T-C"), (5, "T-B")):
            self._run(place)
            self.assertEqual(self._grade_of(customer), grade, place)

    def test_the_same_month_again_changes_nothing(self):
        """Repeated as it is, also where a row of months is under way."""
        self._use_rule()
        customers = [self._create_customer(f"Again {n}", self.manager) for n in "abc"]
        for customer, amounts in zip(
            customers, ([100, 500], [1000, 100], [500, 500]), strict=True
        ):
            self._bill_months(customer, amounts)
        self._run(1)
        self._run(2)
        before = self._read_standing()
        moves = self.env["key.account.grade.move"].search_count([])
        again = self._run(2)
        self.assertEqual(self._read_standing(), before)
        self.assertEqual(self.env["key.account.grade.move"].search_count([]), moves)
        self.assertRecordValues(
            again, [{"new_count": 0, "up_count": 0, "down_count": 0}]
        )

    def _read_standing(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT md5(string_agg(s::text, '|' ORDER BY id)) "
            "FROM key_account_standing AS s"
        )
        return self.env.cr.fetchone()

    def test_the_same_month_again_after_a_correction(self):
        """Late bills: the month is counted once, as it is now."""
        self._use_rule()
        customer = self._create_customer("Late", self.manager)
        self._bill_months(customer, [100, 500])
        self._run(1)
        self._run(2)
        self.assertEqual(customer.key_account_grade_streak, 1)
        self._bill_months(customer, [-400], start=2)
        self._run(2)
        self.assertEqual(customer.key_account_grade_streak, 0)
        self._bill_months(customer, [400, 600], start=2)
        self._run(2)
        self.assertEqual(customer.key_account_grade_streak, 1)
        self._run(3)
        self.assertEqual(self._grade_of(customer), "T-B")

    def test_an_earlier_month_is_refused(self):
        self._use_rule()
        self._create_customer("Order", self.manager)
        self._run(3)
        with self.assertRaisesRegex(UserError, "2025-03 has been graded already"):
            self._run(2)

    def test_every_move_keeps_its_ground(self):
        """From, to, trigger, version, figures, operator, dates (GRD-16)."""
        rule = self._use_rule()
        customer = self._create_customer("Kept", self.manager)
        self._tell_story(customer, [100, 500, 500])
        moves = customer.key_account_grade_move_ids.sorted("id")
        self.assertRecordValues(
            moves,
            [
                {
                    "grade_from_id": False,
                    "grade_to_id": self.grades["T-C"].id,
                    "direction": "new",
                    "trigger": "run",
                    "cause": "revenue",
                    "streak": 1,
                    "rule_id": rule.id,
                    "state": "applied",
                    "date_effective": date(2025, 2, 5),
                    "date_expiry": date(2026, 1, 31),
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                },
                {
                    "grade_from_id": self.grades["T-C"].id,
                    "grade_to_id": self.grades["T-B"].id,
                    "direction": "up",
                    "trigger": "run",
                    "cause": "revenue",
                    "streak": 2,
                    "rule_id": rule.id,
                    "state": "applied",
                    "date_effective": date(2025, 4, 5),
                    "date_expiry": date(2026, 3, 31),
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                },
            ],
        )
        self.assertEqual(moves[1].sudo().figures["revenue"]["value"], 500)
        self.assertTrue(moves[1].run_id.batch_id)

    def test_counts_of_the_run_and_its_batch(self):
        self._use_rule()
        customers = [self._create_customer(f"Count {n}", self.manager) for n in "ab"]
        self._bill_months(customers[0], [100, 500, 500])
        self._bill_months(customers[1], [1000, 1000, 1000])
        first = self._run(1, unit_id=self.post_1.id, scope="unit")
        self.assertRecordValues(
            first, [dict(zip(COUNTS, (2, 2, 0, 0, 0), strict=True)) | {"state": "done"}]
        )
        self._run(2, unit_id=self.post_1.id, scope="unit")
        third = self._run(3, unit_id=self.post_1.id, scope="unit")
        self.assertRecordValues(
            third, [dict(zip(COUNTS, (2, 0, 1, 0, 0), strict=True))]
        )
        self.assertRecordValues(
            third.batch_id,
            [
                {
                    "state": "done",
                    "row_count": 2,
                    "created_count": 0,
                    "changed_count": 1,
                    "unchanged_count": 1,
                    "progress": 100,
                }
            ],
        )

    def test_who_is_not_in_service_is_not_graded(self):
        """Potential and churned customers; another kind of customers."""
        self._use_rule()
        potential = self._create_customer(
            "P", self.manager, key_account_state="potential"
        )
        person = self._create_customer("I", self.manager, key_account_kind="individual")
        gone = self._create_customer("G", self.manager)
        self._bill_months(gone, [1000])
        gone._key_account_move("churned", reason="left")
        self._run(1, kind="group")
        for customer in (potential, person, gone):
            self.assertFalse(customer.key_account_grade_id, customer.name)

    def test_leaving_ends_the_grade_and_returning_begins_anew(self):
        """GRD-16: the history stays; a run gives the grade again, at once."""
        self._use_rule()
        customer = self._create_customer("Leaver", self.manager)
        self._bill_months(customer, [1000, 1000])
        self._run(1)
        customer._key_account_move("churned", reason="left")
        self.assertFalse(customer.key_account_grade_id)
        self.assertEqual(
            customer.key_account_grade_move_ids.mapped("trigger"), ["churn", "run"]
        )
        customer._key_account_move("won_back", reason="back")
        self.assertFalse(customer.key_account_grade_id)
        self._run(2)
        self.assertEqual(self._grade_of(customer), "T-A")

    def test_protection_holds_until_its_end(self):
        """Not below B until the day: then the grace has long passed."""
        self._use_rule()
        customer = self._create_customer("Protected", self.manager)
        self._bill_months(customer, [500, 100, 100, 100, 100, 100])
        self._run(1)
        standing = customer.key_account_standing_ids
        standing.grade_floor_id = self.grades["T-B"]
        standing.grade_floor_until = date(2025, 4, 30)
        for place in (2, 3):
            self._run(place)
            self.assertEqual(customer.key_account_grade_streak, 0)
        for place, grade in ((4, "T-B"), (5, "T-B"), (6, "T-C")):
            self._run(place)
            self.assertEqual(self._grade_of(customer), grade)

    def test_down_at_the_end_of_the_membership_only(self):
        """The yearly re-check, or the end of the twelve months, decides (GRD-09)."""
        self._use_rule(is_down_yearly=True, down_periods=1)
        customer = self._create_customer("Yearly", self.manager)
        grades = self._tell_story(customer, [1000] + [100] * 13)
        self.assertEqual(grades, "A" * 12 + "CC")
        self.assertEqual(customer.key_account_grade_valid_to, date(2027, 1, 31))

    def test_membership_is_renewed_when_it_ends(self):
        self._use_rule()
        customer = self._create_customer("Renewed", self.manager)
        self._tell_story(customer, [1000] * 13)
        self.assertRecordValues(
            customer.key_account_grade_move_ids,
            [
                {"direction": "same", "date_expiry": date(2027, 1, 31)},
                {"direction": "new", "date_expiry": date(2026, 1, 31)},
            ],
        )

    def test_recheck_decides_without_grace_and_renews(self):
        self._use_rule()
        low = self._create_customer("Low", self.manager)
        high = self._create_customer("High", self.manager)
        self._bill_months(low, [1000, 100])
        self._bill_months(high, [1000, 1000])
        self._run(1)
        run = self._run(2, is_recheck=True)
        self.assertEqual(self._grade_of(low), "T-C")
        self.assertRecordValues(
            run,
            [
                {
                    "down_count": 1,
                    "renewed_count": 1,
                    "examined_count": run.examined_count,
                }
            ],
        )
        self.assertEqual(high.key_account_grade_valid_to, date(2026, 2, 28))
        self.assertEqual(self._run(2, is_recheck=True).renewed_count, 0)

    def test_arrears_lower_the_grade_at_once_while_they_last(self):
        """More than thirty days past due: one grade; default off."""
        self._use_rule(arrears_days=30)
        customer = self._create_customer("Late", self.manager)
        self._bill_months(customer, [1000, 1000, 1000, 1000, 1000, 1000])
        bills = self.env["key.account.bill"].search(
            [("partner_id", "=", customer.id)], order="period"
        )
        self._run(1)
        self._run(2)
        self.assertEqual(self._grade_of(customer), "T-A")  # due 15 Feb, day 5 Mar
        self._run(3)
        self.assertEqual(self._grade_of(customer), "T-B")  # 49 days on 5 Apr
        self.assertEqual(customer.key_account_grade_move_ids[0].cause, "arrears")
        for bill in bills:
            self._pay(bill, 1000, date_payment=date(2025, 4, 20))
        self._run(4)
        self._run(5)
        self.assertEqual(self._grade_of(customer), "T-A")

    def test_a_run_reads_arrears_as_of_its_day(self):
        """Paid later is open then."""
        self._use_rule(arrears_days=30)
        customer = self._create_customer("Then", self.manager)
        self._bill_months(customer, [1000])
        bill = self.env["key.account.bill"].search([("partner_id", "=", customer.id)])
        self._pay(bill, 1000, date_payment=date(2025, 8, 1))
        self._run(1, date=date(2025, 4, 1))
        self.assertEqual(self._grade_of(customer), "T-B")

    def test_the_highest_applicable_grade_wins(self):
        """Revenue says D, the member's level C, the relation B (GRD-13)."""
        rows = [("member", "member_1", "T-C"), ("relation", "relation_4", "T-B")]
        self._use_rule(
            [
                self._prepare_criterion(),
                self._prepare_criterion("member", "member", sequence=20),
                self._prepare_criterion("relation", "relation", sequence=30),
            ],
            self._prepare_thresholds()
            + [
                {
                    "criterion": criterion,
                    "level": level,
                    "grade_id": self.grades[grade].id,
                }
                for criterion, level, grade in rows
            ],
        )
        group = self._create_customer("Group", self.manager)
        plain = self._create_customer("Plain", self.manager)
        member = self._create_customer("Member", self.manager)
        friend = self._create_customer("Friend", self.manager, key_account_relation="4")
        for customer, importance in ((member, "1"), (friend, "1"), (plain, "3")):
            self.env["key.account.member"].create(
                {
                    "partner_id": group.id,
                    "name": customer.name,
                    "member_id": customer.id,
                    "importance": importance,
                    "date_from": "2024-01-01",
                }
            )
        self._run()
        found = [self._grade_of(customer) for customer in (plain, member, friend)]
        self.assertEqual(found, ["T-D", "T-C", "T-B"])
        causes = [c.key_account_grade_move_ids.cause for c in (plain, member, friend)]
        self.assertEqual(causes, ["revenue", "member", "relation"])

    def test_a_unit_override_grades_its_own_customers(self):
        """RULE-04: the nearest version up the tree, inside the limits of the centre."""
        self._use_rule(
            limit_ids=[
                (
                    0,
                    0,
                    {"path": f"threshold_ids.{name}", "kind": "percent", "percent": 20},
                )
                for name in ("lower", "upper")
            ]
        )
        bounds = {"T-C": (80, 500), "T-B": (500, 1000), "T-A": (1000, 0)}
        low = self._prepare_thresholds(bounds=bounds)
        self._use_rule(thresholds=low, unit_id=self.parcel.id)
        bounds["T-C"] = (79, 500)
        too_low = self._create_rule(
            thresholds=self._prepare_thresholds(bounds=bounds), unit_id=self.post.id
        )
        with self.assertRaisesRegex(UserError, "79, allowed are 80 to 120"):
            too_low.action_propose()
        here = self._create_customer("Here", self.manager)
        there = self._create_customer("There", self.manager_b)
        for customer in (here, there):
            self._bill_months(customer, [90])
        self._run()
        self.assertEqual([self._grade_of(c) for c in (here, there)], ["T-D", "T-C"])

    def test_without_a_rule_nobody_is_graded(self):
        customer = self._create_customer("Nobody", self.manager)
        run = self._run(1, date="1990-01-01")
        self.assertEqual((run.examined_count, run.state), (0, "done"))
        self.assertFalse(customer.key_account_grade_id)

    def test_company_manager_grades_his_own_units_only(self):
        self._use_rule()
        own = self._create_customer("Own", self.manager)
        other = self._create_customer("Other", self.manager_b)
        for customer in (own, other):
            self._bill_months(customer, [1000])
        with self.assertRaisesRegex(AccessError, "graded by the centre"):
            self._run(1, self.company, unit_id=self.post.id)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                self._run(1, self.company, scope="unit", unit_id=self.parcel.id)
        run = self._run(1, self.company, scope="unit", unit_id=self.post.id)
        self.assertEqual(run.user_id, self.company)
        self.assertEqual([self._grade_of(c) for c in (own, other)], ["T-A", None])

    def test_head_and_manager_start_no_run(self):
        for user in (self.head, self.manager, self.office, self.admin):
            with mute_logger("odoo.addons.base.models.ir_model"):
                with self.assertRaises(AccessError):
                    self._run(
                        1, user, scope="unit", unit_id=user.key_account_unit_id.id
                    )

    def test_a_selection_is_graded_within_all(self):
        """A share is one of all customers, whoever the run is about."""
        self._use_rule(
            [
                self._prepare_criterion(
                    "rank", "rank", basis="date", population="billed"
                )
            ],
            self._prepare_shares({"T-A": 20}),
        )
        customers = [self._create_customer(f"S{n}", self.manager) for n in range(10)]
        for place, customer in enumerate(customers, 1):
            self._bill_months(customer, [place * 10])
        chosen = customers[8] | customers[7]
        self._run(
            1, scope="selection", partner_ids=[(6, 0, chosen.ids)], date="2025-01-31"
        )
        self.assertEqual([self._grade_of(c) for c in chosen], ["T-A", "T-D"])
        self.assertFalse(customers[9].key_account_grade_id)

    def test_cancelled_before_it_began_nothing_changes(self):
        self._use_rule()
        customer = self._create_customer("Cancelled", self.manager)
        run = self.env["key.account.grade.run"].create(
            {"scope": "all", "unit_id": self.centre.id}
        )
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        with self.assertRaisesRegex(UserError, "begun already"):
            run.action_start()
        self.assertFalse(customer.key_account_grade_id)

    def test_the_month_is_graded_once_by_the_clock(self):
        """The monthly action: the month billed last, unless it was graded."""
        self._use_rule()
        customer = self._create_customer("Clock", self.manager)
        self._create_bill(
            customer,
            1000,
            period="2026-05-01",
            date_bill="2026-05-31",
            date_due="2026-06-20",
        )
        runs = self.env["key.account.grade.run"]
        before = runs.search([])
        runs._cron_month()
        runs._cron_month()
        run = runs.search([]) - before
        self.assertEqual((len(run), run.month, run.scope), (1, date(2026, 5, 1), "all"))
        self.assertEqual(self._grade_of(customer), "T-A")

    def test_grades_at_the_end_of_months(self):
        """Design 3.9: kept beside the month's figures; a rebuild gives the same."""
        self._use_rule()
        customer = self._create_customer("Months", self.manager)
        self._tell_story(customer, [100, 500, 500, 500])
        months = self.env["key.account.month"]
        months._refresh_grades()
        mine = months.search([("partner_id", "=", customer.id)], order="month")
        found = [month.grade_id.code for month in mine]
        self.assertEqual(found, [False, "T-C", "T-C", "T-B"])
        self.assertEqual(months._refresh_grades(), 0)
