# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

STATES = [
    ("planned", "Planned"),
    ("done", "Done"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]
# What freshness, months and cost rest on.
FIGURES = {
    "cost",
    "currency_id",
    "date",
    "distance",
    "duration",
    "is_important",
    "kind_id",
    "line_id",
    "partner_id",
    "person_ids",
    "state",
}

# Who is concerned follows from the customer.
FOLLOWING = ("scope_id", "home_manager_id")


class KeyAccountContactEvent(models.Model):
    """A contact with a customer: a visit, a call, a mail, a meeting, planned or past.

    (COL-08, SVC-14, domain 2.9.) It is planned while its time is to come, and logged
    once it took place; what was agreed for the next time is planned with it. An
    important one is reported to every unit that serves the customer.
    """

    _name = "key.account.contact.event"
    _description = "Customer Contact"
    _inherit = [
        "key.account.fact.mixin",
        "key.account.cost.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["subject", "partner_id.name"]
    _cost_source = "contact"

    # The index below begins with it.
    partner_id = fields.Many2one(index=False, tracking=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("category", "=", "contact_kind")],
        default=lambda self: self._default_kind(),
    )
    direction = fields.Selection(
        selection=[("out", "By Us"), ("in", "By the Customer")],
        string="Begun",
        required=True,
        default="out",
        help="Who sought the contact.",
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, copy=False, tracking=True
    )
    person_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_contact_event_person_rel",
        column1="event_id",
        column2="person_id",
        string="Key Persons",
        domain="[('parent_id', '=', partner_id)]",
        help="With whom at the customer.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False), ("key_account_role", "!=", False)],
        default=lambda self: self.env.user,
        help="Who of us visits, calls, writes.",
    )
    subject = fields.Char(help="What it is about.")
    purpose = fields.Text(help="What is to be reached.")
    date = fields.Datetime(
        string="At",
        required=True,
        tracking=True,
        default=fields.Datetime.now,
        help="When it begins or began. What is to come is planned, the past is logged.",
    )
    date_planned = fields.Datetime(
        string="Planned for", readonly=True, copy=False, help="As last planned."
    )
    duration = fields.Float(string="Hours", help="How long it takes or took.")
    date_stop = fields.Datetime(
        string="Ended", compute="_compute_date_stop", store=True
    )
    day = fields.Date(
        compute="_compute_day",
        store=True,
        help="The day where the centre works: months and freshness are counted by it.",
    )
    place = fields.Char()
    distance = fields.Float(string="Kilometres", help="Travelled for it, both ways.")
    result = fields.Text(tracking=True, help="What came of it.")
    is_important = fields.Boolean(
        string="Important",
        tracking=True,
        help="Reported to every unit and manager that serves the customer: what is "
        "learnt of a customer is not kept by one person.",
    )
    next_date = fields.Datetime(
        string="Next Time", copy=False, help="Plans the next contact for then."
    )
    next_kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Next Kind",
        ondelete="restrict",
        copy=False,
        domain=[("category", "=", "contact_kind")],
        help="Empty: the same again.",
    )
    next_subject = fields.Char(string="Next Step", copy=False)
    previous_id = fields.Many2one(
        comodel_name="key.account.contact.event",
        string="Agreed at",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    next_ids = fields.One2many(
        comodel_name="key.account.contact.event",
        inverse_name="previous_id",
        string="Following Contacts",
        readonly=True,
    )
    message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Logged Message",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    is_overdue = fields.Boolean(
        string="Past Its Time",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="Planned, and its time has passed.",
    )

    _partner_idx = models.Index("(partner_id, day)")
    _planned_idx = models.Index("(date) WHERE state = 'planned'")
    _message_uniq = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL",
        "This message is logged as a contact already.",
    )
    _not_negative = models.Constraint(
        "CHECK (duration >= 0 AND distance >= 0)",
        "Hours and kilometres are zero or more.",
    )

    @api.model
    def _default_kind(self):
        kinds = self.env["key.account.term"]
        return kinds.search([("category", "=", "contact_kind")], limit=1)

    @api.depends("kind_id", "subject", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for event in self:
            parts = [event.kind_id.name, event.subject or event.partner_id.name]
            event.display_name = " · ".join(part for part in parts if part)

    @api.depends("date", "duration")
    def _compute_date_stop(self):
        for event in self:
            hours = timedelta(hours=event.duration)
            event.date_stop = event.date and event.date + hours

    @api.depends("date")
    def _compute_day(self):
        months = self.env["key.account.month"]
        for event in self:
            event.day = event.date and months._get_local_day(event.date)

    @api.depends("state", "date")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for event in self:
            event.is_overdue = event.state == "planned" and event.date < now

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        late = Domain("state", "=", "planned") & Domain(
            "date", "<", fields.Datetime.now()
        )
        return Domain.OR(late if wanted else ~late for wanted in value)

    @api.constrains("person_ids", "partner_id")
    def _check_person_ids(self):
        for event in self:
            # sudo: only compared; the writer chose them.
            event = event.sudo()
            customer = event.partner_id
            foreign = event.person_ids.filtered(
                lambda person, customer=customer: person.commercial_partner_id
                != customer
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(person)s is no contact of %(customer)s: choose one of its "
                        "contacts.",
                        person=foreign[0].name,
                        customer=customer.name,
                    )
                )

    @api.constrains("state", "date")
    def _check_is_past(self):
        now = fields.Datetime.now()
        for event in self:
            if event.state == "done" and event.date > now + timedelta(minutes=5):
                raise ValidationError(
                    self.env._(
                        "%(event)s has taken place, so its time is not to come: "
                        "correct it, or plan another contact.",
                        event=event.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            date = fields.Datetime.to_datetime(vals.setdefault("date", now))
            if vals.get("state") not in ("planned", "done"):
                vals["state"] = "planned" if date and date > now else "done"
            if vals["state"] == "planned":
                vals["date_planned"] = date
            for name in FOLLOWING:
                vals.pop(name, None)
        events = super().create(vals_list)
        events._align_scope()
        events._check_reach()
        events._cost_renew()
        events._plan_next()
        events._refresh_figures()
        return events

    def write(self, vals):
        vals = {key: value for key, value in vals.items() if key not in FOLLOWING}
        if "state" in vals:
            raise UserError(self.env._("A contact moves on by its buttons."))
        if "date" in vals:
            planned = self.filtered(lambda event: event.state == "planned")
            if planned and planned != self:
                others = self - planned
                return planned.write(dict(vals)) and others.write(dict(vals))
            if planned:
                vals = {**vals, "date_planned": vals["date"]}
        return self._keep(vals)

    def _keep(self, vals):
        """Write, and let everything that rests on it follow."""
        before = self._get_figure_keys() if FIGURES & vals.keys() else None
        result = super().write(vals)
        if before is None:
            return result
        if {"partner_id", "line_id", "is_important"} & vals.keys():
            self._align_scope()
            self._check_reach()
        self._cost_renew()
        self._refresh_figures(before)
        return result

    def unlink(self):
        before = self._get_figure_keys()
        result = super().unlink()
        self.browse()._refresh_figures(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_past(self):
        if any(event.state != "planned" for event in self):
            raise UserError(
                self.env._("What took place or was cancelled stays on record.")
            )
