# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command

from .. import periods


class KeyAccountPlanCopy(models.TransientModel):
    """Copies a plan into another period and asks what changed since."""

    _name = "key.account.plan.copy"
    _description = "Copy a Plan"

    plan_id = fields.Many2one(
        comodel_name="key.account.plan",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    period = fields.Selection(related="plan_id.period")
    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date_from = fields.Date(
        string="Begin",
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Any day of the new period.",
    )
    factor = fields.Float(
        string="All Targets (%)",
        default=100,
        digits=(16, 2),
        help="100: as they were. What is proposed below follows it.",
    )
    line_ids = fields.One2many(
        comodel_name="key.account.plan.copy.line",
        inverse_name="wizard_id",
        string="Targets",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    what_changed = fields.Text(
        string="What Changed?",
        required=True,
        help="Customers won and lost, prices, competitors, staff: why the new targets "
        "are what they are.",
    )
    with_items = fields.Boolean(string="Items Too", default=True)

    @api.depends("plan_id")
    def _compute_name(self):
        for wizard in self:
            plan = wizard.plan_id
            wizard.name = plan.name
            wizard.date_from = plan.date_from and periods.shift(
                plan.date_from, plan.period
            )

    @api.depends("plan_id", "factor")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "target_id": target.id,
                        "target_new": target._round(
                            target.target * wizard.factor / 100
                        ),
                    }
                )
                for target in wizard.plan_id.target_ids
            ]

    def action_copy(self):
        self.ensure_one()
        self.plan_id.check_access("read")
        plan = self.env["key.account.plan"].create(self._prepare_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": plan._name,
            "res_id": plan.id,
            "views": [(False, "form")],
        }

    def _prepare_vals(self):
        origin = self.plan_id
        items = origin.item_ids if self.with_items else origin.item_ids.browse()
        return {
            "name": self.name,
            "unit_id": origin.unit_id.id,
            "manager_id": origin.manager_id.id,
            "period": origin.period,
            "date_from": self.date_from,
            "note": self.what_changed,
            "item_ids": [
                Command.create(
                    {
                        "sequence": item.sequence,
                        "name": item.name,
                        "content_id": item.content_id.id,
                    }
                )
                for item in items
            ],
            "target_ids": [
                Command.create(line._prepare_vals()) for line in self.line_ids
            ],
        }
