# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_point_decided_mixin import CENTRE

STATES = [
    ("requested", "Waiting for Approval"),
    ("approved", "Ready"),
    ("fulfilled", "Handed Out"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
LIVE_STATES = ("requested", "approved", "fulfilled")


class KeyAccountPointRedemption(models.Model):
    """Points of a customer used for a reward (PTS-06).

    Points and stock are taken at once, when it is asked for, so that nobody redeems
    what another one is waiting for. Above the limit of the rule another person at the
    centre approves. What is refused or cancelled gives points and stock back.
    """

    _name = "key.account.point.redemption"
    _description = "Redemption of Points"
    _inherit = ["key.account.fact.mixin", "key.account.point.decided.mixin"]
    _order = "date desc, id desc"
    _asked_fields = (
        "partner_id",
        "line_id",
        "number_id",
        "reward_id",
        "count",
        "note",
    )

    name = fields.Char(
        string="Receipt", required=True, readonly=True, copy=False, default="/"
    )
    reward_id = fields.Many2one(
        comodel_name="key.account.point.reward",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_offered", "=", True)],
    )
    class_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Class",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Of the reward on the day it was redeemed.",
    )
    count = fields.Integer(string="Quantity", required=True, default=1)
    points = fields.Integer(
        compute="_compute_points",
        store=True,
        precompute=True,
        help="Of all pieces, as the catalogue said on that day.",
    )
    needs_approval = fields.Boolean(
        string="Approval Needed", compute="_compute_needs_approval"
    )
    can_cancel = fields.Boolean(compute="_compute_can_cancel")
    month = fields.Date(
        readonly=True,
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Its first day.",
    )
    state = fields.Selection(
        selection=STATES,
        default="requested",
        required=True,
        readonly=True,
        index=True,
    )
    fulfilled_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Handed Out by",
        readonly=True,
        ondelete="restrict",
    )
    date_fulfilled = fields.Datetime(string="Handed Out on", readonly=True)
    note = fields.Char(string="Remarks")
    entry_ids = fields.One2many(
        comodel_name="key.account.point.entry",
        inverse_name="redemption_id",
        string="Entries",
        readonly=True,
    )

    _count_positive = models.Constraint(
        "CHECK (count > 0)", "Redeem at least one piece."
    )
    _name_uniq = models.UniqueIndex("(name)", "There is a receipt with this number.")

    @api.depends("reward_id", "count")
    def _compute_points(self):
        for redemption in self:
            redemption.points = redemption.reward_id.points * redemption.count

    @api.depends("partner_id", "line_id", "points")
    def _compute_needs_approval(self):
        for redemption in self:
            redemption.needs_approval = redemption._is_above_limit()

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_cancel(self):
        for redemption in self:
            redemption.can_cancel = redemption._may_cancel()

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        # sudo: numbers of receipts are drawn by the system.
        sequences = self.env["ir.sequence"].sudo()
        kept = []
        for vals in vals_list:
            reward = self.env["key.account.point.reward"].browse(vals.get("reward_id"))
            kept.append(
                {
                    **self._keep_asked(vals),
                    "name": sequences.next_by_code("key.account.point.redemption"),
                    "class_id": reward.class_id.id,
                    "month": today.replace(day=1),
                    "state": "requested",
                    "user_id": self.env.uid,
                }
            )
        redemptions = super().create(kept)
        for redemption in redemptions:
            redemption._reserve()
        return redemptions

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Redemptions stay: cancel one instead."))

    def _is_above_limit(self):
        # sudo: of the rule only its limit.
        partner = self.partner_id.sudo()
        unit = partner.key_account_unit_id
        files = partner.key_account_line_file_ids
        of_line = files.filtered(lambda file: file.line_id == self.line_id)
        rule = self.env["key.account.point.rule"]._get_in_force(
            fields.Date.context_today(self), of_line.unit_id or unit
        )
        return self.points > rule.redemption_limit

    def _reserve(self):
        """Take points and stock; ready at once where no approval is needed."""
        self.ensure_one()
        self.reward_id._check_offered()
        # sudo: the stock is counted by the system.
        self.reward_id.sudo()._take_stock(self.count)
        self._get_entries()._use(
            "redemption",
            self.partner_id,
            self.points,
            self.line_id,
            self.number_id,
            redemption_id=self.id,
            note=self.reward_id.name,
        )
        self._renew_snapshots()
        if not self._is_above_limit():
            self._set(state="approved")

    def action_approve(self):
        self._check_decider()
        self._decide("approved")
        return True

    def action_fulfil(self):
        """Hand the reward out and print the receipt."""
        self._check_state("approved")
        self._check_staff()
        self._set(
            state="fulfilled",
            fulfilled_by_id=self.env.uid,
            date_fulfilled=fields.Datetime.now(),
        )
        return True

    def action_print(self):
        return self.env.ref(
            "key_account_crm.key_account_point_redemption_report"
        ).report_action(self)

    def _refuse(self, reason):
        self._check_reason(reason)
        self._check_decider()
        self._give_back(reason)
        self._decide("refused", refusal=reason)

    def _cancel(self, reason):
        """By whoever asked while it waits or is ready; by the centre at any time."""
        self._check_reason(reason)
        self._check_state(*LIVE_STATES)
        for redemption in self:
            if not redemption._may_cancel():
                raise AccessError(
                    self.env._(
                        "%(receipt)s is cancelled by whoever requested it, before it "
                        "was handed out, or by the centre.",
                        receipt=redemption.name,
                    )
                )
        self._give_back(reason)
        self._decide("cancelled", refusal=reason)

    def _may_cancel(self):
        if self.env.su or self.env.user.has_group(CENTRE):
            return self.state in LIVE_STATES
        is_open = self.state in ("requested", "approved")
        return is_open and self.user_id == self.env.user

    def _give_back(self, reason):
        for redemption in self:
            # sudo: points and stock are the system's; rights were checked.
            redemption.sudo().entry_ids._reverse(reason)
            redemption.reward_id.sudo()._take_stock(-redemption.count)
        self._renew_snapshots()

    def _check_staff(self):
        """Whoever serves customers hands out, inside his own reach."""
        staff = "key_account_crm.group_key_account_staff"
        if not (self.env.su or self.env.user.has_group(staff)):
            raise AccessError(
                self.env._("Rewards are handed out by those who serve the customer.")
            )
