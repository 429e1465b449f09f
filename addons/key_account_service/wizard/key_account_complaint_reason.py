# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

STEPS = {
    "return": "_return",
    "escalate": "_escalate",
    "close": "_close",
    "reopen": "_reopen",
    "withdraw": "_withdraw",
    "open": "_lift_secrecy",
}


class KeyAccountComplaintReason(models.TransientModel):
    """Asks why a step is taken that wants a reason."""

    _name = "key.account.complaint.reason"
    _description = "Reason of a Step"

    complaint_ids = fields.Many2many(
        comodel_name="key.account.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(
        selection=[
            ("return", "Send Back"),
            ("escalate", "Escalate"),
            ("close", "Close without Call-Back"),
            ("reopen", "Open Again"),
            ("withdraw", "Withdraw"),
            ("open", "Lift the Secrecy"),
        ],
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        getattr(self.complaint_ids, STEPS[self.step])(self.reason)
        return {"type": "ir.actions.act_window_close"}
