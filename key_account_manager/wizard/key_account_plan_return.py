# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPlanReturn(models.TransientModel):
    """Asks why plans are returned to those who made them."""

    _name = "key.account.plan.return"
    _description = "Return a Plan"

    plan_ids = fields.Many2many(
        comodel_name="key.account.plan",
        string="Plans",
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(required=True)

    def action_return(self):
        self.plan_ids._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
