# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountGradeRefuse(models.TransientModel):
    """Asks why proposed grades are refused."""

    _name = "key.account.grade.refuse"
    _description = "Refuse a Grade"

    move_ids = fields.Many2many(
        comodel_name="key.account.grade.move",
        string="Proposals",
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.move_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
