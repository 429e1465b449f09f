# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .key_account_dispute import DECIDERS

STATES = [
    ("requested", "To Approve"),
    ("open", "Open"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("withdrawn", "Withdrawn"),
]
ASKED_FIELDS = {
    "partner_id",
    "line_id",
    "kind",
    "date",
    "date_due",
    "currency_id",
    "amount",
    "note",
    "instalment_ids",
}


class KeyAccountPromise(models.Model):
    """A customer's promise to pay, at once or in instalments (ARR-12).

    Whether it is kept is decided by the payments alone: the money that came in since
    the day of the promise, by its dates. Nobody marks a promise as kept.
    """

    _name = "key.account.promise"
    _description = "Promise to Pay"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _key_account_untracked = ("amount_paid", "date_kept", "date_next")

    kind = fields.Selection(
        selection=[("promise", "Promise"), ("plan", "Instalment Plan")],
        default="promise",
        required=True,
        help="A plan is in effect once a head or finance approved it.",
    )
    line_id = fields.Many2one(
        help="Empty: payments of every line that your unit answers for count."
    )
    date = fields.Date(
        string="Promised on", required=True, default=fields.Date.context_today
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Of a plan the sum of its instalments.",
    )
    date_due = fields.Date(
        string="Pays by",
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Of a plan the last instalment.",
    )
    instalment_ids = fields.One2many(
        comodel_name="key.account.promise.instalment",
        inverse_name="promise_id",
        string="Instalments",
    )
    note = fields.Text(string="Remarks")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_approved = fields.Date(string="Approved on", readonly=True, copy=False)
    date_withdrawn = fields.Date(string="Withdrawn on", readonly=True, copy=False)
    amount_before = fields.Monetary(
        string="Paid before",
        readonly=True,
        copy=False,
        help="Payments of that day that were there before the promise.",
    )
    amount_paid = fields.Monetary(
        string="Paid since", readonly=True, copy=False, help="By the payments."
    )
    date_kept = fields.Date(
        string="Paid in Full on", readonly=True, copy=False, help="By the payments."
    )
    date_next = fields.Date(
        string="Next Payment by",
        readonly=True,
        copy=False,
        help="The first instalment that is not paid yet.",
    )
    state = fields.Selection(
        selection=STATES,
        compute="_compute_state",
        search="_search_state",
        help="Follows from the payments and the day.",
    )
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promise is about more than nothing."
    )
    _date_order = models.Constraint(
        "CHECK (date_due >= date)", "What is promised is paid on that day or later."
    )

    @api.depends("kind", "instalment_ids.amount", "instalment_ids.date_due")
    def _compute_amount(self):
        for promise in self:
            rows = promise.instalment_ids
            if promise.kind == "plan" and rows and not promise._origin:
                promise.amount = sum(rows.mapped("amount"))
                promise.date_due = max(
                    filter(None, rows.mapped("date_due")), default=False
                )
            else:
                promise.amount = promise.amount
                promise.date_due = promise.date_due

    @api.depends(
        "kind",
        "date_approved",
        "date_withdrawn",
        "date_kept",
        "instalment_ids.date_due",
        "instalment_ids.date_kept",
    )
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for promise in self:
            if promise.date_withdrawn:
                promise.state = "withdrawn"
            elif promise.kind == "plan" and not promise.date_approved:
                promise.state = "requested"
            elif any(row._is_broken(today) for row in promise.instalment_ids):
                promise.state = "broken"
            else:
                promise.state = "kept" if promise.date_kept else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain.OR(self._get_state_domains(today)[state] for state in value)

    @api.model
    def _get_state_domains(self, today):
        """What ``state`` says, as domains."""
        withdrawn = Domain("date_withdrawn", "!=", False)
        waiting = Domain("kind", "=", "plan") & Domain("date_approved", "=", False)
        late = Domain("date_kept", "=", False) | Domain("is_late", "=", True)
        broken = Domain("instalment_ids", "any", Domain("date_due", "<", today) & late)
        valid = ~withdrawn & ~waiting
        paid = Domain("date_kept", "!=", False)
        return {
            "withdrawn": withdrawn,
            "requested": waiting & ~withdrawn,
            "broken": valid & broken,
            "kept": valid & ~broken & paid,
            "open": valid & ~broken & ~paid,
            False: Domain.FALSE,
        }

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        is_decider = self.env.user.key_account_role in DECIDERS
        for promise in self:
            promise.can_approve = (
                is_decider
                and promise.state == "requested"
                and promise.user_id != self.env.user
            )

    @api.constrains("date", "date_due")
    def _check_dates(self):
        for promise in self:
            if promise.date > fields.Date.context_today(promise):
                raise ValidationError(
                    self.env._("A promise is recorded on its day or later.")
                )

    @api.onchange("partner_id", "line_id")
    def _onchange_partner_id(self):
        """Propose what the customer owes now."""
        domain = [("partner_id", "=", self.partner_id._origin.id)]
        if self.line_id:
            domain.append(("line_id", "=", self.line_id._origin.id))
        groups = self.env["key.account.open.item"]._read_group(
            [*domain, ("is_overdue", "=", True)],
            ["currency_id"],
            ["amount_overdue:sum"],
            order="amount_overdue:sum desc",
            limit=1,
        )
        for currency, amount in groups:
            self.currency_id, self.amount = currency, amount

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Promises stay: withdraw one that was a mistake."))

    @api.model_create_multi
    def create(self, vals_list):
        rows_list = []
        for vals in vals_list:
            for name in vals.keys() - ASKED_FIELDS:
                if name in self._fields and not self.env.su:
                    del vals[name]
            rows_list.append(self._complete_instalments(vals))
        promises = super().create(vals_list)
        promises._check_sole()
        promises._create_instalments(rows_list)
        promises._note_before()
        self._follow(promises.partner_id.ids)
        return promises

    @api.model
    def _complete_instalments(self, vals):
        """Of a plan amount and last day follow from its rows; a promise is one row.

        :return: the values of the rows
        """
        rows = [command[2] for command in vals.pop("instalment_ids", None) or ()]
        if vals.get("kind") == "plan":
            if any(not (row.get("amount") and row.get("date_due")) for row in rows):
                raise UserError(
                    self.env._("Each instalment has an amount and a day: enter both.")
                )
            if len(rows) < 2:
                raise UserError(
                    self.env._("A plan has two instalments or more: enter them.")
                )
            vals["amount"] = sum(row["amount"] for row in rows)
            vals["date_due"] = max(fields.Date.to_date(row["date_due"]) for row in rows)
            return rows
        return [{"amount": vals.get("amount"), "date_due": vals.get("date_due")}]

    def _create_instalments(self, rows_list):
        # sudo: rows come with their promise and never later; who may record one was
        # checked when it was created.
        self.env["key.account.promise.instalment"].sudo().create(
            [
                {
                    "promise_id": promise.id,
                    "amount": row["amount"],
                    "date_due": row["date_due"],
                }
                for promise, rows in zip(self, rows_list, strict=True)
                for row in rows
            ]
        )

    def write(self, vals):
        if vals.keys() - {"note"}:
            raise UserError(
                self.env._(
                    "A promise stays as it was given: withdraw it, and record the new "
                    "one."
                )
            )
        return super().write(vals)

    def _check_sole(self):
        """Money keeps one promise: there is one at a time. Whoever records another one
        at the same moment writes the same narrow row and comes after
        (``key.account.standing._touch``)."""
        for promise in self:
            # sudo: an earlier promise counts whoever recorded it; only that there is
            # one comes out.
            others = promise.sudo().search(
                Domain("id", "!=", promise.id)
                & Domain("partner_id", "=", promise.partner_id.id)
                & Domain("unit_id", "=", promise.unit_id.id)
                & Domain("currency_id", "=", promise.currency_id.id)
                & Domain("date_withdrawn", "=", False)
                & Domain("date_kept", "=", False)
                & Domain("date_due", ">=", promise.date)
                & Domain("date", "<=", promise.date_due)
            )
            line = promise.line_id
            if any(not (line and one.line_id) or one.line_id == line for one in others):
                raise UserError(
                    self.env._(
                        "%(customer)s has promised to pay already: withdraw that "
                        "promise, or let its day pass.",
                        customer=promise.partner_id.display_name,
                    )
                )

    def action_approve(self):
        """Put plans in effect; another person than the one who made them does."""
        self.check_access("write")
        for promise in self:
            if promise.state != "requested":
                raise UserError(self.env._("Only a plan that waits is approved."))
            if not self.env.su:
                promise._check_approver()
        self._write_decision(
            approver_id=self.env.uid, date_approved=fields.Date.context_today(self)
        )
        return True

    def _check_approver(self):
        if self.env.user.key_account_role not in DECIDERS:
            raise AccessError(
                self.env._("Plans are approved by a head or by finance: ask one.")
            )
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("Nobody approves a plan of his own: ask a colleague.")
            )

    def action_withdraw(self):
        """The customer takes it back, or it was recorded by mistake."""
        self.check_access("write")
        for promise in self:
            if promise.state not in ("open", "requested"):
                raise UserError(
                    self.env._("What was kept or broken stays so: it is counted.")
                )
        self._write_decision(date_withdrawn=fields.Date.context_today(self))
        return True

    def _write_decision(self, **vals):
        # sudo: written by the buttons only, which checked who presses them.
        super(KeyAccountPromise, self.sudo()).write(vals)
