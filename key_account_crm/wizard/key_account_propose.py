# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class KeyAccountPropose(models.TransientModel):
    """Asks which key fields of a customer should say what, why, and how one knows
    (COL-05)."""

    _name = "key.account.propose"
    _description = "Propose a Change"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Source Channel",
        domain=[("category", "=", "channel")],
        required=True,
    )
    method_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Collection Method",
        domain=[("category", "=", "method")],
        required=True,
        default=lambda self: self.env["res.partner"]._key_account_get_source()[1],
    )
    reason = fields.Text(required=True)
    line_ids = fields.One2many(
        comodel_name="key.account.propose.line",
        inverse_name="wizard_id",
        string="New Values",
    )

    def action_propose(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Add the fields that should change."))
        vals = {line.field_name: line._get_value() for line in self.line_ids}
        self.partner_id._key_account_propose(
            vals, self.reason, self.channel_id, self.method_id
        )
        return {"type": "ir.actions.act_window_close"}
