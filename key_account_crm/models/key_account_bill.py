# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .base_export import FIGURE_ROLES

LEDGER_FIELDS = {
    "name",
    "revision",
    "kind",
    "partner_id",
    "period",
    "date_bill",
    "currency_id",
    "amount",
    "origin_id",
}


class KeyAccountBill(models.Model):
    """What a customer owes for one period and line: a bill, or a credit note below 0.

    A ledger row: its amount, customer and dates never change. A correction is a row of
    the same name with the next revision whose amount is the difference.
    """

    _name = "key.account.bill"
    _description = "Customer Bill"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_bill desc, id desc"
    _rec_names_search = ["name"]
    _key_account_untracked = ("amount_paid", "amount_open")
    _key_account_export_roles = FIGURE_ROLES

    # The indexes below begin with it.
    partner_id = fields.Many2one(index=False)
    name = fields.Char(
        string="Bill Number", required=True, help="Text: leading zeros are kept."
    )
    revision = fields.Integer(
        default=0, help="0 for the bill itself, then one for each correction."
    )
    kind = fields.Selection(
        selection=[
            ("bill", "Bill"),
            ("credit", "Credit Note"),
            ("correction", "Correction"),
        ],
        default="bill",
        required=True,
    )
    origin_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Corrects Bill",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('partner_id', '=', partner_id), ('kind', '=', 'bill')]",
        help="The bill that this credit note or correction is about.",
    )
    correction_ids = fields.One2many(
        comodel_name="key.account.bill",
        inverse_name="origin_id",
        string="Credit Notes and Corrections",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        index="btree_not_null",
        ondelete="restrict",
    )
    period = fields.Date(
        required=True, help="The month billed, as its first day.", index=True
    )
    date_bill = fields.Date(
        string="Bill Date", required=True, default=fields.Date.context_today
    )
    date_due = fields.Date(string="Due Date", required=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        string="Billed", required=True, help="Below zero for a credit note."
    )
    amount_paid = fields.Monetary(
        string="Paid", readonly=True, help="Sum of the payments of this bill."
    )
    amount_open = fields.Monetary(
        string="Open", readonly=True, help="Billed less paid; below zero is a credit."
    )
    payment_ids = fields.One2many(
        comodel_name="key.account.payment", inverse_name="bill_id"
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_days_overdue", search="_search_is_overdue"
    )
    days_overdue = fields.Integer(
        compute="_compute_days_overdue", search="_search_days_overdue"
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _name_uniq = models.UniqueIndex(
        "(partner_id, name, revision)", "The customer has a bill with this number."
    )
    _period_first = models.Constraint(
        "CHECK (EXTRACT(day FROM period) = 1)", "A period is named by its first day."
    )
    _partner_period_idx = models.Index("(partner_id, period)")
    _open_idx = models.Index("(partner_id, date_due) WHERE amount_open <> 0")

    @api.depends("amount_open", "date_due")
    @api.depends_context("tz")
    def _compute_days_overdue(self):
        today = fields.Date.context_today(self)
        for bill in self:
            late = bill.amount_open > 0 and bill.date_due and bill.date_due < today
            bill.is_overdue = bool(late)
            bill.days_overdue = (today - bill.date_due).days if late else 0

    def _get_overdue_domain(self):
        today = fields.Date.context_today(self)
        return Domain("amount_open", ">", 0) & Domain("date_due", "<", today)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        late = self._get_overdue_domain()
        return Domain.OR(late if wanted else ~late for wanted in value)

    def _search_days_overdue(self, operator, value):
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        today = fields.Date.context_today(self)
        limit = fields.Date.subtract(today, days=int(value))
        flipped = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[operator]
        wanted = self._get_overdue_domain() & Domain("date_due", flipped, limit)
        not_late = ~self._get_overdue_domain()
        is_zero_wanted = {">": 0 > value, ">=": 0 >= value, "<": 0 < value}.get(
            operator, 0 <= value
        )
        return wanted | not_late if is_zero_wanted else wanted

    @api.constrains("date_bill", "date_due")
    def _check_date_due(self):
        for bill in self:
            if bill.date_due < bill.date_bill:
                raise ValidationError(
                    self.env._(
                        "Bill %(bill)s is due on %(due)s, before its date %(date)s: "
                        "correct one of them.",
                        bill=bill.name,
                        due=bill.date_due,
                        date=bill.date_bill,
                    )
                )

    @api.constrains("kind", "amount")
    def _check_kind(self):
        for bill in self:
            if (bill.kind == "credit" and bill.amount > 0) or (
                bill.kind == "bill" and bill.amount < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(bill)s: a bill is zero or more, a credit note zero or less.",
                        bill=bill.name,
                    )
                )

    @api.constrains("origin_id", "partner_id", "kind", "currency_id")
    def _check_origin_id(self):
        for bill in self.filtered("origin_id"):
            error = bill._get_origin_error()
            if error:
                raise ValidationError(error)

    def _get_origin_error(self):
        """Why this row cannot correct the bill it names, None when it can."""
        # sudo: of the bill that is corrected only its customer, kind and currency
        # count; the user who books the credit note may not be the one who reads it.
        origin = self.origin_id.sudo()
        values = {"bill": self.name, "origin": origin.name}
        if self.kind == "bill":
            return self.env._(
                "%(bill)s is a bill: only a credit note or a correction names the bill "
                "it corrects. Leave it empty.",
                bill=self.name,
            )
        if origin.partner_id != self.partner_id:
            return self.env._(
                "%(bill)s corrects a bill of another customer. Choose one of "
                "%(customer)s.",
                bill=self.name,
                customer=self.partner_id.display_name,
            )
        if self.kind == "credit" and origin.kind != "bill":
            return self.env._(
                "%(bill)s: %(origin)s is no bill but itself corrects one. Choose the "
                "bill.",
                **values,
            )
        if origin.currency_id != self.currency_id:
            return self.env._(
                "%(bill)s: %(origin)s is in %(currency)s. Correct it in that currency.",
                currency=origin.currency_id.name,
                **values,
            )
        return None

    @api.constrains("number_id", "partner_id")
    def _check_number_id(self):
        for bill in self:
            if bill.number_id and bill.number_id.partner_id != bill.partner_id:
                raise ValidationError(
                    self.env._(
                        "The number %(number)s does not belong to %(customer)s.",
                        number=bill.number_id.name,
                        customer=bill.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Bills stay: correct a wrong one with a credit note.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["amount_paid"] = 0
            vals["amount_open"] = vals.get("amount", 0)
        bills = super().create(vals_list)
        bills._refresh_figures()
        return bills

    def write(self, vals):
        if LEDGER_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "The bill is in the ledger: correct it with a credit note or a "
                    "correction, its amount and dates stay."
                )
            )
        if {"amount_paid", "amount_open"} & vals.keys():
            raise UserError(self.env._("What is open follows from the payments."))
        result = super().write(vals)
        if {"line_id", "date_due"} & vals.keys():
            self._refresh_figures()
        return result

    def action_allocate(self):
        self.ensure_one()
        return self.partner_id.action_allocate_key_account_credits()

    def _refresh_figures(self):
        """Bring months and standing in line with these bills."""
        if self:
            self.env["key.account.month"]._refresh(self.partner_id.ids)

    @api.model
    def _settle(self, bill_ids):
        """Recompute paid and open of the given bills from their payments, in one go."""
        if not bill_ids:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_bill AS bill
                   SET amount_paid = paid.amount,
                       amount_open = bill.amount - paid.amount
                  FROM (
                    SELECT bill.id, COALESCE(SUM(payment.amount), 0) AS amount
                      FROM key_account_bill AS bill
                      LEFT JOIN key_account_payment AS payment
                        ON payment.bill_id = bill.id
                     WHERE bill.id = ANY(%(bills)s)
                     GROUP BY bill.id
                  ) AS paid
                 WHERE paid.id = bill.id
                   AND bill.amount_paid IS DISTINCT FROM paid.amount
                """,
                bills=list(bill_ids),
            )
        )
        self.invalidate_model(flush=False)
