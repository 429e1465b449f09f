# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountPlan(PlanCommon):
    """Plans, their steps and suggestions (PLAN-01 to PLAN-06, TRK-01)."""

    def test_a_plan_spans_its_period(self):
        """PLAN-03: whichever day is given, it is year, quarter, month or week."""
        plan = self._create_plan()
        for period, day, first, last in (
            ("year", "2026-05-05", "2026-01-01", "2026-12-31"),
            ("quarter", "2026-05-05", "2026-04-01", "2026-06-30"),
            ("month", "2028-02-10", "2028-02-01", "2028-02-29"),
            ("week", "2026-01-01", "2025-12-29", "2026-01-04"),
        ):
            plan.write({"period": period, "date_from": day})
            self.assertEqual((str(plan.date_from), str(plan.date_to)), (first, last))
        self.assertIn("2026 W01", plan.display_name)

    def test_parts_fit_into_the_whole(self):
        """PLAN-06: by organisation with the same period, or shorter of the same."""
        whole = self._create_plan(self.post, period="year", date_from="2026-01-01")
        year = {"period": "year", "date_from": "2026-01-01", "parent_id": whole.id}
        self._create_plan(self.post_1, **year)
        for vals in (
            {"unit": self.parcel_1, **year},
            {"unit": self.post_2, "parent_id": whole.id},
            {"unit": self.post, "parent_id": whole.id},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._create_plan(**vals)
        other = self._create_plan(self.post, period="year", date_from="2027-01-01")
        self._create_plan(self.post, parent_id=other.id, date_from="2027-02-01")
        with self.assertRaisesRegex(ValidationError, "split another way"):
            self._create_plan(
                self.post, parent_id=other.id, period="quarter", date_from="2027-01-01"
            )

    def test_approved_by_another_person_above(self):
        """ORG-09: nobody approves what he submitted, nor his own unit's plan."""
        own = self._create_plan(manager=self.manager, user=self.manager)
        own.action_submit()
        for user in (self.manager, self.colleague, self.head_b, self.finance):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                own.with_user(user).action_approve()
        own.with_user(self.head).action_approve()
        self.assertRecordValues(
            own.sudo(), [{"state": "running", "approver_id": self.head.id}]
        )
        of_unit = self._create_plan(self.post_1, user=self.head)
        of_unit.action_submit()
        with self.assertRaises(AccessError):
            of_unit.with_user(self.head).action_approve()
        of_unit.with_user(self.company).action_approve()
        second = self._create_plan(self.post_1, user=self.head, date_from="2026-04-01")
        second.with_user(self.company).action_submit()
        with self.assertRaisesRegex(AccessError, "yourself"):
            second.with_user(self.company).action_approve()
        second.with_user(self.office).action_approve()
        self.assertEqual(second.sudo().state, "approved", "April has not begun")

    def test_content_stays_once_submitted(self):
        plan = self._create_plan(manager=self.manager, user=self.manager)
        plan.action_submit()
        for write in (
            lambda: plan.write({"name": "Other"}),
            lambda: plan.target_ids.write({"target": 1}),
            lambda: plan.target_ids.unlink(),
            lambda: plan.unlink(),
        ):
            with self.assertRaises(UserError):
                write()
        with self.assertRaises(AccessError):
            plan.write({"state": "approved"})
        plan.with_user(self.head)._return("Too little")
        self.assertEqual(plan.state, "draft")
        plan.target_ids.target = 1200
        self._approve(plan)
        with self.assertRaises(UserError):
            plan.target_ids.target = 1

    def test_set_from_above(self):
        """A manager works on what he was given, but does not make it disappear."""
        plan = self._create_plan(manager=self.manager, user=self.head)
        mine = plan.with_user(self.manager)
        mine.target_ids.remark = "Hard"
        for refused in (
            lambda: mine.unlink(),
            lambda: mine.write({"active": False}),
            lambda: mine.write({"date_from": "2026-04-01"}),
        ):
            with self.assertRaisesRegex(AccessError, "set from above"):
                refused()
        own = self._create_plan(
            manager=self.manager, user=self.manager, date_from="2026-05-01"
        )
        own.unlink()
        plan.with_user(self.company).unlink()

    def test_state_is_not_given(self):
        plan = self._create_plan(
            manager=self.manager,
            user=self.manager,
            state="approved",
            approver_id=self.head.id,
        )
        self.assertRecordValues(plan, [{"state": "draft", "approver_id": False}])

    def test_peers_do_not_see_each_other(self):
        """A superior sees his tree downwards, a manager his own plans only."""
        plan = self._create_plan(manager=self.manager)
        of_unit = self._create_plan(self.post_1)
        plans = plan | of_unit
        for user, wanted in (
            (self.manager, plan),
            (self.colleague, plan.browse()),
            (self.head, plans),
            (self.company, plans),
            (self.head_b, plan.browse()),
            (self.office, plans),
            (self.director, plans),
        ):
            found = plan.with_user(user).search([("id", "in", plans.ids)])
            self.assertEqual(found, wanted, user.login)

    def test_measured_live(self):
        """TRK-01: a bill is in the figure as soon as it is there."""
        plan = self._create_plan(manager=self.manager, targets={self.revenue: 200})
        of_unit = self._create_plan(self.post, targets={self.revenue: 400})
        self._approve(plan)
        self._bill(self.manager, 50)
        self._bill(self.colleague, 30)
        self._bill(self.manager_b, 900)
        self._bill(self.manager, 7, month="2026-02-01")
        self.env.invalidate_all()
        self.assertRecordValues(
            plan.with_user(self.manager).target_ids,
            [{"actual": 50, "completion": 25}],
        )
        self.assertEqual(of_unit.target_ids.actual, 80)
        self._bill(self.manager, 150)
        self.env.invalidate_all()
        self.assertEqual(plan.target_ids.completion, 100)
        self.assertEqual(plan.completion, 100)

    def test_figures_are_the_same_for_every_reader(self):
        plan = self._create_plan(manager=self.manager, targets={self.revenue: 200})
        self._bill(self.manager, 50)
        for user in (self.manager, self.head, self.company, self.office):
            self.env.invalidate_all()
            self.assertEqual(plan.with_user(user).target_ids.actual, 50, user.login)

    def test_suggestion_is_answered_and_taken_over(self):
        """PLAN-04, PLAN-02: the manager suggests, the superior answers."""
        plan = self._approve(self._create_plan(manager=self.manager))
        suggestion = (
            self.env["key.account.plan.suggestion"]
            .with_user(self.manager)
            .create(
                {
                    "plan_id": plan.id,
                    "subject": "The factory closes",
                    "body": "It was a third of my revenue.",
                    "target_id": plan.target_ids.id,
                    "is_target_proposed": True,
                    "target_proposed": 700,
                }
            )
        )
        self.assertEqual(
            suggestion.sudo().activity_ids.user_id, self.head, "the head is asked"
        )
        with self.assertRaises(AccessError):
            suggestion._respond("accepted", "I agree with myself")
        suggestion.with_user(self.head)._respond("accepted", "Right.")
        self.assertRecordValues(
            suggestion,
            [
                {
                    "state": "accepted",
                    "answered_by_id": self.head.id,
                    "target_before": 1000,
                }
            ],
        )
        self.assertEqual(plan.target_ids.target, 700)
        with self.assertRaises(AccessError):
            suggestion.with_user(self.head)._respond("declined", "Again")

    @users("ka_colleague")
    def test_nobody_suggests_on_plans_of_others(self):
        plan = self._create_plan(manager=self.manager)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            self.env["key.account.plan.suggestion"].create(
                {"plan_id": plan.id, "subject": "Less", "body": "He is lazy."}
            )

    def test_copy_asks_what_changed(self):
        plan = self._create_plan(
            manager=self.manager, targets={self.revenue: 1000, self.customers: 5}
        )
        wizard = Form(
            self.env["key.account.plan.copy"]
            .with_user(self.manager)
            .with_context(active_id=plan.id)
        )
        self.assertEqual(str(wizard.date_from), "2026-04-01")
        wizard.factor = 110
        with self.assertRaises(AssertionError):
            wizard.save()
        wizard.what_changed = "A new customer"
        action = wizard.save().action_copy()
        copied = plan.browse(action["res_id"])
        self.assertRecordValues(
            copied, [{"date_to": copied.date_from.replace(day=30), "state": "draft"}]
        )
        self.assertEqual(copied.target_ids.mapped("target"), [1100, 6])
        self.assertEqual(copied.note, "A new customer")

    def test_query_count_of_the_list(self):
        """However many plans there are, they are measured together."""
        fields = ["name", "completion", "child_count", "open_suggestion_count"]
        for count in (3, 12):
            plans = self.env["key.account.plan"]
            for number in range(count):
                plans |= self._create_plan(
                    manager=self.manager,
                    targets={self.revenue: 10, self.recovery: 90},
                    name=f"Plan {number}",
                )
            plans.with_user(self.head).read(fields)
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            plans.with_user(self.head).read(fields)
            found = self.env.cr.sql_log_count - before
            self.assertLess(found, 25, f"{count} plans")
