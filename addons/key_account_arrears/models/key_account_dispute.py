# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

DECIDERS = ("head", "company", "centre", "finance")
ASKED_FIELDS = {"bill_id", "amount", "reason", "date"}
OPEN_FIELDS = {"reason", "decision"}


class KeyAccountDispute(models.Model):
    """An amount of a bill that the customer contests, until somebody decides (ARR-12).

    While it is open the amount is no reason to dun or to suspend, and bears no late
    fee. What is conceded is corrected by a credit note of finance; a dispute moves no
    money.
    """

    _name = "key.account.dispute"
    _description = "Disputed Amount"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "bill_id"

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
        string="Disputed on", required=True, default=fields.Date.context_today
    )
    currency_id = fields.Many2one(related="bill_id.currency_id", store=True)
    amount = fields.Monetary(
        string="Disputed",
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="All that is open of the bill, or a part of it.",
    )
    reason = fields.Text(required=True, tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("conceded", "Conceded"),
            ("rejected", "Rejected"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )
    decision = fields.Text(help="What was found, and why it was decided so.")
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_decided = fields.Date(string="Decided on", readonly=True, copy=False)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _bill_open_uniq = models.UniqueIndex(
        "(bill_id) WHERE state = 'open'",
        "The bill is disputed already: decide that dispute first.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Say which amount of the bill is disputed."
    )

    @api.depends("bill_id")
    def _compute_partner_id(self):
        for dispute in self:
            dispute.partner_id = dispute.bill_id.partner_id or dispute.partner_id

    @api.depends("bill_id")
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = max(dispute.bill_id.amount_open, 0)

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        is_decider = self.env.user.key_account_role in DECIDERS
        for dispute in self:
            is_open = dispute.state == "open" and dispute._origin
            dispute.can_decide = bool(
                is_open and is_decider and dispute.user_id != self.env.user
            )

    @api.constrains("amount", "bill_id", "date")
    def _check_amount(self):
        for dispute in self:
            bill = dispute.bill_id
            if dispute.currency_id.compare_amounts(dispute.amount, bill.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "Bill %(bill)s is about %(amount)s: no more of it can be "
                        "disputed.",
                        bill=bill.name,
                        amount=bill.currency_id.format(bill.amount),
                    )
                )
            today = fields.Date.context_today(dispute)
            if not bill.date_bill <= dispute.date <= today:
                raise ValidationError(
                    self.env._(
                        "Bill %(bill)s is disputed on a day from %(first)s up to "
                        "today.",
                        bill=bill.name,
                        first=bill.date_bill,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Disputes stay: decide them."))

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
                    "The dispute stays as it was recorded: decide it, and record a "
                    "new one."
                )
            )
        if any(dispute.state != "open" for dispute in self):
            raise UserError(self.env._("The dispute is decided: it no longer changes."))
        return super().write(vals)

    def action_concede(self):
        """The customer is right: finance corrects the bill by a credit note."""
        return self._decide("conceded")

    def action_reject(self):
        """The bill is right: the amount is due again."""
        return self._decide("rejected")

    def _decide(self, state):
        self.check_access("write")
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for dispute in self:
            dispute._check_may_decide()
        # sudo: who decides and when is written by the buttons only; checked above.
        super(KeyAccountDispute, self.sudo()).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Date.context_today(self),
            }
        )
        return True

    def _check_may_decide(self):
        if self.state != "open":
            raise UserError(self.env._("The dispute is decided: reload the page."))
        if self.env.su:
            return
        if self.env.user.key_account_role not in DECIDERS:
            raise AccessError(
                self.env._(
                    "Disputes are decided by a head or by finance: ask one of them."
                )
            )
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("Nobody decides a dispute of his own: ask a colleague.")
            )
        if not (self.decision or "").strip():
            raise UserError(
                self.env._(
                    "Write down what was found, so that the customer can be told."
                )
            )
