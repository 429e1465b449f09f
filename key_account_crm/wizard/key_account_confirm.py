# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountConfirm(models.TransientModel):
    """Asks why a changed customer is another one than those of the same value."""

    _name = "key.account.confirm"
    _description = "Another Customer"

    change_id = fields.Many2one(
        comodel_name="key.account.change",
        string="Change",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    duplicate_alert = fields.Html(
        related="change_id.duplicate_alert", related_sudo=False
    )
    note = fields.Text(string="Why", required=True)

    def action_confirm(self):
        self.ensure_one()
        result = self.change_id._confirm(self.note)
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}
