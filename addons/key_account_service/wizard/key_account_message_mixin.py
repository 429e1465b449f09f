# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class KeyAccountMessageMixin(models.AbstractModel):
    """Shows the mails that would go out, one for each receiver, then sends those that
    are chosen, as they were shown: nothing goes out unseen (design 3.12)."""

    _name = "key.account.message.mixin"
    _description = "Preview of Mails"

    template_id = fields.Many2one(
        comodel_name="mail.template", string="Text", required=True
    )

    def action_send(self):
        self.ensure_one()
        lines = self.line_ids.filtered("is_chosen")
        if not lines:
            raise UserError(self.env._("Choose at least one mail."))
        lines._send()
        return {"type": "ir.actions.act_window_close"}
