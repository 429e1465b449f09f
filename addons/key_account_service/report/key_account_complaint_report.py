# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

from ..models.key_account_complaint import STATES


class KeyAccountComplaintReport(models.Model):
    """One complaint as figures: in time, repeated, opened again, satisfied (CMP-04,
    ANA-08).

    Rates are means of 0 and 100, so that they are right in every grouping; a complaint
    that has no value yet (not due, no mark) does not count in the mean.
    """

    _name = "key.account.complaint.report"
    _description = "Complaint Analysis"
    _auto = False
    _order = "date_accepted desc, id desc"
    _rec_name = "name"
    _key_account_export_roles = FIGURE_ROLES

    name = fields.Char(string="Complaint Number", readonly=True)
    complaint_id = fields.Many2one(comodel_name="key.account.complaint", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    handling_unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Dispatched to", readonly=True
    )
    escalated_unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Escalated to", readonly=True
    )
    scope_id = fields.Many2one(comodel_name="key.account.scope", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    handler_id = fields.Many2one(
        comodel_name="res.users", string="Handler", readonly=True
    )
    registrant_id = fields.Many2one(
        comodel_name="res.users", string="Registered by", readonly=True
    )
    is_secret = fields.Boolean(string="Secret", readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    nature = fields.Selection(
        selection=[("complaint", "Complaint"), ("suggestion", "Suggestion")],
        readonly=True,
    )
    type_id = fields.Many2one(
        comodel_name="key.account.complaint.type", string="Type", readonly=True
    )
    cause_id = fields.Many2one(
        comodel_name="key.account.complaint.cause", string="Cause", readonly=True
    )
    incident_id = fields.Many2one(comodel_name="key.account.incident", readonly=True)
    channel_id = fields.Many2one(
        comodel_name="key.account.term", string="Channel", readonly=True
    )
    grade_code = fields.Selection(
        selection=lambda self: self.env["key.account.grade"]._get_code_options(),
        string="Grade",
        readonly=True,
    )
    region = fields.Char(readonly=True)
    date_accepted = fields.Datetime(string="Accepted", readonly=True)
    count = fields.Integer(string="Complaints", readonly=True)
    open_count = fields.Integer(string="Open Complaints", readonly=True)
    settled_count = fields.Integer(string="Replied or Closed", readonly=True)
    repeat_count = fields.Integer(string="Repeats", readonly=True)
    reopened_count = fields.Integer(string="Opened Again", readonly=True)
    escalated_count = fields.Integer(string="Escalated", readonly=True)
    in_time_rate = fields.Float(
        string="In Time (%)",
        readonly=True,
        aggregator="avg",
        help="Replied to in time out of all that were due.",
    )
    repeat_rate = fields.Float(string="Repeats (%)", readonly=True, aggregator="avg")
    mark = fields.Float(string="Satisfaction", readonly=True, aggregator="avg")
    satisfied_rate = fields.Float(
        string="Satisfied (%)", readonly=True, aggregator="avg", help="Marks 4 and 5."
    )
    days = fields.Float(
        string="Days until Reply",
        readonly=True,
        aggregator="avg",
        help="Calendar days.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    cost_total = fields.Monetary(string="Cost", readonly=True)
    compensation = fields.Monetary(readonly=True)

    _depends = {
        "key.account.complaint": [
            "cause_id",
            "channel_id",
            "clock_outcome",
            "compensation",
            "cost_total",
            "currency_id",
            "date_accepted",
            "date_done",
            "date_due",
            "date_replied",
            "escalated_unit_id",
            "escalation_level",
            "grade_code",
            "handler_id",
            "handling_unit_id",
            "incident_id",
            "is_secret",
            "line_id",
            "manager_id",
            "mark",
            "name",
            "nature",
            "partner_id",
            "region",
            "registrant_id",
            "reopen_count",
            "repeat_count",
            "scope_id",
            "state",
            "type_id",
            "unit_id",
        ]
    }

    @property
    def _table_query(self) -> SQL:
        return SQL("%s FROM key_account_complaint AS complaint", self._select())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT id, id AS complaint_id, name, partner_id, line_id, unit_id,
                   handling_unit_id, escalated_unit_id, scope_id, manager_id,
                   handler_id, registrant_id, is_secret, state, nature, type_id,
                   cause_id, incident_id, channel_id, grade_code, region, date_accepted,
                   currency_id, cost_total, compensation, 1 AS count,
                   (date_done IS NULL)::int AS open_count,
                   (state IN ('replied', 'callback', 'closed'))::int AS settled_count,
                   (repeat_count > 0)::int AS repeat_count,
                   (reopen_count > 0)::int AS reopened_count,
                   (escalation_level > 0)::int AS escalated_count,
                   CASE WHEN state = 'withdrawn' THEN NULL
                        WHEN clock_outcome = 'met' THEN 100
                        WHEN clock_outcome = 'missed' OR date_due < %(now)s THEN 0
                    END AS in_time_rate,
                   CASE WHEN repeat_count > 0 THEN 100 ELSE 0 END AS repeat_rate,
                   mark::int AS mark,
                   CASE WHEN mark IN ('4', '5') THEN 100 WHEN mark IS NOT NULL THEN 0
                    END AS satisfied_rate,
                   EXTRACT(epoch FROM date_replied - date_accepted) / 86400 AS days
            """,
            now=fields.Datetime.now(),
        )

    def action_open(self):
        """The complaint this row is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account.complaint",
            "res_id": self.id,
            "views": [(False, "form")],
        }
