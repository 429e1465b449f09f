# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountRequestWait(models.TransientModel):
    """Asks why requests wait, and lets their clocks stand."""

    _name = "key.account.request.wait"
    _description = "Wait for the Customer"

    request_ids = fields.Many2many(
        comodel_name="key.account.request",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        required=True,
        domain=[("category", "=", "pause_reason")],
    )
    note = fields.Char(string="Remarks")

    def action_wait(self):
        self.ensure_one()
        self.request_ids._wait(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
