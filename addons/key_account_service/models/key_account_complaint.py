# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_clock_mixin import DERIVED

STATES = [
    ("registered", "Registered"),
    ("dispatched", "Dispatched"),
    ("handling", "In Handling"),
    ("waiting", "Waiting"),
    ("replied", "Replied"),
    ("callback", "Call-Back"),
    ("closed", "Closed"),
    ("withdrawn", "Withdrawn"),
]
OPEN_STATES = ("registered", "dispatched", "handling", "waiting")
# Written by the steps only, whoever asks.
STEP_FIELDS = {
    "callback_count",
    "callback_user_id",
    "compensation",
    "date_callback",
    "date_callback_due",
    "date_closed",
    "date_feedback",
    "date_feedback_due",
    "date_replied",
    "date_taken",
    "escalated_unit_id",
    "escalation_level",
    "handler_id",
    "handling_unit_id",
    "mark",
    "name",
    "registrant_id",
    "reopen_count",
    "repeat_count",
    "repeat_of_id",
    "rule_id",
    "scope_id",
    "state",
}


class KeyAccountComplaint(models.Model):
    """What a customer complained about or suggested, tracked to its end (CMP-01,
    CMP-03, CMP-06).

    Registered, dispatched, taken up, replied to, called back about, closed: every step
    is a row of its ledger. The clock runs until the reply, by the service standard of
    its type; the first feedback has a limit of its own.
    """

    _name = "key.account.complaint"
    _description = "Complaint"
    _inherit = [
        "key.account.fact.mixin",
        "key.account.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_accepted desc, id desc"
    _rec_names_search = ["name", "subject"]
    # The change log is read by whoever answers for a unit: it tells that something was
    # written, not what a customer said, which may be secret.
    _key_account_untracked = (
        "alarm_level",
        "clock_used",
        "date_alarm",
        "description",
        "mark_note",
        "mark_reason",
        "reply",
        "subject",
    )

    name = fields.Char(string="Complaint Number", readonly=True, copy=False)
    reference = fields.Char(
        string="Number Elsewhere",
        copy=False,
        index="btree_not_null",
        help="The number the complaint has in another system, as text.",
    )
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(help="What the customer said.")
    state = fields.Selection(
        selection=STATES,
        default="registered",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_id = fields.Many2one(tracking=True)
    contact_id = fields.Many2one(string="Complained by")
    type_id = fields.Many2one(
        comodel_name="key.account.complaint.type",
        string="Type",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    nature = fields.Selection(related="type_id.nature", store=True)
    cause_id = fields.Many2one(
        comodel_name="key.account.complaint.cause",
        string="Cause",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    incident_id = fields.Many2one(
        comodel_name="key.account.incident",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The one event that many customers complain about.",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Time Limit by",
        required=True,
        ondelete="restrict",
        domain=[("category", "=", "service_indicator")],
        compute="_compute_kind_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The service indicator whose standard limits the handling.",
    )
    region = fields.Char(
        compute="_compute_region",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Where it happened: the region of the unit unless another one is entered.",
    )
    rule_id = fields.Many2one(
        comodel_name="key.account.complaint.rule",
        string="Complaint Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    registrant_id = fields.Many2one(
        comodel_name="res.users",
        string="Registered by",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    handling_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Dispatched to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The unit that handles it.",
    )
    handler_id = fields.Many2one(
        comodel_name="res.users",
        string="Handler",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    date_taken = fields.Datetime(string="Taken Up", readonly=True, copy=False)
    reply = fields.Text(string="What Was Replied", copy=False)
    is_founded = fields.Boolean(
        string="Justified", default=True, copy=False, help="The customer was right."
    )
    date_replied = fields.Datetime(string="Replied on", readonly=True, copy=False)
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    reopen_count = fields.Integer(
        string="Opened Again", readonly=True, copy=False, help="How often."
    )
    mark = fields.Selection(readonly=True)
    mark_reason = fields.Text(string="What the Customer Says", copy=False)
    date_callback_due = fields.Datetime(
        string="Call Back until", readonly=True, copy=False
    )
    callback_count = fields.Integer(
        string="Calls", readonly=True, copy=False, help="Those without answer too."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    cost = fields.Monetary(
        string="Handling Cost", copy=False, help="Without compensation."
    )
    is_mine = fields.Boolean(
        string="For Me", compute="_compute_is_mine", search="_search_is_mine"
    )
    step_ids = fields.One2many(
        comodel_name="key.account.complaint.step",
        inverse_name="complaint_id",
        string="Steps",
        readonly=True,
    )

    _open_due_idx = models.Index("(date_due, id) WHERE date_done IS NULL")
    _open_scope_idx = models.Index("(scope_id, date_due) WHERE date_done IS NULL")
    _alarm_idx = models.Index("(date_alarm) WHERE date_alarm IS NOT NULL")
    _scope_idx = models.Index("(scope_id, date_accepted)")
    _standard_idx = models.Index("(standard_id, date_accepted)")
    _partner_idx = models.Index("(partner_id, date_accepted)")
    _name_uniq = models.UniqueIndex("(name)", "Another complaint has this number.")
    _cost_positive = models.Constraint("CHECK (cost >= 0)", "A cost is not below zero.")

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            parts = [complaint.name, complaint.subject]
            complaint.display_name = " ".join(part for part in parts if part)

    @api.depends("type_id", "incident_id")
    def _compute_kind_id(self):
        for complaint in self:
            # sudo: how a type is limited is no secret.
            kind = complaint.sudo().type_id
            complaint.kind_id = (
                kind and kind._get_inherited("kind_id")
            ) or self._get_indicator("group" if complaint.incident_id else "close")

    @api.model
    def _get_indicator(self, name):
        """The service indicator of ordinary complaints, of those of an incident, …"""
        prefix = "key_account_service.key_account_term_service_indicator_complaint"
        return self.env.ref(f"{prefix}_{name}")

    @api.depends("partner_id", "unit_id")
    def _compute_region(self):
        for complaint in self:
            # sudo: only where the customer is served.
            home = complaint.sudo()
            unit = home.unit_id or home.partner_id.key_account_unit_id
            complaint.region = unit.region

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        raise UserError(self.env._("A complaint stays on record: withdraw it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        kept = []
        for vals in vals_list:
            vals = {key: val for key, val in vals.items() if key not in STEP_FIELDS}
            # sudo: nobody but the system draws numbers.
            vals["name"] = sequence.sudo().next_by_code("key.account.complaint")
            kept.append(vals)
        complaints = super().create(kept)
        complaints._check_reach()
        complaints._after_registration()
        return complaints

    def write(self, vals):
        if STEP_FIELDS & vals.keys():
            raise UserError(self.env._("A complaint moves on by its buttons."))
        self._check_customer_stays(vals)
        result = super().write(vals)
        if "line_id" in vals:
            self._follow_owner()
            self._check_reach()
        if {"incident_id", "kind_id", "line_id", "type_id"} & vals.keys():
            self.filtered(lambda one: not one.date_done)._clock_renew()
        if {"number_id", "type_id"} & vals.keys():
            self._find_repeats()
        return result

    def _check_customer_stays(self, vals):
        """Whose complaint it is, is said once."""
        for complaint in self if "partner_id" in vals else self.browse():
            if complaint.partner_id.id != vals["partner_id"]:
                raise UserError(
                    self.env._(
                        "%(complaint)s belongs to %(customer)s: withdraw it and "
                        "register a new one for the other customer.",
                        complaint=complaint.name,
                        customer=complaint.partner_id.display_name,
                    )
                )

    # ---- the clock -----------------------------------------------------------

    def _clock_get_kind(self):
        return self.kind_id

    def _clock_get_handlers(self):
        return {one: one.handler_id or one.manager_id for one in self}

    def _clock_get_heads(self, level):
        """The heads of the unit that handles it, beside those of the customer's."""
        heads = super()._clock_get_heads(level)
        if level > 2:
            return heads
        handling = self._clock_get_unit_heads(self.handling_unit_id)
        for complaint in self.filtered("handling_unit_id"):
            others = heads.get(complaint, self.env["res.users"])
            heads[complaint] = others | handling[complaint.handling_unit_id.id]
        return heads

    def _move(self, vals):
        """Write what only the product itself writes: a state, with its values."""
        assert not DERIVED & vals.keys()
        return super().write(vals)
