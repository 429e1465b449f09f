# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.key_account_clock_mixin_customer import MARKS


class KeyAccountComplaintCallback(models.TransientModel):
    """Asks what the customer says of how the complaint was handled (CMP-07)."""

    _name = "key.account.complaint.callback"
    _description = "Call Back about Complaints"

    complaint_ids = fields.Many2many(
        comodel_name="key.account.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    is_reached = fields.Boolean(
        string="Reached", default=True, help="Not reached: to be called again."
    )
    mark = fields.Selection(selection=MARKS, string="Satisfaction")
    reason = fields.Text(string="What the Customer Says")
    is_solved = fields.Boolean(
        string="Solved", default=True, help="Not solved: it is opened again."
    )

    def action_call_back(self):
        self.ensure_one()
        self.complaint_ids._call_back(
            self.mark, self.reason, self.is_solved, self.is_reached
        )
        return {"type": "ir.actions.act_window_close"}
