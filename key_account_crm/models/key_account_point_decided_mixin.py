# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

CENTRE = "key_account_crm.group_key_account_centre"


class KeyAccountPointDecidedMixin(models.AbstractModel):
    """What one person asks for and another one at the centre decides (PTS-09).

    Values are taken from a few fields at the creation, all others are the system's:
    nobody writes a row, its buttons do.
    """

    _name = "key.account.point.decided.mixin"
    _description = "Decided Points"
    # What whoever asks may say.
    _asked_fields = ()

    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id)]",
        help="Whose points; empty: those of all numbers of the customer on the line.",
    )
    date = fields.Date(readonly=True, required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
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
    can_decide = fields.Boolean(compute="_compute_can_decide")
    available = fields.Integer(
        string="Points Available",
        compute="_compute_available",
        help="Of the number, or of all numbers of the customer on the line, as far as "
        "they have not expired.",
    )

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        is_centre = self.env.user.has_group(CENTRE)
        for row in self:
            row.can_decide = (
                is_centre
                and row.state == self._get_waiting_state()
                and row.user_id != self.env.user
            )

    @api.depends("partner_id", "line_id", "number_id")
    @api.depends_context("uid")
    def _compute_available(self):
        for row in self:
            row.available = row._get_available()

    def _get_available(self):
        """As far as the reader may see the points."""
        if not self.partner_id:
            return 0
        partner, line = self.partner_id._origin, self.line_id._origin
        # sudo: of the rule only how long points are kept.
        entries = self.env["key.account.point.entry"].sudo()
        domain = [
            ("partner_id", "=", partner.id),
            ("line_id", "=", line.id),
            ("origin_year", ">=", entries._get_first_year(partner.sudo(), line)),
        ]
        if self.number_id:
            domain.append(("number_id", "=", self.number_id._origin.id))
        balances = self.env["key.account.point.balance"]
        [[left]] = balances._read_group(domain, [], ["quantity:sum"])
        return left or 0

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Propose the line on which the customer has most points."""
        if self.number_id.partner_id != self.partner_id:
            self.number_id = False
        groups = self.env["key.account.point.balance"]._read_group(
            [("partner_id", "=", self.partner_id._origin.id), ("quantity", ">", 0)],
            ["line_id"],
            ["quantity:sum"],
            order="quantity:sum desc",
            limit=1,
        )
        self.line_id = groups[0][0] if groups else False

    @api.constrains("number_id", "partner_id")
    def _check_number_id(self):
        for row in self:
            if row.number_id and row.number_id.partner_id != row.partner_id:
                raise UserError(
                    self.env._(
                        "The number %(number)s does not belong to %(customer)s.",
                        number=row.number_id.name,
                        customer=row.partner_id.display_name,
                    )
                )

    def _get_waiting_state(self):
        """The state in which a decision is awaited."""
        return "requested"

    @api.model
    def _keep_asked(self, vals):
        return {name: vals[name] for name in self._asked_fields if name in vals}

    def write(self, vals):
        raise UserError(
            self.env._("It stays as it was asked for: use its buttons, or ask anew.")
        )

    def _set(self, **vals):
        # sudo: nobody writes these rows; who may do this was checked by the caller.
        super(KeyAccountPointDecidedMixin, self.sudo()).write(vals)
        self.env.flush_all()

    def _check_decider(self):
        """Another person at the centre decides."""
        self._check_state(self._get_waiting_state())
        if any(row.user_id == self.env.user for row in self) and not self.env.su:
            raise AccessError(
                self.env._(
                    "Nobody decides about his own request: ask a colleague at the "
                    "centre."
                )
            )
        if not (self.env.su or self.env.user.has_group(CENTRE)):
            raise AccessError(
                self.env._("Points are approved by the centre: ask it to decide.")
            )

    def _check_state(self, *states):
        self.check_access("read")
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        if any(row.state not in states for row in self):
            raise UserError(
                self.env._("This is decided or done already: reload the page.")
            )

    def _decide(self, state, **vals):
        self._set(
            state=state,
            decided_by_id=self.env.uid,
            date_decided=fields.Datetime.now(),
            **vals,
        )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why, so that whoever asked knows what to do next.")
            )

    def _get_entries(self):
        """The ledger, which the system alone writes."""
        # sudo: what is appended was checked against rights, rule and balance.
        return self.env["key.account.point.entry"].sudo()

    def _renew_snapshots(self):
        """Snapshots of the month at hand, where it was computed already."""
        today = fields.Date.context_today(self)
        # sudo: derived rows.
        months = self.env["key.account.point.month"].sudo()
        months._refresh_for(self.partner_id.ids, today.replace(day=1))
