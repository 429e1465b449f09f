# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .key_account_clock_mixin import DERIVED

STATES = [
    ("triage", "To Assign"),
    ("accepted", "Accepted"),
    ("handling", "In Handling"),
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
WORK_STATES = ("accepted", "handling", "waiting")
OPEN_STATES = ("triage", "accepted", "handling", "waiting")


class KeyAccountRequest(models.Model):
    """What a customer asked for: accepted, promised, handled, done (SVC-17, SVC-18).

    The business system that provides it stays outside: a request may be handed to it
    and carries its status. The clock runs until it is done, by the service standard of
    its kind, whoever works on it.
    """

    _name = "key.account.request"
    _description = "Service Request"
    _inherit = [
        "key.account.fact.mixin",
        "key.account.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_accepted desc, id desc"
    _rec_names_search = ["name", "subject"]

    name = fields.Char(string="Request Number", readonly=True, copy=False, help="Text.")
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(help="What the customer said.")
    state = fields.Selection(
        selection=STATES,
        group_expand="_expand_states",
        default="accepted",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(tracking=True, required=False)
    line_id = fields.Many2one(tracking=True)
    contact_id = fields.Many2one(string="Asked by")
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("category", "=", "request_kind")],
        default=lambda self: self._default_term("request_kind", "information"),
    )
    class_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Service Class",
        required=True,
        ondelete="restrict",
        domain=[("category", "=", "service_class")],
        default=lambda self: self._default_term("service_class", "basic"),
        help="Basic, personalised, cross-region or cross-industry.",
    )
    date_promised = fields.Datetime(
        string="Promised",
        tracking=True,
        copy=False,
        help="What the customer was told, when that differs from the standard.",
    )
    handler_id = fields.Many2one(
        comodel_name="res.users",
        string="Handler",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False), ("key_account_role", "!=", False)],
        help="Who works on it; the account manager when nobody is named.",
    )
    result_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Result",
        ondelete="restrict",
        copy=False,
        domain=[("category", "=", "request_result")],
    )
    result = fields.Text(string="What Was Done", copy=False)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    cost = fields.Monetary(copy=False, help="What serving this request has cost.")
    handoff_system_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Outside System",
        ondelete="restrict",
        copy=False,
        domain=[("category", "=", "outside_system")],
        help="The business or billing system it is handed to.",
    )
    handoff_state = fields.Selection(
        selection=[
            ("sent", "Handed Over"),
            ("accepted", "Accepted There"),
            ("done", "Done There"),
            ("failed", "Failed There"),
        ],
        string="Status There",
        copy=False,
        tracking=True,
    )
    handoff_reference = fields.Char(string="Number There", copy=False)
    date_handoff = fields.Datetime(string="Handed Over at", copy=False, readonly=True)
    mark_note = fields.Text(string="What the Customer Says", copy=False)
    is_mine = fields.Boolean(
        string="For Me", compute="_compute_is_mine", search="_search_is_mine"
    )

    _open_due_idx = models.Index("(date_due, id) WHERE date_done IS NULL")
    _open_scope_idx = models.Index("(scope_id, date_due) WHERE date_done IS NULL")
    _alarm_idx = models.Index("(date_alarm) WHERE date_alarm IS NOT NULL")
    _scope_idx = models.Index("(scope_id, date_accepted)")
    _standard_idx = models.Index("(standard_id, date_accepted)")
    _partner_idx = models.Index("(partner_id, date_accepted)")
    _name_uniq = models.UniqueIndex("(name)", "Another request has this number.")
    _customer_known = models.Constraint(
        "CHECK (state IN ('triage', 'cancelled') OR partner_id IS NOT NULL)",
        "Say whose request it is before you work on it.",
    )

    @api.model
    def _expand_states(self, states, domain):
        """Groups in the order of the work, those of open requests also when empty."""
        return [
            state for state, _label in STATES if state in states or state in WORK_STATES
        ]

    @api.model
    def _default_term(self, category, code):
        domain = Domain("category", "=", category)
        terms = self.env["key.account.term"]
        return terms.search(domain & Domain("code", "=", code), limit=1) or (
            terms.search(domain, limit=1)
        )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for request in self:
            parts = [request.name, request.subject]
            request.display_name = " ".join(part for part in parts if part)

    @api.depends("handler_id", "manager_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for request in self:
            request.is_mine = request in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        mine = self._get_mine_domain()
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    @api.model
    def _get_mine_domain(self):
        """What the user handles, and what nobody handles of his customers."""
        return Domain("handler_id", "=", self.env.uid) | (
            Domain("handler_id", "=", False) & Domain("manager_id", "=", self.env.uid)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        raise UserError(self.env._("A request stays on record: cancel it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            # sudo: nobody but the system draws numbers.
            vals["name"] = sequence.sudo().next_by_code("key.account.request")
            if not vals.get("partner_id"):
                vals.pop("partner_id", None)
            vals["state"] = "accepted" if "partner_id" in vals else "triage"
        requests = super().create(vals_list)
        requests._check_reach()
        return requests

    def write(self, vals):
        if "state" in vals:
            raise UserError(self.env._("A request moves on by its buttons."))
        self._check_customer_stays(vals)
        result = super().write(vals)
        if {"partner_id", "line_id"} & vals.keys():
            self._follow_owner()
            self._check_reach()
        if {"kind_id", "line_id", "partner_id"} & vals.keys():
            self.filtered(lambda request: not request.date_done)._clock_renew()
        if vals.get("partner_id"):
            triage = self.filtered(lambda request: request.state == "triage")
            triage._move({"state": "accepted"})
        return result

    def _check_customer_stays(self, vals):
        """Whose request it is, is said once."""
        if "partner_id" not in vals:
            return
        for request in self:
            if request.partner_id and request.partner_id.id != vals["partner_id"]:
                raise UserError(
                    self.env._(
                        "%(request)s belongs to %(customer)s: cancel it and register a "
                        "new one for the other customer.",
                        request=request.name,
                        customer=request.partner_id.display_name,
                    )
                )

    def _check_reach(self):
        """Whoever registers a request does so for customers in his own reach.

        The rule alone would let a handler or another serving unit be named to get at
        somebody else's customer.
        """
        if self.env.su:
            return
        domain = self._get_owner_domain(self.env.user)
        if len(self.filtered_domain(domain)) < len(self):
            raise AccessError(
                self.env._(
                    "You register requests for customers of your own units only: use "
                    "“Serve a Visiting Customer” for one of another unit."
                )
            )

    @api.model
    def _get_owner_domain(self, user):
        """The facts a user reaches as the owner of their customers."""
        reach = user.key_account_reach
        if reach == "all":
            return Domain.TRUE
        if reach == "unit":
            return Domain("unit_id", "in", user.key_account_unit_ids.ids)
        if reach == "own":
            return Domain("manager_id", "in", user.key_account_manager_ids.ids)
        return Domain.FALSE

    # ---- the clock -----------------------------------------------------------

    def _clock_get_kind(self):
        return self.kind_id

    def _clock_get_handlers(self):
        return {request: request.handler_id or request.manager_id for request in self}

    def _move(self, vals):
        """Write what only the product itself writes: a state, with its values."""
        assert not DERIVED & vals.keys()
        return super().write(vals)
