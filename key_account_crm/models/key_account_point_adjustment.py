# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("requested", "Waiting for Approval"),
    ("approved", "Booked"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]


class KeyAccountPointAdjustment(models.Model):
    """Points given or taken by hand: a reward, a correction, an entry taken back.

    Asked for at the centre with a reason, booked when another person there approves
    (PTS-09); the largest quantity is in the rule.
    """

    _name = "key.account.point.adjustment"
    _description = "Points by Hand"
    _inherit = ["key.account.fact.mixin", "key.account.point.decided.mixin"]
    _order = "date desc, id desc"
    _rec_name = "reason"
    _asked_fields = (
        "partner_id",
        "line_id",
        "number_id",
        "kind",
        "quantity",
        "reason",
        "entry_id",
    )

    kind = fields.Selection(
        selection=[
            ("reward", "Reward"),
            ("adjustment", "Adjustment"),
            ("reversal", "Entry Taken Back"),
        ],
        default="reward",
        required=True,
    )
    quantity = fields.Integer(
        string="Points", required=True, help="Below zero where points are taken."
    )
    reason = fields.Char(required=True)
    entry_id = fields.Many2one(
        comodel_name="key.account.point.entry",
        string="Entry Taken Back",
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=STATES,
        default="requested",
        required=True,
        readonly=True,
        index=True,
    )
    can_withdraw = fields.Boolean(compute="_compute_can_withdraw")
    entry_ids = fields.One2many(
        comodel_name="key.account.point.entry",
        inverse_name="adjustment_id",
        string="Entries",
        readonly=True,
    )

    _quantity_given = models.Constraint(
        "CHECK (quantity <> 0)", "Say how many points are given or taken."
    )
    _reward_positive = models.Constraint(
        "CHECK (kind <> 'reward' OR quantity > 0)", "A reward gives points."
    )
    _entry_given = models.Constraint(
        "CHECK ((kind = 'reversal') = (entry_id IS NOT NULL))",
        "Name the entry that is taken back, of a reversal only.",
    )

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_withdraw(self):
        for row in self:
            is_own = row.user_id == self.env.user
            row.can_withdraw = is_own and row.state == "requested"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._prepare_asked(vals) for vals in vals_list])
        rows._check_limit()
        return rows

    @api.model
    def _prepare_asked(self, vals):
        kept = self._keep_asked(vals)
        if kept.get("entry_id"):
            entry = self.env["key.account.point.entry"].browse(kept["entry_id"])
            entry.check_access("read")
            kept |= {
                "kind": "reversal",
                "quantity": -entry.quantity,
                "partner_id": entry.partner_id.id,
                "line_id": entry.line_id.id,
                "number_id": entry.number_id.id,
            }
        return {**kept, "state": "requested", "user_id": self.env.uid}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(
            self.env._("Points by hand stay: withdraw the request, or take it back.")
        )

    def _check_limit(self):
        rules = self.env["key.account.point.rule"]
        today = fields.Date.context_today(self)
        for row in self:
            # sudo: of the rule only its limit.
            unit = row.sudo().unit_id
            rule = rules._get_in_force(today, unit)
            limit = rule.adjustment_limit
            if rule and abs(row.quantity) > limit and row.kind != "reversal":
                raise UserError(
                    self.env._(
                        "%(points)s points are more than the rule allows to give or "
                        "take by hand at once (%(limit)s).",
                        points=abs(row.quantity),
                        limit=limit,
                    )
                )

    def action_approve(self):
        """Book the points."""
        self._check_decider()
        for row in self:
            row._book()
        self._decide("approved")
        self._renew_snapshots()
        return True

    def action_withdraw(self):
        self._check_state("requested")
        if any(row.user_id != self.env.user for row in self):
            raise UserError(self.env._("Only who asked for it withdraws it."))
        self._decide("withdrawn")
        return True

    def _refuse(self, reason):
        self._check_reason(reason)
        self._check_decider()
        self._decide("refused", refusal=reason)

    def _book(self):
        entries = self._get_entries()
        if self.kind == "reversal":
            entry = self.entry_id.sudo()  # sudo: the right to decide was checked
            if entry.redemption_id:
                raise UserError(
                    self.env._("Cancel the redemption instead: it gives all back.")
                )
            entry._reverse(self.reason, adjustment_id=self.id)
            return
        values = {"adjustment_id": self.id, "note": self.reason}
        if self.quantity > 0:
            entries._earn(
                self.kind,
                self.partner_id,
                self.quantity,
                self.line_id,
                self.number_id,
                **values,
            )
        else:
            entries._use(
                self.kind,
                self.partner_id,
                -self.quantity,
                self.line_id,
                self.number_id,
                **values,
            )
