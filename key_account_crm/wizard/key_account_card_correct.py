# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command


class KeyAccountCardCorrect(models.TransientModel):
    """Asks why uses of VIP cards are taken back by counter-entries."""

    _name = "key.account.card.correct"
    _description = "Correct Uses of VIP Cards"

    use_ids = fields.Many2many(
        comodel_name="key.account.card.use",
        relation="key_account_card_correct_use_rel",
        string="Uses",
        required=True,
    )
    reason = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "key.account.card.use":
            values["use_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_correct(self):
        self.ensure_one()
        self.use_ids._reverse(self.reason)
        return {"type": "ir.actions.act_window_close"}
