# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountRefuse(models.TransientModel):
    """Asks why proposed changes are refused."""

    _name = "key.account.refuse"
    _description = "Refuse a Change"

    change_ids = fields.Many2many(
        comodel_name="key.account.change",
        string="Changes",
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.change_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
