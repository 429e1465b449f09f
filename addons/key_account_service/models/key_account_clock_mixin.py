# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..clock import STATES as CLOCK_STATES

STATES = list(
    zip(CLOCK_STATES, ("Not Started", "Running", "Paused", "Stopped"), strict=True)
)
PHASES = [
    ("none", "No Limit"),
    ("on_time", "On Time"),
    ("warning", "Nearly Due"),
    ("overdue", "Overdue"),
    ("waiting", "Waiting"),
    ("met", "Done in Time"),
    ("missed", "Done Late"),
]
# Columns that follow from the ledger and the standard: nobody writes them.
DERIVED = {
    "alarm_level",
    "calendar_id",
    "clock_limit",
    "clock_outcome",
    "clock_state",
    "clock_used",
    "date_alarm",
    "date_done",
    "date_due",
    "grade_code",
    "pause_reason_id",
    "standard_id",
}


class KeyAccountClockMixin(models.AbstractModel):
    """A fact with a clock: accepted at, due at, done at, by a service standard.

    A model inherits it beside the fact mixin and says by ``_clock_get_kind`` which
    standard applies; its own steps call ``_clock_take``. The columns below are a
    digest of the ledger (``key.account.clock.event``) and are written by nothing else.
    """

    _name = "key.account.clock.mixin"
    _description = "Clock of a Service"
    _key_account_untracked = ("alarm_level", "clock_used", "date_alarm")

    clock_event_ids = fields.One2many(
        comodel_name="key.account.clock.event",
        inverse_name="res_id",
        string="Clock",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
    )
    clock_state = fields.Selection(
        selection=STATES, default="idle", required=True, readonly=True, copy=False
    )
    date_accepted = fields.Datetime(
        string="Accepted",
        required=True,
        index=True,
        copy=False,
        default=fields.Datetime.now,
        help="When the customer asked: the clock starts here.",
    )
    date_due = fields.Datetime(
        string="Due",
        readonly=True,
        copy=False,
        help="When the limit of the service standard is used up. Empty while the clock "
        "stands: it will be due as much later as it stood.",
    )
    date_done = fields.Datetime(string="Done", readonly=True, copy=False, index=True)
    date_alarm = fields.Datetime(string="Next Alarm", readonly=True, copy=False)
    alarm_level = fields.Integer(
        readonly=True,
        copy=False,
        aggregator="max",
        help="1 warned, 2 breached, 3 and 4 escalated.",
    )
    standard_id = fields.Many2one(
        comodel_name="key.account.standard",
        string="Service Standard",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    grade_code = fields.Selection(
        selection="_get_grade_options",
        string="Grade",
        readonly=True,
        copy=False,
        help="The customer's grade when the standard was applied.",
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Empty: around the clock.",
    )
    clock_limit = fields.Integer(
        string="Limit in Seconds", readonly=True, copy=False, aggregator=None
    )
    clock_used = fields.Integer(
        string="Seconds Used", readonly=True, copy=False, aggregator="avg"
    )
    clock_outcome = fields.Selection(
        selection=[("met", "Done in Time"), ("missed", "Done Late")],
        string="Outcome",
        readonly=True,
        copy=False,
    )
    pause_reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Waits Because",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    clock_phase = fields.Selection(
        selection=PHASES,
        string="Time Limit",
        compute="_compute_clock_phase",
        search="_search_clock_phase",
    )
    hours_limit = fields.Float(
        string="Limit", compute="_compute_hours", aggregator=None, help="In hours."
    )
    hours_used = fields.Float(
        string="Time Used",
        compute="_compute_hours",
        aggregator=None,
        help="Hours of service used up until now.",
    )

    @api.model
    def _get_grade_options(self):
        return self.env["key.account.grade"]._get_code_options()

    @api.depends("date_due", "date_done", "date_alarm", "alarm_level", "clock_state")
    def _compute_clock_phase(self):
        now = fields.Datetime.now()
        for record in self:
            record.clock_phase = record._get_clock_phase(now)

    def _get_clock_phase(self, now):
        self.ensure_one()
        if not self.standard_id:
            return "none"
        if self.date_done:
            return self.clock_outcome or "met"
        if self.date_due and self.date_due < now:
            return "overdue"
        if self.clock_state == "paused":
            return "waiting"
        is_near = self.alarm_level or (self.date_alarm and self.date_alarm <= now)
        return "warning" if is_near else "on_time"

    def _search_clock_phase(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        domains = self._get_phase_domains(fields.Datetime.now())
        return Domain.OR(domains[phase] for phase in value if phase in domains)

    @api.model
    def _get_phase_domains(self, now):
        """What each phase means now: the same as ``_get_clock_phase``."""
        limited = Domain("standard_id", "!=", False)
        is_open = limited & Domain("date_done", "=", False)
        overdue = is_open & Domain("date_due", "<", now)
        in_time = is_open & (
            Domain("date_due", "=", False) | Domain("date_due", ">=", now)
        )
        running = in_time & Domain("clock_state", "!=", "paused")
        near = Domain("alarm_level", ">", 0) | Domain("date_alarm", "<=", now)
        done = limited & Domain("date_done", "!=", False)
        return {
            "none": ~limited,
            "overdue": overdue,
            "waiting": in_time & Domain("clock_state", "=", "paused"),
            "warning": running & near,
            "on_time": running
            & Domain("alarm_level", "in", (0, False))
            & (Domain("date_alarm", "=", False) | Domain("date_alarm", ">", now)),
            "met": done & Domain("clock_outcome", "!=", "missed"),
            "missed": done & Domain("clock_outcome", "=", "missed"),
        }

    @api.depends("clock_limit", "clock_used", "clock_state")
    def _compute_hours(self):
        now = fields.Datetime.now()
        clocks = self._clock_read()
        for record in self:
            hours = record.calendar_id._key_account_get_hours()
            clock = clocks.get(record.id)
            record.hours_limit = record.clock_limit / 3600
            record.hours_used = clock.elapsed(hours, now) / 3600 if clock else 0

    @api.constrains("date_accepted")
    def _check_date_accepted(self):
        now = fields.Datetime.now()
        for record in self:
            if record.date_accepted > now:
                raise ValidationError(
                    self.env._(
                        "%(record)s cannot be accepted at %(date)s UTC, which is in "
                        "the future: enter when the customer asked.",
                        record=record.display_name,
                        date=record.date_accepted,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in DERIVED & vals.keys():
                del vals[name]
        records = super().create(vals_list)
        records._clock_start()
        return records

    def write(self, vals):
        if DERIVED & vals.keys():
            raise UserError(
                self.env._("The clock follows from its ledger: use the buttons.")
            )
        if "date_accepted" in vals:
            raise UserError(
                self.env._("The clock has started: when it did is not changed.")
            )
        return super().write(vals)
