# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

RELIABILITIES = [
    ("a", "A: Seen in Writing"),
    ("b", "B: Said by a Key Person"),
    ("c", "C: Heard"),
    ("d", "D: Rumour"),
]


class KeyAccountIntelligence(models.Model):
    """What was learnt of a competitor: whom it offers what to, at which price, how
    sure that is (COL-09, FILE-15).

    Of a customer, or of the market where no customer is named. Another person confirms
    it; what proved wrong is refuted and stays.
    """

    _name = "key.account.intelligence"
    _description = "Competitor Intelligence"
    _inherit = ["key.account.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_learnt desc, id desc"
    _rec_names_search = ["name", "product", "competitor_id.name"]

    name = fields.Char(string="Headline", required=True, tracking=True)
    partner_id = fields.Many2one(
        required=False, tracking=True, help="Empty: it is about the market."
    )
    competitor_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Competitor",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("category", "=", "competitor")],
    )
    product = fields.Char(string="Product or Service", help="As the competitor says.")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    price = fields.Monetary(string="Offered Price", tracking=True, aggregator="avg")
    price_unit = fields.Char(string="Price for", help="A month, a piece, a kilogram …")
    term_months = fields.Integer(
        string="Term (Months)", aggregator="avg", help="Of the offer or contract."
    )
    date_learnt = fields.Date(
        string="Learnt on",
        required=True,
        index=True,
        default=fields.Date.context_today,
    )
    date_from = fields.Date(string="Offer from")
    date_to = fields.Date(string="Offer until")
    source_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Source",
        ondelete="restrict",
        domain=[("category", "=", "intelligence_source")],
    )
    reliability = fields.Selection(
        selection=RELIABILITIES, required=True, default="c", tracking=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reported by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    contact_event_id = fields.Many2one(
        comodel_name="key.account.contact.event",
        string="Learnt in",
        index="btree_not_null",
        ondelete="set null",
        help="The contact in which it was said.",
    )
    state = fields.Selection(
        selection=[
            ("reported", "Reported"),
            ("confirmed", "Confirmed"),
            ("refuted", "Refuted"),
        ],
        default="reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Judged by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_confirmed = fields.Datetime(string="Judged on", readonly=True, copy=False)
    note = fields.Text(string="Details")
    is_current = fields.Boolean(
        string="Still Valid",
        compute="_compute_is_current",
        search="_search_is_current",
        help="Not refuted, and the offer has not ended.",
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "The offer ends before it begins."
    )
    _not_negative = models.Constraint(
        "CHECK (price >= 0 AND term_months >= 0)",
        "Price and term are zero or more.",
    )

    @api.depends("state", "date_to")
    @api.depends_context("tz")
    def _compute_is_current(self):
        current = self.filtered_domain(self._get_current_domain())
        for note in self:
            note.is_current = note in current

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        domain = self._get_current_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _get_current_domain(self):
        today = fields.Date.context_today(self)
        return Domain("state", "!=", "refuted") & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("partner_id"):
                vals.pop("partner_id", None)
            if not self.env.su:
                vals.update(user_id=self.env.uid, state="reported")
                vals.pop("confirmed_by_id", None)
                vals.pop("date_confirmed", None)
        return super().create(vals_list)

    @api.model
    def _get_owners(self, vals_list):
        """What is about the market belongs to the unit that reports it."""
        owners = super()._get_owners(vals_list)
        unit_id = self.env.user.key_account_unit_id.id
        for vals in vals_list:
            if not vals.get("partner_id"):
                key = None, vals.get("line_id") or None
                owners[key] = unit_id, self.env.uid
        return owners

    def write(self, vals):
        if {"state", "confirmed_by_id", "date_confirmed", "user_id"} & vals.keys():
            raise UserError(self.env._("Intelligence is judged by the buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reported(self):
        raise UserError(self.env._("Intelligence stays: refute what proved wrong."))

    def action_confirm(self):
        return self._judge("confirmed")

    def action_refute(self):
        return self._judge("refuted")

    def _judge(self, state):
        """Another person than who reported it says whether it is so."""
        self.check_access("write")
        if not self.env.su and any(note.user_id == self.env.user for note in self):
            raise UserError(
                self.env._(
                    "Nobody judges what he reported himself: ask a colleague or the "
                    "head of your department."
                )
            )
        return super().write(
            {
                "state": state,
                "confirmed_by_id": self.env.uid,
                "date_confirmed": fields.Datetime.now(),
            }
        )
