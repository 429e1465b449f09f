# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountComplaintWait(models.TransientModel):
    """Asks why complaints wait, and lets their clocks stand."""

    _name = "key.account.complaint.wait"
    _description = "Complaints Wait"

    complaint_ids = fields.Many2many(
        comodel_name="key.account.complaint",
        string="Complaints",
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
        self.complaint_ids._wait(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
