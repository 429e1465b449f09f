# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .. import card_number

STATES = [
    ("requested", "Requested"),
    ("refused", "Refused"),
    ("issued", "Issued"),
    ("active", "Active"),
    ("frozen", "Frozen"),
    ("lost", "Reported Lost"),
    ("replaced", "Replaced"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
    ("reversed", "Joining Reversed"),
]
# The binding of number and card exists, whether or not the card may be used today.
LIVE = ("issued", "active", "frozen", "lost")
# What may be written on a card other than by its steps, and while it is requested only.
OPEN_FIELDS = {"holder_id", "holder_name", "note"}
REQUEST_FIELDS = {"kind_id", "number_id"}
# What an application consists of.
APPLICATION = {"partner_id", "line_id", *OPEN_FIELDS, *REQUEST_FIELDS}


class KeyAccountCard(models.Model):
    """A VIP card of a customer, from its application to its end (CARD-01).

    It binds a card number to a service number, or to the customer where it has none:
    by that a holder is recognised. Cards come out of the stock of blanks; what happens
    to one is a row of ``key.account.card.move``, and its state is where the last of
    them leads. A card that is replaced points at the one that came before.
    """

    _name = "key.account.card"
    _description = "VIP Card"
    _inherit = ["key.account.fact.mixin"]
    _order = "id desc"
    _key_account_untracked = ("date_last_use",)
    _rec_names_search = ["name", "partner_id", "number_id"]

    name = fields.Char(
        string="Card Number",
        readonly=True,
        copy=False,
        help="Empty until the card is issued. Text: leading zeros are kept.",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind",
        string="Card Kind",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('state', '!=', 'closed')]",
        help="The number the card is bound to; empty: the customer itself.",
    )
    blank_id = fields.Many2one(
        comodel_name="key.account.card.blank",
        string="Blank Card",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=STATES,
        default="requested",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    holder_id = fields.Many2one(
        comodel_name="res.partner",
        string="Holder",
        index="btree_not_null",
        ondelete="set null",
        help="Who carries the card when it is not the customer: a contact of it.",
    )
    holder_name = fields.Char(
        string="Name on the Card", help="Empty: the name of holder or customer."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date_request = fields.Date(
        string="Requested on",
        readonly=True,
        copy=False,
        default=fields.Date.context_today,
    )
    date_from = fields.Date(
        string="Valid from", readonly=True, copy=False, index="btree_not_null"
    )
    date_to = fields.Date(
        string="Valid to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The day of the yearly re-check.",
    )
    date_end = fields.Date(string="Ended on", readonly=True, copy=False)
    date_notice = fields.Date(
        string="Notice Given on",
        readonly=True,
        copy=False,
        help="When the manager was told that the card is about to expire.",
    )
    date_last_use = fields.Datetime(string="Last Used", readonly=True, copy=False)
    predecessor_id = fields.Many2one(
        comodel_name="key.account.card",
        string="Replaces",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    successor_ids = fields.One2many(
        comodel_name="key.account.card",
        inverse_name="predecessor_id",
        string="Replaced by",
    )
    chain_ids = fields.Many2many(
        comodel_name="key.account.card",
        string="Chain of Cards",
        compute="_compute_chain_ids",
        help="All cards of this membership, the first one first.",
    )
    move_ids = fields.One2many(
        comodel_name="key.account.card.move", inverse_name="card_id", string="Steps"
    )
    note = fields.Text(string="Remarks")
    is_over = fields.Boolean(
        string="Past Its Date",
        compute="_compute_is_over",
        search="_search_is_over",
        help="The binding exists still, and the last valid day has passed.",
    )

    _name_uniq = models.UniqueIndex("(name)", "A card number is never used twice.")
    _blank_uniq = models.UniqueIndex(
        "(blank_id) WHERE blank_id IS NOT NULL", "This blank card was given out."
    )
    _live_uniq = models.UniqueIndex(
        "(COALESCE(number_id, -partner_id), COALESCE(line_id, 0)) "
        "WHERE state IN ('issued', 'active', 'frozen', 'lost')",
        "This number has a VIP card already: replace or cancel that one.",
    )
    _request_uniq = models.UniqueIndex(
        "(COALESCE(number_id, -partner_id)) WHERE state = 'requested'",
        "A VIP card was requested for this number already.",
    )
    _predecessor_uniq = models.UniqueIndex(
        "(predecessor_id) WHERE predecessor_id IS NOT NULL",
        "This card was replaced already.",
    )
    _bound = models.Constraint(
        "CHECK ((name IS NULL) = (state IN ('requested', 'refused')) "
        "OR name IS NULL AND state = 'cancelled')",
        "A card has a number from the day it is issued.",
    )

    @api.depends("name", "partner_id", "kind_id")
    def _compute_display_name(self):
        requested = self.env._("Requested")
        for card in self:
            kind = card.kind_id.name or ""
            card.display_name = f"{card.name or requested} ({kind})"

    @api.depends("predecessor_id", "successor_ids")
    def _compute_chain_ids(self):
        for card in self:
            chain = first = card
            while first.predecessor_id and first.predecessor_id not in chain:
                first = first.predecessor_id
                chain = first | chain
            last = card
            while last.successor_ids - chain:
                last = (last.successor_ids - chain)[:1]
                chain |= last
            card.chain_ids = chain

    @api.depends("state", "date_to")
    def _compute_is_over(self):
        today = fields.Date.context_today(self)
        for card in self:
            card.is_over = bool(
                card.state in LIVE and card.date_to and card.date_to < today
            )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        over = Domain("state", "in", LIVE) & Domain("date_to", "<", today)
        return Domain.OR(over if wanted else ~over for wanted in value)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.number_id.partner_id != self.partner_id:
            self.number_id = False

    @api.onchange("number_id")
    def _onchange_number_id(self):
        self.line_id = self.number_id.line_id
        self.holder_id = self.number_id.holder_id

    @api.constrains("partner_id", "number_id")
    def _check_number(self):
        for card in self:
            number = card.number_id
            if number and number.partner_id != card.partner_id:
                raise ValidationError(
                    self.env._(
                        "The number %(number)s is not one of %(customer)s: choose one "
                        "of its own.",
                        number=number.name,
                        customer=card.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Apply for cards. Everything else happens to a card by its steps."""
        if not self.env.su:
            for vals in vals_list:
                # sudo: state, dates and numbers are never taken from a client.
                self._check_application(vals)
        cards = super().create([self._prepare_application(vals) for vals in vals_list])
        cards._record("apply", {card.id: False for card in cards})
        return cards

    def write(self, vals):
        if not self.env.su:
            self._check_open_fields(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("A card stays on record: cancel it, or reverse its joining.")
        )

    @api.model
    def _check_application(self, vals):
        # The rest of what a form sends are the defaults of columns nobody may set.
        for fname in vals.keys() - APPLICATION:
            if fname in ("name", "blank_id", "predecessor_id") and vals[fname]:
                raise AccessError(
                    self.env._("A card gets its number when it is issued.")
                )

    @api.model
    def _prepare_application(self, vals):
        """What an application says, of a client's values; the line is the number's."""
        if not self.env.su:
            vals = {fname: vals[fname] for fname in vals.keys() & APPLICATION}
        if vals.get("number_id"):
            # sudo: only the line of the number; whose it is is checked afterwards.
            number = self.env["key.account.number"].sudo().browse(vals["number_id"])
            vals = {**vals, "line_id": number.line_id.id}
        return vals

    def _check_open_fields(self, vals):
        closed = vals.keys() - OPEN_FIELDS
        if closed <= REQUEST_FIELDS and all(c.state == "requested" for c in self):
            return
        if closed:
            raise AccessError(
                self.env._(
                    "What a card is bound to, its dates and its state are changed by "
                    "its steps only; holder, name on the card and remarks are open."
                )
            )

    def _get_holder_name(self):
        """What stands on the card."""
        self.ensure_one()
        holder = self.holder_id or self.partner_id
        return self.holder_name or holder.name or ""

    @api.model
    def _search_display_name(self, operator, value):
        """Cards are found however their numbers are typed: with spaces, in groups."""
        if operator in ("ilike", "like", "=") and isinstance(value, str):
            number = card_number.normalise(value)
            if any(char.isdigit() for char in number):
                by_number = Domain("name", "=like", f"{number}%")
                return by_number | super()._search_display_name(operator, value)
        return super()._search_display_name(operator, value)
