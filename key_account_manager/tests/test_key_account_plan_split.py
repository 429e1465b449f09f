# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .. import periods, splitting
from ..models import key_account_plan_target
from .plan_common import PlanCommon

QUIET = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
WEIGHTS = st.lists(
    st.one_of(st.integers(-50, 10**9), st.floats(-1e6, 1e9, allow_nan=False)),
    min_size=1,
    max_size=12,
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountPlanSplit(PlanCommon):
    """Targets split downwards add up to the whole (PLAN-06)."""

    def test_doctests(self):
        for module in (splitting, periods, key_account_plan_target):
            failed, count = doctest.testmod(module)
            self.assertFalse(failed)
            self.assertTrue(count)

    @settings(QUIET, max_examples=300)
    @given(st.integers(-(10**12), 10**12), WEIGHTS, st.sampled_from(("1", "0.01")))
    def test_parts_add_up(self, units, weights, step):
        """To the cent or the piece, whatever the shares: none, negative, tiny, huge."""
        total = units * Decimal(step)
        parts = splitting.split(total, weights, step)
        self.assertEqual(sum(parts), total)
        self.assertEqual(len(parts), len(weights))
        for part, weight in zip(parts, weights, strict=True):
            self.assertGreaterEqual(part * (1 if total >= 0 else -1), 0)
            if weight <= 0 and any(other > 0 for other in weights):
                self.assertEqual(part, 0)
        exact = [max(Decimal(str(weight)), Decimal(0)) for weight in weights]
        exact = exact if sum(exact) else [Decimal(1)] * len(exact)
        for part, weight in zip(parts, exact, strict=True):
            share = total * weight / sum(exact)
            self.assertLessEqual(abs(part - share), Decimal(step))

    def _split(self, plan, key="equal", **vals):
        wizard = self.env["key.account.plan.split"].create({"plan_id": plan.id, **vals})
        wizard.line_ids.key = key
        wizard.action_split()
        return plan.child_ids

    def _assert_sums(self, plan):
        """At every level of the tree, of every target that adds up."""
        for target in plan.target_ids.filtered("is_split"):
            parts = plan.child_ids.target_ids.filtered(
                lambda one, target=target: one.indicator_id == target.indicator_id
            )
            self.assertEqual(
                round(sum(parts.mapped("target")), 2), target.target, plan.display_name
            )
            self.assertEqual(target.split_rest, 0)
        for child in plan.child_ids:
            self._assert_sums(child)

    def test_down_to_the_managers(self):
        """PLAN-06: centre, company, department, manager; rates are the same."""
        targets = {self.revenue: 1000.01, self.customers: 7, self.recovery: 95}
        plan = self._create_plan(self.centre, targets=targets)
        self._split(plan, is_deep=True)
        self.env.invalidate_all()
        self._assert_sums(plan)
        below = plan.search([("id", "child_of", plan.id)])
        mine = below.filtered(lambda one: one.manager_id == self.manager)
        self.assertEqual(mine.parent_id.unit_id, self.post_1)
        self.assertEqual(mine.parent_id.parent_id.unit_id, self.post)
        rates = below.target_ids.filtered(lambda one: one.indicator_id == self.recovery)
        self.assertEqual(set(rates.mapped("target")), {95})

    def test_by_last_years_share(self):
        plan = self._create_plan(self.post_1, targets={self.revenue: 1000})
        self._bill(self.manager, 300, month="2025-03-01")
        self._bill(self.colleague, 100, month="2025-03-01")
        self._bill(self.colleague, 900, month="2025-04-01")
        children = self._split(plan, "last_year")
        parts = {one.manager_id: one.target_ids.target for one in children}
        self.assertEqual(parts, {self.manager: 750, self.colleague: 250})
        self.assertEqual(set(children.target_ids.mapped("split_key")), {"last_year"})

    def test_by_potential(self):
        """Expected yearly revenue of open potential customers × its likelihood."""
        for manager, worth, chance in (
            (self.manager, 100, 50),
            (self.colleague, 25, 40),
        ):
            customer = self._create_customer("New", manager)
            customer.key_account_state = "potential"
            self.env["key.account.potential"].create(
                {
                    "partner_id": customer.id,
                    "revenue_month": worth,
                    "probability": chance,
                }
            )
        plan = self._create_plan(self.post_1, targets={self.revenue: 600})
        children = self._split(plan, "potential")
        parts = {one.manager_id: one.target_ids.target for one in children}
        self.assertEqual(parts, {self.manager: 500, self.colleague: 100})

    def test_into_months(self):
        plan = self._create_plan(
            manager=self.manager,
            targets={self.revenue: 1000, self.customers: 7},
            period="year",
            date_from="2026-01-01",
        )
        wizard = Form(
            self.env["key.account.plan.split"].with_context(active_id=plan.id)
        )
        self.assertEqual((wizard.way, wizard.period), ("time", "month"))
        wizard.save().action_split()
        self.assertEqual(len(plan.child_ids), 12)
        self.env.invalidate_all()
        self._assert_sums(plan)

    def test_adjusted_parts_stay(self):
        """The sum is shown against the whole; the rest is spread among the others."""
        plan = self._create_plan(self.post_1, targets={self.revenue: 1000})
        children = self._split(plan)
        mine = children.filtered(lambda one: one.manager_id == self.manager)
        mine.with_user(self.head).target_ids.target = 700
        self.env.invalidate_all()
        self.assertRecordValues(
            plan.target_ids, [{"split_sum": 1200, "split_rest": -200}]
        )
        plan.with_user(self.head).action_spread()
        self.env.invalidate_all()
        self.assertRecordValues(plan.target_ids, [{"split_sum": 1000, "split_rest": 0}])
        self.assertEqual(mine.target_ids.target, 700)
        mine.with_user(self.head).target_ids.target = 1700
        with self.assertRaisesRegex(UserError, "exceed the target by 700"):
            plan.with_user(self.head).action_spread()

    @QUIET
    @given(
        st.integers(1, 10**8),
        st.sampled_from(("equal", "last_year", "potential")),
        st.lists(st.integers(-500, 500), min_size=4, max_size=4),
        st.floats(0, 1),
    )
    def test_any_tree_adds_up(self, cents, key, last_year, share):
        """Whatever last year was, zero and below; and after one part was adjusted."""
        with self.env.cr.savepoint() as savepoint:
            plan = self._create_plan(
                self.centre, targets={self.revenue: cents / 100, self.customers: cents}
            )
            for manager, amount in zip(self.owned, last_year, strict=True):
                if amount:
                    self._bill(manager, amount, month="2025-03-01")
            self._split(plan, key, is_deep=True)
            self.env.invalidate_all()
            self._assert_sums(plan)
            child = plan.child_ids[0].target_ids.filtered(
                lambda one: one.indicator_id == self.revenue
            )
            child.write({"target": round(cents / 100 * share, 2), "is_adjusted": True})
            plan.action_spread()
            self.env.invalidate_all()
            self._assert_sums(plan)
            savepoint.rollback()
            self.env.invalidate_all()
