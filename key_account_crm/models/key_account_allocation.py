# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..allocation import Item, propose


class KeyAccountAllocation(models.Model):
    """An amount of a credit set against a bill on a day: a credit note, what was paid
    too much on a bill, or a payment on account.

    A ledger row. It stands in the ledger of payments as two entries that add up to
    zero, one on each side, so that what is open of both is right on any day before
    and after. It is taken back by one of the opposite amount.
    """

    _name = "key.account.allocation"
    _description = "Allocation of a Credit"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(string="Allocation Number", required=True, readonly=True)
    credit_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="From Credit",
        index="btree_not_null",
        ondelete="restrict",
        help="The credit note or overpaid bill; empty for payments on account.",
    )
    credit_line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Line of the Credit",
        ondelete="restrict",
        help="The business line whose credit, or payments on account, are used.",
    )
    bill_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Bill",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, ondelete="restrict"
    )
    amount = fields.Monetary(required=True, help="Below zero when it is taken back.")
    origin_id = fields.Many2one(
        comodel_name="key.account.allocation",
        string="Takes Back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        comodel_name="key.account.allocation",
        inverse_name="origin_id",
        string="Taken Back by",
    )
    payment_ids = fields.One2many(
        comodel_name="key.account.payment",
        inverse_name="allocation_id",
        string="Entries",
    )
    state = fields.Selection(
        selection=[
            ("valid", "In Effect"),
            ("taken_back", "Taken Back"),
            ("counter", "Counter-Entry"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _name_uniq = models.UniqueIndex("(name)", "An allocation has this number.")
    _origin_uniq = models.UniqueIndex(
        "(origin_id) WHERE origin_id IS NOT NULL",
        "The allocation was taken back already.",
    )
    _amount_sign = models.Constraint(
        "CHECK ((origin_id IS NULL AND amount > 0) "
        "OR (origin_id IS NOT NULL AND amount < 0))",
        "An allocation is above zero, and below zero when it takes one back.",
    )

    @api.depends("origin_id", "reversal_ids")
    def _compute_state(self):
        for allocation in self:
            if allocation.origin_id:
                allocation.state = "counter"
            else:
                allocation.state = "taken_back" if allocation.reversal_ids else "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "valid": [("origin_id", "=", False), ("reversal_ids", "=", False)],
            "taken_back": [("origin_id", "=", False), ("reversal_ids", "!=", False)],
            "counter": [("origin_id", "!=", False)],
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Allocations stay: take a wrong one back with a counter-entry.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._prepare_create(vals)
        allocations = super().create(vals_list)
        allocations._check_sides()
        allocations._post()
        allocations._check_open()
        return allocations

    @api.model
    def _prepare_create(self, vals):
        """Number, customer, lines and currency follow from the two sides, in place;
        all of a counter-entry follows from what it takes back."""
        origin = self.browse(vals.get("origin_id") or [])
        if origin:
            vals.update(origin._prepare_counter_vals())
        bills = self.env["key.account.bill"]
        bill = bills.browse(vals.get("bill_id"))
        credit = bills.browse(vals.get("credit_id") or [])
        (bill | credit).check_access("write")
        vals["name"] = self._next_number()
        vals["partner_id"] = bill.partner_id.id
        vals["line_id"] = bill.line_id.id
        vals["currency_id"] = bill.currency_id.id
        if credit:
            vals["credit_line_id"] = credit.line_id.id
        vals["amount"] = bill.currency_id.round(vals.get("amount") or 0)

    @api.model
    def _next_number(self):
        # sudo: nobody but the system draws numbers.
        return self.env["ir.sequence"].sudo().next_by_code("key.account.allocation")

    def write(self, vals):
        if vals.keys() - {"unit_id", "manager_id"}:
            raise UserError(
                self.env._(
                    "The allocation is in the ledger: take it back with a "
                    "counter-entry."
                )
            )
        return super().write(vals)

    def _check_sides(self):
        """Both sides are one customer's, in one currency, on a day when both were."""
        today = fields.Date.context_today(self)
        for allocation in self:
            bill, credit = allocation.bill_id, allocation.credit_id
            if credit and (credit.partner_id, credit.currency_id) != (
                bill.partner_id,
                bill.currency_id,
            ):
                raise ValidationError(
                    self.env._(
                        "%(credit)s and %(bill)s are not of one customer and "
                        "currency: choose a bill of the same ones.",
                        credit=credit.name,
                        bill=bill.name,
                    )
                )
            first = max(bill.date_bill, credit.date_bill or bill.date_bill)
            if not first <= allocation.date <= today:
                raise ValidationError(
                    self.env._(
                        "%(bill)s: allocate on a day from %(first)s, when bill and "
                        "credit were both there, up to today.",
                        bill=bill.name,
                        first=first,
                    )
                )

    def _check_open(self):
        """Nothing is settled beyond zero; asked anew after both sides were written.

        Whoever else allocates or pays for the customer at the same time writes the
        same narrow row (``key.account.standing._touch``) and comes after or again.
        """
        for allocation in self.filtered(lambda one: not one.origin_id):
            currency = allocation.currency_id
            rest = allocation._get_rest_of_credit()
            if currency.compare_amounts(allocation.bill_id.amount_open, 0) < 0:
                raise ValidationError(
                    self.env._(
                        "Less than %(amount)s is open of bill %(bill)s: allocate "
                        "what is open.",
                        amount=currency.format(allocation.amount),
                        bill=allocation.bill_id.name,
                    )
                )
            if currency.compare_amounts(rest, 0) < 0:
                raise ValidationError(
                    self.env._(
                        "Less than %(amount)s is left of %(credit)s: allocate what "
                        "is left.",
                        amount=currency.format(allocation.amount),
                        credit=allocation.credit_id.name
                        or self.env._("the payments on account"),
                    )
                )

    def _get_rest_of_credit(self):
        """What is left of the credit once this is posted; below zero is too much."""
        self.ensure_one()
        if self.credit_id:
            return -self.credit_id.amount_open
        # As far as the user may read: all payments on account of a line are one unit's.
        [(amount,)] = self.env["key.account.payment"]._read_group(
            [
                ("partner_id", "=", self.partner_id.id),
                ("line_id", "=", self.credit_line_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("bill_id", "=", False),
            ],
            [],
            ["amount:sum"],
        )
        return amount or 0

    def _post(self):
        """The two entries of each in the ledger of payments."""
        vals_list = []
        for allocation in self:
            for bill, line, sign in (
                (allocation.bill_id, allocation.line_id, 1),
                (allocation.credit_id, allocation.credit_line_id, -1),
            ):
                vals = allocation._prepare_payment_vals()
                vals["bill_id"], vals["line_id"] = bill.id, line.id
                vals["amount"] = sign * allocation.amount
                vals_list.append(vals)
        # sudo: only an allocation marks entries as its own; that the user may write
        # both sides was checked.
        self.env["key.account.payment"].sudo().create(vals_list)

    def _prepare_payment_vals(self):
        return {
            "name": self.name,
            "partner_id": self.partner_id.id,
            "date_payment": self.date,
            "currency_id": self.currency_id.id,
            "allocation_id": self.id,
        }

    @api.model
    def _propose(self, partner):
        """Values that set the customer's credits against its bills, the oldest first,
        as far as the user may do so."""
        bills = self.env["key.account.bill"]
        mine = Domain("partner_id", "=", partner.id)
        owed = bills.search(mine & Domain("amount_open", ">", 0), order="date_due, id")
        notes = bills.search(mine & Domain("amount_open", "<", 0), order="date_bill")
        owed, notes = owed._filtered_access("write"), notes._filtered_access("write")
        credits = [self._make_item(note, note.date_bill) for note in notes]
        credits += self._get_payments_on_account(mine)
        found = propose(
            credits, [self._make_item(bill, bill.date_due) for bill in owed]
        )
        return [
            {
                "bill_id": bill.id,
                "credit_id": credit.id if credit._name == bills._name else False,
                "credit_line_id": credit.line_id.id
                if credit._name == bills._name
                else credit.id,
                "currency_id": bill.currency_id.id,
                "amount": bill.currency_id.round(units * bill.currency_id.rounding),
            }
            for credit, bill, units in found
        ]

    def _make_item(self, bill, date):
        units = round(abs(bill.amount_open) / bill.currency_id.rounding)
        return Item(bill, bill.currency_id, bill.line_id, date, units)

    def _get_payments_on_account(self, mine):
        """What is left of payments on account: one credit for each line."""
        groups = self.env["key.account.payment"]._read_group(
            mine & Domain("bill_id", "=", False),
            ["line_id", "currency_id"],
            ["amount:sum", "date_payment:min"],
        )
        return [
            Item(line, currency, line, date, round(amount / currency.rounding))
            for line, currency, amount, date in groups
            if amount > 0
        ]

    def action_take_back(self):
        """Counter-entries of these, dated today. :return: them"""
        reversed_ones = self.filtered(lambda one: one.state != "valid")
        if reversed_ones:
            raise UserError(
                self.env._(
                    "%(names)s cannot be taken back: choose allocations in effect.",
                    names=", ".join(reversed_ones.mapped("name")),
                )
            )
        return self.create([one._prepare_counter_vals() for one in self])

    def _prepare_counter_vals(self):
        return {
            "origin_id": self.id,
            "bill_id": self.bill_id.id,
            "credit_id": self.credit_id.id,
            "credit_line_id": self.credit_line_id.id,
            "amount": -self.amount,
        }
