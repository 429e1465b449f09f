# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

STATES = [
    ("requested", "Waiting for Approval"),
    ("granted", "Granted"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
ASKED = {"complaint_id", "kind_id", "amount", "points", "reason"}


class KeyAccountCompensation(models.Model):
    """What a customer is given for a justified complaint: money, points, or else.

    Up to the limit of his role whoever asks grants it himself; above it, and points
    always, another person does. What is granted is a cost of the complaint; points are
    a reward in the ledger of points.
    """

    _name = "key.account.compensation"
    _description = "Compensation"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"
    _rec_name = "reason"
    _key_account_untracked = ("reason", "refusal")

    complaint_id = fields.Many2one(
        comodel_name="key.account.complaint",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        required=True,
        ondelete="restrict",
        domain=[("category", "=", "compensation_kind")],
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(help="What it costs; points: what they are worth to us.")
    points = fields.Integer(help="Points given as a reward.")
    reason = fields.Char(required=True)
    state = fields.Selection(
        selection=STATES, default="requested", required=True, readonly=True, index=True
    )
    date = fields.Date(readonly=True, required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        ondelete="restrict",
    )
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    refusal = fields.Char(string="Why Refused", readonly=True)
    adjustment_id = fields.Many2one(
        comodel_name="key.account.point.adjustment",
        string="Reward Points",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="key_account_crm.group_key_account_staff",
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _something_given = models.Constraint(
        "CHECK (amount >= 0 AND points >= 0 AND (amount > 0 OR points > 0))",
        "Say what is given: an amount, points, or both; neither is below zero.",
    )

    @api.depends("state", "user_id", "amount", "points")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for row in self:
            row.can_decide = row.state == "requested" and not row._get_obstacle()

    @api.model_create_multi
    def create(self, vals_list):
        complaints = self.env["key.account.complaint"]
        kept = []
        for vals in vals_list:
            complaint = complaints.browse(vals.get("complaint_id"))
            complaint.check_access("write")
            kept.append(
                {
                    **{key: vals[key] for key in ASKED & vals.keys()},
                    "partner_id": complaint.partner_id.id,
                    "line_id": complaint.line_id.id,
                    "currency_id": complaint.currency_id.id,
                    "user_id": self.env.uid,
                }
            )
        rows = super().create(kept)
        rows.filtered(lambda row: row._is_within_own_limit())._grant()
        return rows

    def write(self, vals):
        raise UserError(
            self.env._("It stays as it was asked for: withdraw it, or ask anew.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("A compensation stays on record: withdraw it."))

    def _is_within_own_limit(self):
        """Whether whoever asks may grant it himself; the centre decides on points."""
        return not self.points and self._is_within_limit(self.env.user)

    def _is_within_limit(self, user):
        # sudo: the limits hold whoever may open the rule.
        rule = self.sudo().complaint_id.rule_id
        limit = rule._get_limit(user.key_account_role)
        digits = self.currency_id.rounding
        return float_compare(self.amount, limit, precision_rounding=digits) <= 0

    def _get_obstacle(self):
        """Why the user may not decide about it, or nothing."""
        user = self.env.user
        if self.env.su:
            return None
        if self.user_id == user:
            return self.env._(
                "Nobody decides about his own request: ask a colleague above."
            )
        if user.key_account_role == "centre":
            return None
        if self.points:
            return self.env._("Points are approved by the centre: ask it to decide.")
        if user.key_account_role not in ("head", "company"):
            return self.env._("A head, the company or the centre decides about it.")
        if not self._is_within_limit(user):
            return self.env._(
                "It is above the limit of your role: the next one above decides."
            )
        return None

    def _check_decider(self):
        self.check_access("write")
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for row in self:
            if row.state != "requested":
                raise UserError(
                    self.env._("This is decided or done already: reload the page.")
                )
            obstacle = row._get_obstacle()
            if obstacle:
                raise AccessError(obstacle)

    def action_grant(self):
        self._check_decider()
        self._grant()
        return True

    def action_withdraw(self):
        self.check_access("read")
        if any(row.user_id != self.env.user for row in self):
            raise UserError(self.env._("Only who asked for it withdraws it."))
        if any(row.state != "requested" for row in self):
            raise UserError(
                self.env._("This is decided or done already: reload the page.")
            )
        self._set(state="withdrawn", date_decided=fields.Datetime.now())
        return True

    def _refuse(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why, so that whoever asked knows what to do next.")
            )
        self._check_decider()
        self._set(
            state="refused",
            refusal=reason,
            decided_by_id=self.env.uid,
            date_decided=fields.Datetime.now(),
        )

    def _grant(self):
        for row in self:
            row._set(
                state="granted",
                decided_by_id=self.env.uid,
                date_decided=fields.Datetime.now(),
            )
            if row.points:
                row._give_points()
        self.complaint_id._sum_compensation()

    def _give_points(self):
        """A reward by the rules of points: asked for by one, approved by the other."""
        # sudo: who asks for points by hand is at the centre; here the complaint gives
        # the reason, and another person at the centre approves.
        asked = self.env["key.account.point.adjustment"].with_user(self.user_id).sudo()
        number = self.complaint_id.number_id
        adjustment = asked.create(
            {
                "partner_id": self.partner_id.id,
                "line_id": self.line_id.id,
                "number_id": number.id,
                "kind": "reward",
                "quantity": self.points,
                "reason": f"{self.complaint_id.name}: {self.reason}",
            }
        )
        adjustment.with_user(self.env.user).sudo(self.env.su).action_approve()
        self._set(adjustment_id=adjustment.id)

    def _set(self, **vals):
        # sudo: nobody writes these rows; who may do this was checked by the caller.
        super(KeyAccountCompensation, self.sudo()).write(vals)
        self.env.flush_all()
