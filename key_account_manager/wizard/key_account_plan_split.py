# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.key_account_plan import PERIODS


class KeyAccountPlanSplit(models.TransientModel):
    """Asks among whom, or into which periods, a plan is split, and by which keys."""

    _name = "key.account.plan.split"
    _description = "Split a Plan"

    plan_id = fields.Many2one(
        comodel_name="key.account.plan",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    owner_unit_id = fields.Many2one(related="plan_id.unit_id")
    way = fields.Selection(
        selection=[("unit", "By Organisation"), ("time", "Into Shorter Periods")],
        string="Split",
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    period = fields.Selection(
        selection=PERIODS[1:],
        string="Into",
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
    )
    unit_ids = fields.Many2many(
        comodel_name="key.account.unit",
        string="Units",
        compute="_compute_parts",
        store=True,
        readonly=False,
        domain="[('id', 'child_of', owner_unit_id), ('id', '!=', owner_unit_id)]",
    )
    manager_ids = fields.Many2many(
        comodel_name="res.users",
        string="Account Managers",
        compute="_compute_parts",
        store=True,
        readonly=False,
        domain="[('key_account_unit_id', '=', owner_unit_id)]",
    )
    is_deep = fields.Boolean(
        string="Down to the Managers", help="Split the parts further in the same way."
    )
    line_ids = fields.One2many(
        comodel_name="key.account.plan.split.line",
        inverse_name="wizard_id",
        string="Targets",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("plan_id")
    def _compute_way(self):
        for wizard in self:
            plan = wizard.plan_id
            way = plan._get_split_way() if plan else None
            wizard.way = way or ("time" if plan.manager_id else "unit")
            shorter = {"year": "month", "quarter": "month", "month": "week"}
            wizard.period = (
                plan.child_ids[:1].period
                if way == "time"
                else (shorter.get(plan.period))
            )

    @api.depends("plan_id")
    def _compute_parts(self):
        for wizard in self:
            parts = wizard.plan_id._get_parts() if wizard.plan_id else []
            units = [unit.id for unit, manager in parts if not manager]
            wizard.unit_ids = [Command.set(units)]
            wizard.manager_ids = [
                Command.set([manager.id for _unit, manager in parts if manager])
            ]

    @api.depends("plan_id", "way")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"target_id": target.id, "key": "equal"})
                for target in wizard.plan_id.target_ids
                if target.indicator_id._is_split(wizard.way)
            ]

    def action_split(self):
        self.ensure_one()
        keys = {line.target_id: line.key for line in self.line_ids}
        if self.way == "time":
            if not self.period:
                raise UserError(self.env._("Choose how long the parts are."))
            children = self.plan_id._split_by_time(self.period, keys)
        else:
            no_one = self.env["res.users"]
            parts = [(unit, no_one) for unit in self.unit_ids]
            parts += [(self.owner_unit_id, manager) for manager in self.manager_ids]
            if not parts:
                raise UserError(
                    self.env._("Choose the units or managers the plan is split among.")
                )
            children = self.plan_id._split_by_unit(parts, keys, is_deep=self.is_deep)
        action = self.plan_id.action_view_children()
        return {**action, "domain": [("id", "child_of", children.ids)]}
