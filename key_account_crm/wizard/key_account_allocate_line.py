# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountAllocateLine(models.TransientModel):
    """One credit set against one bill, as it is about to be done."""

    _name = "key.account.allocate.line"
    _description = "Allocation to Make"

    wizard_id = fields.Many2one(
        comodel_name="key.account.allocate", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="wizard_id.partner_id")
    credit_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="From Credit",
        domain="[('partner_id', '=', partner_id), ('amount_open', '<', 0)]",
        help="Empty: payments on account of the line.",
    )
    credit_line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Line of the Credit",
        compute="_compute_credit_line_id",
        store=True,
        readonly=False,
    )
    bill_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Bill",
        required=True,
        domain="[('partner_id', '=', partner_id), ('amount_open', '>', 0)]",
    )
    currency_id = fields.Many2one(related="bill_id.currency_id")
    date_due = fields.Date(related="bill_id.date_due")
    amount_open = fields.Monetary(string="Open", related="bill_id.amount_open")
    amount = fields.Monetary(string="Allocated", required=True)

    @api.depends("credit_id")
    def _compute_credit_line_id(self):
        for line in self.filtered("credit_id"):
            line.credit_line_id = line.credit_id.line_id

    def _prepare_allocation_vals(self):
        return {
            "credit_id": self.credit_id.id,
            "credit_line_id": self.credit_line_id.id,
            "bill_id": self.bill_id.id,
            "amount": self.amount,
            "date": self.wizard_id.date,
        }
