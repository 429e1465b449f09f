# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

from .. import periods


class KeyAccountPlan(models.Model):
    """Splitting a plan downwards, so that the parts of a target add up to it."""

    _inherit = "key.account.plan"

    def _get_split_way(self):
        """How this plan is split: by "unit", by "time", or not at all."""
        # sudo: how the tree hangs together, whoever may read its other plans.
        return next((child._get_way() for child in self.sudo().child_ids), None)

    def _get_parts(self):
        """Whose plans this one is split into by organisation: the units directly below
        and the managers of the unit itself, as (unit, manager)."""
        self.ensure_one()
        if self.manager_id:
            return []
        # sudo: units and who belongs to them are no secret.
        unit = self.unit_id.sudo()
        below = unit.child_ids.filtered("active")
        managers = unit.user_ids.filtered(
            lambda user: user.active and user.key_account_role == "manager"
        )
        no_one = self.env["res.users"]
        return [(one.sudo(False), no_one) for one in below] + [
            (self.unit_id, one.sudo(False)) for one in managers
        ]

    def _split_by_unit(self, parts, keys, is_deep=False):
        """Make or renew the plans of parts, given as (unit, manager).

        :param keys: map of the targets of this plan to how each is split; what it does
            not name is split into equal parts
        :param is_deep: and so on, down to the managers
        """
        vals_list = [
            {"unit_id": unit.id, "manager_id": manager.id} for unit, manager in parts
        ]
        children = self._split_into(vals_list, keys)
        if is_deep:
            by_indicator = {one.indicator_id: key for one, key in keys.items()}
            for child in children.filtered(lambda plan: plan.state == "draft"):
                further = child._get_parts()
                if further:
                    own = {
                        one: by_indicator[one.indicator_id]
                        for one in child.target_ids
                        if one.indicator_id in by_indicator
                    }
                    child._split_by_unit(further, own, is_deep=True)
        return children

    def _split_by_time(self, period, keys):
        """Make or renew the shorter plans of the same owner."""
        days = periods.inside(self.date_from, self.date_to, period)
        return self._split_into(
            [{"period": period, "date_from": day} for day in days], keys
        )

    def _split_into(self, vals_list, keys):
        self.ensure_one()
        self.check_access("write")
        known = {child._get_identity(): child for child in self.child_ids}
        wanted = [self._prepare_part_vals(vals) for vals in vals_list]
        missing = [vals for vals in wanted if self._get_identity(vals) not in known]
        fresh = self.create(missing)
        fresh._copy_items(self)
        children = self.child_ids | fresh
        for target in self.target_ids:
            target._split(children, keys.get(target, "equal"))
        return children

    def _get_identity(self, vals=None):
        """What tells the parts of a plan from each other."""
        if vals is None:
            return self.unit_id.id, self.manager_id.id, self.date_from
        return vals["unit_id"], vals["manager_id"], vals["date_from"]

    def _prepare_part_vals(self, vals):
        return {
            "name": self.name,
            "parent_id": self.id,
            "unit_id": self.unit_id.id,
            "manager_id": self.manager_id.id,
            "period": self.period,
            "date_from": self.date_from,
            **vals,
        }

    def _copy_items(self, origin):
        """What is to be done is said to everybody it is split among."""
        self.env["key.account.plan.item"].create(
            [
                {
                    "plan_id": plan.id,
                    "sequence": item.sequence,
                    "name": item.name,
                    "content_id": item.content_id.id,
                    "note": item.note,
                }
                for plan in self
                for item in origin.item_ids
            ]
        )

    # ---- by which shares ------------------------------------------------------

    def _get_weights(self, indicator, key):
        """The shares of these plans, parts of one, in a target of an indicator."""
        weigh = {"last_year": "_weigh_last_year", "potential": "_weigh_potential"}
        if key not in weigh:
            return [1] * len(self)
        return getattr(self, weigh[key])(indicator)

    def _weigh_last_year(self, indicator):
        """What each had in the same period of the year before."""
        back = relativedelta(years=1)
        indicator = indicator.with_context(tz=self._get_zone())
        found = {}
        for plans in self.grouped(lambda plan: (plan.date_from, plan.date_to)).values():
            first = plans[0].date_from - back
            last = first + relativedelta(plans[0].date_to, plans[0].date_from)
            if plans[0].period != "week":
                last = periods.end(first, plans[0].period)
            sums = indicator._measure_owners(first, last, plans._get_owners())
            values = indicator._combine(self._add_up_owners(sums))
            for plan in plans:
                found[plan] = values.get(plan._get_owner_key(), 0)
        return [found[plan] for plan in self]

    def _weigh_potential(self, _indicator):
        """Yearly revenue expected of open potential customers × its likelihood."""
        # sudo: a share is stated, not whose potential it is made of.
        potentials = self.env["key.account.potential"].sudo()
        sums = defaultdict(float)
        for potential in potentials.search([("date_closed", "=", False)]):
            worth = potential.revenue_year * potential.probability
            sums[potential.unit_id.id, potential.manager_id.id] += worth
        totals = self._add_up_owners({potentials: sums})[potentials]
        return [totals.get(plan._get_owner_key(), 0) for plan in self]

    def action_spread(self):
        """Spread what is not split yet among the parts that nobody adjusted, and so on
        downwards."""
        self.ensure_one()
        self.check_access("write")
        if not self.child_ids:
            raise UserError(self.env._("The plan is not split yet: split it first."))
        for target in self.target_ids:
            key = self.child_ids.target_ids.filtered(
                lambda one, target=target: one.indicator_id == target.indicator_id
            )[:1].split_key
            target._split(self.child_ids, key or "equal")
        for child in self.child_ids.filtered("child_count"):
            child.action_spread()
        return True

    def action_view_children(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_plan_action"
        )
        return {
            **action,
            "domain": [("id", "child_of", self.id), ("id", "!=", self.id)],
            "context": {"default_parent_id": self.id},
        }
