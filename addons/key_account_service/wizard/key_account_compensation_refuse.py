# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCompensationRefuse(models.TransientModel):
    """Asks why a compensation is not granted."""

    _name = "key.account.compensation.refuse"
    _description = "Refuse Compensation"

    compensation_ids = fields.Many2many(
        comodel_name="key.account.compensation",
        string="Compensations",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.ensure_one()
        self.compensation_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
