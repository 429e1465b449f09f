# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class KeyAccountRuleMixin(models.AbstractModel):
    """What a version would change is seen before it takes effect (GRD-17)."""

    _inherit = "key.account.rule.mixin"

    can_try = fields.Boolean(compute="_compute_can_try")

    @api.depends("state")
    def _compute_can_try(self):
        has_query = self._has_trial()
        for rule in self:
            rule.can_try = has_query and rule.state != "withdrawn"

    @api.model
    def _has_trial(self):
        """Whether this model says what a version would change."""
        mixin = self.env.registry["key.account.rule.mixin"]
        return type(self)._get_trial_query is not mixin._get_trial_query

    def _get_trial_query(self, day) -> SQL:
        """One row per customer (and line) looked at, as if this version were in force
        on the day: ``partner_id, line_id, before, after, amount_before, amount_after,
        direction``. Hook.

        ``before`` and ``after`` are short texts (codes, or what they mean in the
        language of whoever tries); a row in which they are the same is counted as
        examined and not kept. Rows of units that the version does not hold for are
        left out by the caller.
        """
        raise NotImplementedError

    def _get_trial_condition(self, day) -> SQL:
        """Condition on ``unit_id``: the units that the version would hold for."""
        self.ensure_one()
        units = self.env["key.account.unit"]
        # sudo: for whom a version holds is the same whoever asks.
        in_force = self.sudo()._get_map_in_force(day, **self._get_key())
        everywhere = units.browse(units._get_paths())
        below = self.unit_id._get_below() if self.unit_id else everywhere
        ids = [
            unit.id
            for unit in below
            if not self._is_overruled(in_force.get(unit.id), below)
        ]
        if self.unit_id:
            return SQL("unit_id = ANY(%s)", ids)
        return SQL("(unit_id IS NULL OR unit_id = ANY(%s))", ids)

    def _is_overruled(self, rule, below):
        """Whether a version in force somewhere is that of a unit below this one's."""
        if not rule or not rule.unit_id or rule.unit_id == self.unit_id:
            return False
        return rule.unit_id in below

    def action_try(self):
        """Dry run as of today: list whom the version would move."""
        self.ensure_one()
        self._check_may_try()
        day = fields.Date.context_today(self)
        # sudo: a dry run reads all facts of the units the version holds for and keeps
        # its rows with their owners; each reader sees those in his scope.
        trial = self.env["key.account.rule.trial"].sudo()._run(self.sudo(), day)
        return {
            "type": "ir.actions.act_window",
            "res_model": trial._name,
            "res_id": trial.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _check_may_try(self):
        self.check_access("read")
        groups = (
            "key_account_crm.group_key_account_company",
            "key_account_crm.group_key_account_centre",
        )
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise AccessError(
                self.env._("The centre and companies try rules: ask one of them.")
            )
        if not self.can_try:
            raise UserError(
                self.env._("%(rule)s cannot be tried.", rule=self.display_name)
            )
