# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .key_account_plan_target import CAP


class KeyAccountPlan(models.Model):
    """What of a plan is reached, measured for all plans of a period at once."""

    _inherit = "key.account.plan"

    @api.depends("target_ids.completion", "target_ids.weight")
    def _compute_completion(self):
        for plan in self:
            targets = plan.target_ids
            weights = sum(targets.mapped("weight"))
            reached = sum(min(one.completion, CAP) * one.weight for one in targets)
            plan.completion = reached / weights if weights else 0

    def _measure(self, targets):
        """Map the ids of targets of these plans to (actual, as of when).

        What is frozen is read; the rest is measured now, with one statement for each
        period, however many plans, managers and indicators there are.
        """
        targets = targets._origin
        frozen = targets.filtered(lambda one: one.plan_id.state == "archived")
        measured = {
            result.target_id.id: (result.actual, result.date_measured)
            for result in frozen._get_frozen()
        }
        now = fields.Datetime.now()
        for plans in (
            self._origin.filtered("date_to")
            .grouped(lambda plan: (plan.date_from, plan.date_to))
            .values()
        ):
            open_ones = (targets - frozen).filtered(
                lambda one, plans=plans: one.plan_id in plans
            )
            actuals = plans._measure_targets(open_ones)
            measured.update((key, (value, now)) for key, value in actuals.items())
        return measured

    def _measure_targets(self, targets):
        """Map the ids of targets of plans of one period to their figures."""
        if not targets:
            return {}
        plans = targets.plan_id
        indicators = targets.indicator_id.with_context(tz=self._get_zone())
        first, last = plans[0].date_from, plans[0].date_to
        sums = indicators._measure_owners(first, last, plans._get_owners())
        return plans._assign(targets, sums)

    def _get_owners(self):
        """Ids of the units and managers whose rows these plans count; None where it is
        everybody's."""
        units = self.filtered(lambda plan: not plan.manager_id).unit_id
        # sudo: how the tree of units hangs together is no secret.
        if any(not unit.parent_id for unit in units.sudo()):
            return None
        return units._get_below().ids, self.manager_id.ids

    def _assign(self, targets, sums):
        """The figures of targets, from sums by unit and manager.

        A manager's are those of his rows, a unit's those of its own and of the units
        below, whoever manages them.
        """
        totals = self._add_up_owners(sums)
        values = {}
        for indicator, some in targets.grouped("indicator_id").items():
            combined = indicator._combine(totals)
            for target in some:
                values[target.id] = combined.get(target.plan_id._get_owner_key(), 0.0)
        return values

    def _get_owner_key(self):
        if self.manager_id:
            return "manager", self.manager_id.id
        return "unit", self.unit_id.id

    @api.model
    def _add_up_owners(self, sums):
        """Sums by unit and manager, added up by managers and by units with all that
        is below them."""
        paths = self.env["key.account.unit"]._get_paths()
        added = {}
        for indicator, values in sums.items():
            totals = added.setdefault(indicator, {})
            for (unit_id, manager_id), value in values.items():
                keys = [("unit", above) for above in paths.get(unit_id, ())]
                if manager_id:
                    keys.append(("manager", manager_id))
                for key in keys:
                    totals[key] = totals.get(key, 0) + value
        return added

    def _get_rows_action(self, indicator):
        """The rows behind a figure of this plan."""
        self.ensure_one()
        indicator = indicator.with_context(tz=self._get_zone())
        within = self.manager_id or self.unit_id
        return indicator._get_rows_action(self.date_from, self.date_to, within=within)

    # ---- the rows that completion is browsed by -------------------------------

    def action_measure(self):
        """Measure what runs now, for the browsing of completion."""
        self.check_access("read")
        self._keep_results(self.filtered(lambda plan: plan.state in ("running", "due")))
        return True

    @api.model
    def _cron_measure(self):
        """Bring the figures of all running plans up to date."""
        running = self.search([("state", "in", ("running", "due"))])
        self._keep_results(running)

    @api.model
    def _keep_results(self, plans):
        """Write the figures of running plans to the rows that lists and pivots show."""
        targets = plans.target_ids
        actuals = plans._measure(targets)
        # sudo: results are written by the system only, from what was measured now.
        self.env["key.account.plan.result"].sudo()._write_measured(
            targets.sudo(), {key: value for key, (value, _now) in actuals.items()}
        )
