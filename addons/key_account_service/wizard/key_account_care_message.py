# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountCareMessage(models.TransientModel):
    """Shows the greetings that would go out for acts of care, then sends them."""

    _name = "key.account.care.message"
    _description = "Greetings"
    _inherit = ["key.account.message.mixin"]

    template_id = fields.Many2one(
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
        # As who looks at it, though what is stored is reckoned by the system.
        cares = self.env["key.account.care"].with_user(self.env.uid)
        cares = cares.browse(self.env.context.get("active_ids") or [])
        lines = self.env["key.account.care.message.line"]
        for wizard in self:
            vals = [
                lines._prepare_message(care, wizard.template_id)
                for care in cares._filtered_access("write")
                if care.state == "planned" and wizard.template_id
            ]
            wizard.line_ids = [(5,), *((0, 0, one) for one in vals)]
