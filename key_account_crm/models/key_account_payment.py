# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .base_export import FIGURE_ROLES


class KeyAccountPayment(models.Model):
    """What a customer paid on one day for one bill, or on account where it names none.

    A ledger row: a wrong payment is taken back by one with the opposite amount.
    """

    _name = "key.account.payment"
    _description = "Customer Payment"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_payment desc, id desc"
    _key_account_export_roles = FIGURE_ROLES

    # The indexes below begin with it.
    partner_id = fields.Many2one(index=False)
    name = fields.Char(
        string="Payment Number", required=True, help="Text: leading zeros are kept."
    )
    revision = fields.Integer(
        default=0, help="0 for the payment itself, then one for each correction."
    )
    bill_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Bill",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
    )
    date_payment = fields.Date(
        string="Payment Date", required=True, default=fields.Date.context_today
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(required=True, help="Below zero when it is taken back.")
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Channel",
        domain=[("category", "=", "channel")],
        ondelete="restrict",
    )
    allocation_id = fields.Many2one(
        comodel_name="key.account.allocation",
        string="Allocation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The allocated credit of which this is one side: no money came in.",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _name_uniq = models.UniqueIndex(
        "(partner_id, name, bill_id, revision) NULLS NOT DISTINCT",
        "The customer has a payment with this number for this bill.",
    )
    _partner_date_idx = models.Index("(partner_id, date_payment)")

    @api.constrains("bill_id", "partner_id", "currency_id")
    def _check_bill_id(self):
        for payment in self.filtered("bill_id"):
            bill = payment.bill_id
            if bill.partner_id != payment.partner_id:
                raise ValidationError(
                    self.env._(
                        "Bill %(bill)s is not a bill of %(customer)s.",
                        bill=bill.name,
                        customer=payment.partner_id.display_name,
                    )
                )
            if bill.currency_id != payment.currency_id:
                raise ValidationError(
                    self.env._(
                        "Bill %(bill)s is in %(currency)s: pay it in that currency.",
                        bill=bill.name,
                        currency=bill.currency_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Payments stay: take a wrong one back with a counter-entry.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("allocation_id") for vals in vals_list):
            raise UserError(
                self.env._("Entries of an allocation are made by allocating a credit.")
            )
        bills = self.env["key.account.bill"].browse(
            [vals["bill_id"] for vals in vals_list if vals.get("bill_id")]
        )
        # sudo: only the line of the bill is copied; whether the user may pay it is
        # decided by the rule on the payment, whose unit follows from that line.
        lines = {bill.id: bill.line_id.id for bill in bills.sudo()}
        for vals in vals_list:
            if vals.get("bill_id"):
                vals["line_id"] = lines[vals["bill_id"]]
        payments = super().create(vals_list)
        payments._refresh_figures()
        return payments

    def write(self, vals):
        if vals.keys() - {"channel_id"}:
            raise UserError(
                self.env._(
                    "The payment is in the ledger: take it back with a counter-entry."
                )
            )
        return super().write(vals)

    def _refresh_figures(self):
        """Bring bills, months and standing in line with these payments."""
        if self:
            self.env["key.account.bill"]._settle(self.bill_id.ids)
            self.env["key.account.month"]._refresh(self.partner_id.ids)
