# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.key_account_clock_mixin_customer import MARKS


class KeyAccountRequestCallback(models.TransientModel):
    """Asks what the customer says of what was done."""

    _name = "key.account.request.callback"
    _description = "Call the Customer Back"

    request_ids = fields.Many2many(
        comodel_name="key.account.request",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    mark = fields.Selection(selection=MARKS, string="Satisfaction", required=True)
    note = fields.Text(string="What the Customer Says")
    is_solved = fields.Boolean(
        string="Solved", default=True, help="Not solved: the request is opened again."
    )

    def action_call_back(self):
        self.ensure_one()
        self.request_ids._call_back(self.mark, self.note, self.is_solved)
        return {"type": "ir.actions.act_window_close"}
