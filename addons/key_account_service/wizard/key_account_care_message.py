# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountCareMessage(models.TransientModel):
    """Shows the greetings that would go out for acts of care, then sends them: nothing
    goes out unseen (design 3.12)."""

    _name = "key.account.care.message"
    _description = "Greetings"

    template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Text",
        required=True,
        domain=[("model", "=", "key.account.care")],
        default=lambda self: self.env.ref(
            "key_account_service.mail_template_care", raise_if_not_found=False
        ),
    )
    line_ids = fields.One2many(
        comodel_name="key.account.care.message.line",
        inverse_name="wizard_id",
        string="Greetings",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("template_id")
    def _compute_line_ids(self):
        cares = self.env["key.account.care"].browse(
            self.env.context.get("active_ids") or []
        )
        lines = self.env["key.account.care.message.line"]
        for wizard in self:
            vals = [
                lines._prepare_greeting(care, wizard.template_id)
                for care in cares._filtered_access("write")
                if care.state == "planned" and wizard.template_id
            ]
            wizard.line_ids = [(5,), *((0, 0, one) for one in vals)]

    def action_send(self):
        self.ensure_one()
        lines = self.line_ids.filtered("is_chosen")
        if not lines:
            raise UserError(self.env._("Choose at least one greeting."))
        lines._send()
        return {"type": "ir.actions.act_window_close"}
