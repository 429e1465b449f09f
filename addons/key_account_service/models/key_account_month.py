# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

COUNTS = {
    "contact": "contact_count",
    "request": "request_count",
    "inquiry": "inquiry_count",
    "complaint": "complaint_count",
    "care": "care_count",
    "activity": "care_count",
}


class KeyAccountMonth(models.Model):
    """How often a customer was served in a month, and what that has cost (design 3.9).

    Summed from the service events, each of which its reader may open.
    """

    _inherit = "key.account.month"

    contact_count = fields.Integer(string="Contacts Made", readonly=True)
    request_count = fields.Integer(string="Requests", readonly=True)
    inquiry_count = fields.Integer(string="Inquiries", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    care_count = fields.Integer(string="Care", readonly=True)
    amount_cost = fields.Monetary(
        string="Cost to Serve",
        readonly=True,
        help="What every service of the month has cost.",
    )

    @api.model
    def _get_figures(self):
        counts = self._get_service_counts().values()
        return [*super()._get_figures(), *dict.fromkeys(counts), "amount_cost"]

    @api.model
    def _get_service_counts(self):
        """Map the sources of service events to the columns that count them. Hook."""
        return COUNTS

    def _get_parts(self, partner_ids, since):
        return [
            *super()._get_parts(partner_ids, since),
            *self._get_service_parts(partner_ids, since),
        ]

    def _get_service_parts(self, partner_ids, since):
        """A SELECT of each kind of service event."""
        events = self.env["key.account.service.event"]
        restriction = self._restrict(partner_ids, since, "day")
        counts = self._get_service_counts()
        return [
            self._make_part(
                SQL("(%s) AS fact WHERE %s", query, restriction),
                SQL("fact.day"),
                amount_cost=SQL("fact.cost"),
                **{counts[source]: SQL("1")},
            )
            for source, query in events._get_selects().items()
        ]

    @api.model
    def _get_zone(self):
        """The time zone by whose days months are counted: the main company's, the same
        for every reader."""
        # not env.ref: it asks the database each time whether the company is there
        company_id = self.env["ir.model.data"]._xmlid_to_res_id("base.main_company")
        # sudo: nothing but the time zone is read.
        company = self.env["res.company"].sudo().browse(company_id)
        return company.partner_id.tz or "UTC"

    @api.model
    def _get_local_day(self, moment):
        """The day of a moment (UTC) where the centre works."""
        zone = pytz.timezone(self._get_zone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    def _get_local_day_sql(self, moment) -> SQL:
        zone = self._get_zone()
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

    def action_view_service_events(self):
        """What the counts and the cost of the month are summed from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_service_event_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("line_id", "=", self.line_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("day", ">=", self.month),
            ("day", "<", fields.Date.add(self.month, months=1)),
        ]
        action["context"] = {}
        return action
