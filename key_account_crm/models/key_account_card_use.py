# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_card import LIVE

# What is entered of a use; the rest follows, or is set by a reversal.
ENTERED = {
    "card_id",
    "benefit_id",
    "place_id",
    "date",
    "quantity",
    "companion_count",
    "cost",
    "currency_id",
    "note",
    "override_reason",
}


class KeyAccountCardUse(models.Model):
    """One use of a VIP card (CARD-04): when, where, which benefit, how much, the cost.

    A ledger: a use is never changed nor deleted; a wrong one is answered by a
    counter-entry. What is left of a yearly allowance is the allowance less the sum of
    these rows, over all cards that followed one another on the number.
    """

    _name = "key.account.card.use"
    _description = "VIP Card Use"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"

    card_id = fields.Many2one(
        comodel_name="key.account.card",
        string="Card",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("state", "=", "active")],
    )
    partner_id = fields.Many2one(readonly=True)
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        readonly=True,
        ondelete="restrict",
    )
    benefit_id = fields.Many2one(
        comodel_name="key.account.card.benefit",
        string="Benefit",
        required=True,
        index=True,
        ondelete="restrict",
    )
    place_id = fields.Many2one(
        comodel_name="key.account.card.place",
        string="Place",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    year = fields.Integer(
        readonly=True, aggregator=None, help="The year whose allowance it uses."
    )
    quantity = fields.Integer(default=1, required=True)
    companion_count = fields.Integer(string="Companions")
    counted = fields.Integer(
        readonly=True,
        help="What it takes of the yearly allowance: the quantity, and the companions "
        "where they count.",
    )
    cost = fields.Monetary(help="What it costs us; proposed from the place's price.")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Operator",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    override_reason = fields.Char(
        string="Beyond the Allowance because",
        help="Why the use is allowed though the allowance is used up: decided by the "
        "company or the centre.",
    )
    note = fields.Text(string="Remarks")
    reversal_of_id = fields.Many2one(
        comodel_name="key.account.card.use",
        string="Corrects",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        comodel_name="key.account.card.use",
        inverse_name="reversal_of_id",
        string="Corrected by",
    )
    is_reversed = fields.Boolean(string="Corrected", compute="_compute_is_reversed")
    allowance_text = fields.Char(
        string="Allowance", compute="_compute_allowance", compute_sudo=False
    )
    problem = fields.Char(
        compute="_compute_allowance",
        compute_sudo=False,
        help="Why this use would be refused as it stands.",
    )

    _reversal_uniq = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "This use was corrected already.",
    )
    _year_idx = models.Index("(partner_id, year, benefit_id)")
    _sign = models.Constraint(
        "CHECK (reversal_of_id IS NULL AND quantity > 0 AND companion_count >= 0 "
        "AND cost >= 0 OR reversal_of_id IS NOT NULL AND quantity < 0 "
        "AND companion_count <= 0 AND cost <= 0)",
        "A use has a quantity of one or more; companions and cost are zero or more.",
    )

    @api.depends("card_id", "benefit_id", "date")
    def _compute_display_name(self):
        for use in self:
            use.display_name = f"{use.benefit_id.name} · {use.card_id.name}"

    @api.depends("reversal_ids")
    def _compute_is_reversed(self):
        for use in self:
            use.is_reversed = bool(use.reversal_ids)

    @api.depends(
        "card_id", "benefit_id", "place_id", "date", "quantity", "companion_count"
    )
    def _compute_allowance(self):
        for use in self:
            use.allowance_text = use.problem = False
            if use._origin or not (use.card_id and use.benefit_id and use.date):
                continue
            use.allowance_text = use.card_id._get_allowance_text(
                use.benefit_id, use._get_day()
            )
            use.problem = use._get_problem() or use._get_excess()

    @api.onchange("place_id", "quantity")
    def _onchange_place_id(self):
        self.cost = self.place_id.price * max(self.quantity, 0)
        self.currency_id = self.place_id.currency_id or self.currency_id

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {fname: vals[fname] for fname in vals.keys() & ENTERED}
                for vals in vals_list
            ]
        vals_list = [self._prepare_use(vals) for vals in vals_list]
        # Two who take the last of an allowance at once meet here: the later one is
        # tried again and sees what the earlier one took.
        self.env["key.account.standing"]._touch(
            {vals["partner_id"] for vals in vals_list}
        )
        uses = self.browse()
        for vals in vals_list:
            use = super().create([vals])
            uses |= use
            if not use.reversal_of_id:
                use._check_allowed()
        uses._note_last_use()
        return uses

    def write(self, vals):
        raise UserError(
            self.env._("A use stays as it was entered: correct it by a counter-entry.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Uses of a card stay: correct one by a counter-entry.")
        )

    @api.model
    def _prepare_use(self, vals):
        """Customer, line and number are the card's; year and count follow."""
        card = self.env["key.account.card"].browse(vals["card_id"])
        card.check_access("read")
        benefit = self.env["key.account.card.benefit"].browse(vals["benefit_id"])
        moment = fields.Datetime.to_datetime(vals.get("date") or fields.Datetime.now())
        quantity = vals.get("quantity", 1)
        companions = vals.get("companion_count", 0) if benefit.counts_companions else 0
        return {
            "user_id": self.env.uid,
            **vals,
            "partner_id": card.partner_id.id,
            "line_id": card.line_id.id,
            "number_id": card.number_id.id,
            "date": moment,
            "year": fields.Datetime.context_timestamp(self, moment).year,
            "counted": quantity + companions,
        }

    def _get_day(self):
        return fields.Datetime.context_timestamp(self, self.date).date()

    def _check_allowed(self):
        """Refuse a use that the card, the place or the allowance does not cover."""
        self.ensure_one()
        problem = self._get_problem()
        if problem:
            raise UserError(problem)
        excess = self._get_excess()
        if not excess:
            return
        if not self.override_reason:
            raise UserError(excess)
        may_override = self.env.su or any(
            self.env.user.has_group(f"key_account_crm.group_key_account_{role}")
            for role in ("company", "centre")
        )
        if not may_override:
            raise AccessError(
                self.env._(
                    "%(problem)s Only the company or the centre lets a use pass all "
                    "the same.",
                    problem=excess,
                )
            )

    def _get_problem(self):
        """Why this use is not possible at all, or False."""
        card, day = self.card_id, self._get_day()
        number = card.name or ""
        if self.date > fields.Datetime.now():
            return self.env._("A use is entered when it has happened.")
        if card.state in LIVE and card.state != "active":
            states = dict(card._fields["state"]._description_selection(self.env))
            return self.env._(
                "Card %(card)s is not active: %(state)s.",
                card=number,
                state=states[card.state],
            )
        last = min(filter(None, (card.date_to, card.date_end)), default=None)
        if not card.date_from or not card.date_from <= day <= (last or day):
            return self.env._(
                "Card %(card)s was not valid on %(date)s.", card=number, date=day
            )
        if self.place_id.benefit_ids and self.benefit_id not in (
            self.place_id.benefit_ids
        ):
            return self.env._(
                "%(place)s does not offer %(benefit)s.",
                place=self.place_id.name,
                benefit=self.benefit_id.name,
            )
        return False

    def _get_excess(self):
        """Why the allowance does not cover this use, or False."""
        day = self._get_day()
        allowed, used = self.card_id._get_allowance(self.benefit_id, day)
        if allowed is None:
            return False
        if not self._origin:
            benefit = self.benefit_id
            companions = self.companion_count if benefit.counts_companions else 0
            used += self.quantity + companions
        if not allowed:
            return self.env._(
                "%(benefit)s is not among the benefits of %(customer)s.",
                benefit=self.benefit_id.name,
                customer=self.card_id.partner_id.display_name,
            )
        if used <= allowed:
            return False
        return self.env._(
            "The allowance of %(benefit)s for %(year)s is used up: %(allowed)s a year, "
            "%(used)s with this use.",
            benefit=self.benefit_id.name,
            year=day.year,
            allowed=allowed,
            used=used,
        )

    def _note_last_use(self):
        """The card shows when it was used last."""
        for use in self.filtered(lambda use: not use.reversal_of_id):
            # sudo: a date that follows from the ledger; the user may enter the use.
            card = use.card_id.sudo()
            if not card.date_last_use or card.date_last_use < use.date:
                card.date_last_use = use.date

    def _reverse(self, reason):
        """Take uses back by counter-entries; returns them."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the use is taken back."))
        self.check_access("create")
        vals_list = []
        for use in self:
            if use.reversal_of_id or use.reversal_ids:
                raise UserError(self.env._("This use was corrected already."))
            vals_list.append(
                {
                    "card_id": use.card_id.id,
                    "benefit_id": use.benefit_id.id,
                    "place_id": use.place_id.id,
                    "date": use.date,
                    "quantity": -use.quantity,
                    "companion_count": -use.companion_count,
                    "cost": -use.cost,
                    "currency_id": use.currency_id.id,
                    "reversal_of_id": use.id,
                    "note": reason,
                    "user_id": self.env.uid,
                }
            )
        # sudo: counter-entries are made here only, for uses the user may enter.
        return self.sudo().create(vals_list).sudo(False)
