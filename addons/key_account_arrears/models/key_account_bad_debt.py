# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

ASKED_FIELDS = {"bill_id", "amount", "reason", "date"}
OPEN_FIELDS = {"reason", "decision"}


class KeyAccountBadDebt(models.Model):
    """What of a bill is given up: proposed by one person of finance, approved by
    another, booked, and won back where the customer pays after all (ARR-09, ARR-11).

    Approved, it is no arrears any more: an allocation settles the bill without money.
    A payment of the bill that comes later takes that much of it back by itself, so
    that collected and lost are always told apart.
    """

    _name = "key.account.bad.debt"
    _description = "Bad Debt"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "bill_id"
    _key_account_export_roles = FIGURE_ROLES

    bill_id = fields.Many2one(
        comodel_name="key.account.bill",
        string="Bill",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('amount_open', '>', 0)]",
    )
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    date = fields.Date(
        string="Proposed on", required=True, default=fields.Date.context_today
    )
    currency_id = fields.Many2one(related="bill_id.currency_id", store=True)
    amount = fields.Monetary(
        string="Given Up",
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="All that is open of the bill, or a part of it.",
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        default=0,
        help="What was paid after all.",
    )
    amount_lost = fields.Monetary(
        string="Lost",
        compute="_compute_amount_lost",
        store=True,
        help="Given up, approved and not recovered.",
    )
    reason = fields.Text(required=True, tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )
    decision = fields.Text(help="Why it was refused, or what was decided besides.")
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_decided = fields.Date(string="Decided on", readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    allocation_ids = fields.One2many(
        comodel_name="key.account.allocation",
        inverse_name="bad_debt_id",
        string="Entries",
    )

    _bill_proposed_uniq = models.UniqueIndex(
        "(bill_id) WHERE state = 'proposed'",
        "Giving up the bill is proposed already: decide that first.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Say which amount of the bill is given up."
    )
    _recovered_within = models.Constraint(
        "CHECK (amount_recovered >= 0 AND amount_recovered <= amount)",
        "No more is recovered than was given up.",
    )

    @api.depends("bill_id")
    def _compute_partner_id(self):
        for debt in self:
            debt.partner_id = debt.bill_id.partner_id or debt.partner_id

    @api.depends("bill_id")
    def _compute_amount(self):
        for debt in self:
            debt.amount = max(debt.bill_id.amount_open, 0)

    @api.depends("amount", "amount_recovered", "state")
    def _compute_amount_lost(self):
        for debt in self:
            is_lost = debt.state == "approved"
            debt.amount_lost = debt.amount - debt.amount_recovered if is_lost else 0

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        is_decider = self.env.user.key_account_role == "finance"
        for debt in self:
            is_open = debt.state == "proposed" and debt._origin
            debt.can_decide = bool(
                is_open and is_decider and debt.user_id != self.env.user
            )

    @api.constrains("amount", "bill_id")
    def _check_amount(self):
        for debt in self.filtered(lambda one: one.state == "proposed"):
            debt._check_open()

    def _check_open(self):
        # sudo: what is open of the bill is the same whoever asks.
        bill = self.sudo().bill_id
        if bill.currency_id.compare_amounts(self.amount, bill.amount_open) > 0:
            raise ValidationError(
                self.env._(
                    "Of bill %(bill)s %(open)s is open: give up no more of it.",
                    bill=bill.name,
                    open=bill.currency_id.format(bill.amount_open),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Bad debts stay: decide them."))

    @api.model_create_multi
    def create(self, vals_list):
        bills = self.env["key.account.bill"]
        for vals in vals_list:
            bill = bills.browse(vals.get("bill_id") or [])
            bill.check_access("read")
            for name in vals.keys() - ASKED_FIELDS:
                if name in self._fields and not self.env.su:
                    del vals[name]
            if bill:
                vals["partner_id"] = bill.partner_id.id
                vals["line_id"] = bill.line_id.id
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - OPEN_FIELDS:
            raise UserError(
                self.env._(
                    "The bad debt stays as it was proposed: refuse it, and propose a "
                    "new one."
                )
            )
        if any(debt.state != "proposed" for debt in self):
            raise UserError(self.env._("The bad debt is decided: it stays."))
        return super().write(vals)

    def action_approve(self):
        """It is given up: the bill is settled by an allocation without money."""
        self._decide("approved")
        self._book()
        return True

    def action_refuse(self):
        """It is not given up: the amount stays in arrears."""
        for debt in self:
            if not (debt.decision or "").strip():
                raise UserError(self.env._("Write down why it is refused."))
        self._decide("refused")
        return True

    def _decide(self, state):
        self.check_access("write")
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for debt in self:
            debt._check_may_decide()
            if state == "approved":
                debt._check_open()
        self._set(
            state=state,
            decided_by_id=self.env.uid,
            date_decided=fields.Date.context_today(self),
        )

    def _set(self, **vals):
        # sudo: written by the buttons and the payments only, which checked who asks.
        super(KeyAccountBadDebt, self.sudo()).write(vals)
        # at once: a new proposal for the bill is inserted, not written
        self.flush_recordset()

    def _check_may_decide(self):
        if self.state != "proposed":
            raise UserError(self.env._("The bad debt is decided: reload the page."))
        if self.env.su:
            return
        if self.env.user.key_account_role != "finance":
            raise AccessError(
                self.env._("Bad debts are decided by finance: ask a colleague there.")
            )
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("Nobody approves a bad debt of his own: ask a colleague.")
            )

    def _book(self):
        """Settle the bills of what was approved."""
        # sudo: only a bad debt makes an allocation of itself; that the user may
        # decide on this one was checked.
        self.env["key.account.allocation"].sudo().create(
            [debt._prepare_allocation_vals(debt.amount) for debt in self]
        )

    def _prepare_allocation_vals(self, amount):
        return {
            "bill_id": self.bill_id.id,
            "bad_debt_id": self.id,
            "date": fields.Date.context_today(self),
            "amount": amount,
        }

    def _recover(self, amount):
        """Take back so much of it: the bill is owed again, or was paid after all."""
        self.ensure_one()
        currency = self.currency_id
        left = currency.round(self.amount_lost - amount)
        self._set(amount_recovered=currency.round(self.amount_recovered + amount))
        # sudo: as in booking.
        entries = self.sudo().allocation_ids
        entries.filtered(lambda entry: entry.state == "valid").action_take_back()
        if not currency.is_zero(left):
            self.env["key.account.allocation"].sudo().create(
                [self._prepare_allocation_vals(left)]
            )

    @api.model
    def _follow(self, partner_ids=None):
        """Take back what was given up of bills that were paid after all."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debt.id, LEAST(debt.amount_lost, -bill.amount_open)
                  FROM key_account_bad_debt AS debt
                  JOIN key_account_bill AS bill ON bill.id = debt.bill_id
                 WHERE debt.amount_lost > 0 AND bill.amount_open < 0
                   AND (%(all)s OR debt.partner_id = ANY(%(partners)s))
                 ORDER BY debt.bill_id, debt.id DESC
                """,
                all=partner_ids is None,
                partners=list(partner_ids or []),
            )
        )
        for debt_id, _amount in rows:
            # sudo: what is recovered follows from the payments, whoever booked them.
            debt = self.sudo().browse(debt_id)
            over = -debt.bill_id.amount_open
            if debt.currency_id.compare_amounts(over, 0) > 0 and debt.amount_lost > 0:
                debt._recover(min(over, debt.amount_lost))
