# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

READER = "key_account_crm.group_key_account_reader"


class ResPartner(models.Model):
    """How fresh the contact with a customer is, and what serving it costs."""

    _inherit = "res.partner"

    key_account_contact_standing_ids = fields.One2many(
        comodel_name="key.account.contact.standing",
        inverse_name="partner_id",
        string="Contact Freshness",
        readonly=True,
        groups=READER,
    )
    key_account_contact_event_count = fields.Integer(
        string="Contacts Made",
        compute="_compute_key_account_service_counts",
        groups=READER,
    )
    key_account_intelligence_count = fields.Integer(
        string="Intelligence",
        compute="_compute_key_account_service_counts",
        groups=READER,
    )
    key_account_inquiry_count = fields.Integer(
        string="Inquiries",
        compute="_compute_key_account_service_counts",
        groups=READER,
    )
    key_account_contact_last = fields.Date(
        string="Last Contact", compute="_compute_key_account_contact", groups=READER
    )
    key_account_contact_due = fields.Date(
        string="Contact Due", compute="_compute_key_account_contact", groups=READER
    )
    key_account_contact_next = fields.Datetime(
        string="Next Contact", compute="_compute_key_account_contact", groups=READER
    )
    key_account_contact_is_overdue = fields.Boolean(
        string="Contact Overdue",
        compute="_compute_key_account_contact",
        groups=READER,
    )
    key_account_cost_year = fields.Monetary(
        string="Cost to Serve",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_cost",
        groups=READER,
        help="What serving the customer has cost on the lines you may read, in the "
        "same twelve months as the revenue.",
    )
    key_account_cost_share = fields.Float(
        string="Cost ÷ Revenue",
        compute="_compute_key_account_cost",
        groups=READER,
        help="Cost to serve out of the revenue of the same twelve months.",
    )

    @api.depends_context("uid")
    def _compute_key_account_service_counts(self):
        for fname, model in (
            ("key_account_contact_event_count", "key.account.contact.event"),
            ("key_account_intelligence_count", "key.account.intelligence"),
            ("key_account_inquiry_count", "key.account.inquiry"),
        ):
            groups = self._key_account_group_facts(model, Domain.TRUE, ["__count"])
            counts = {partner.id: count for partner, count in groups}
            for partner in self:
                partner[fname] = counts.get(partner.id, 0)

    @api.depends("key_account_contact_standing_ids.date_due")
    @api.depends_context("uid", "tz")
    def _compute_key_account_contact(self):
        today = fields.Date.context_today(self)
        groups = self._key_account_group_facts(
            "key.account.contact.standing",
            Domain("person_id", "=", False),
            ["date_last:max", "date_due:min", "date_next:min"],
        )
        found = {partner.id: figures for partner, *figures in groups}
        for partner in self:
            last, due, following = found.get(partner._origin.id, (False,) * 3)
            partner.key_account_contact_last = last
            partner.key_account_contact_due = due
            partner.key_account_contact_next = following
            partner.key_account_contact_is_overdue = bool(due and due < today)

    @api.depends("key_account_year", "key_account_currency_id")
    @api.depends_context("uid", "tz")
    def _compute_key_account_cost(self):
        costs = self._key_account_get_costs()
        for partner in self:
            cost = costs.get(partner._origin.id, 0.0)
            revenue = partner.key_account_year
            partner.key_account_cost_year = cost
            partner.key_account_cost_share = cost / revenue if revenue > 0 else 0.0

    def _key_account_get_costs(self):
        """Map customers to what serving them has cost in their twelve months."""
        windows = self._key_account_get_cost_windows()
        if not windows:
            return {}
        first = min(first for first, _last in windows.values())
        groups = self._key_account_group_facts(
            "key.account.month",
            Domain("month", ">=", first) & self._key_account_ledger_domain(),
            ["amount_cost:sum"],
            by=["month:month"],
        )
        costs = {}
        for partner, month, amount in groups:
            since, until = windows[partner.id]
            if since <= month <= until:
                costs[partner.id] = costs.get(partner.id, 0.0) + amount
        return costs

    def _key_account_get_cost_windows(self):
        """Map customers to the first and the last of their twelve months: those of
        their revenue, or the present ones where nothing was billed yet."""
        if not self.ids or not self.env["key.account.month"].has_access("read"):
            return {}
        last_months = self._key_account_get_last_months()
        present = fields.Date.context_today(self).replace(day=1)
        windows = {}
        for partner_id in self.ids:
            last = last_months.get(partner_id) or present
            windows[partner_id] = last - relativedelta(months=11), last
        return windows

    def action_view_key_account_contact_events(self):
        return self._key_account_open(
            "key_account_service.key_account_contact_event_action"
        )

    def action_view_key_account_intelligence(self):
        return self._key_account_open(
            "key_account_service.key_account_intelligence_action"
        )

    def action_view_key_account_inquiries(self):
        return self._key_account_open("key_account_service.key_account_inquiry_action")

    def action_view_key_account_costs(self):
        """The months whose cost the figure on the form is the sum of."""
        action = self._key_account_open(
            "key_account_service.key_account_month_action_cost"
        )
        window = self._key_account_get_cost_windows().get(self.id)
        if window:
            first, last = window
            action["domain"] += [
                ("month", ">=", first),
                ("month", "<=", last),
                ("currency_id", "=", self.key_account_currency_id.id),
            ]
        action["context"] = {}
        return action

    def _key_account_realign_facts(self):
        result = super()._key_account_realign_facts()
        if self.ids:
            self.env["key.account.contact.event"]._align_scopes_of(self.ids)
            # sudo: freshness follows whoever serves the customers now.
            self.env["key.account.contact.standing"].sudo()._refresh(self.ids)
        return result

    def _key_account_get_derived_tables(self):
        return [
            *super()._key_account_get_derived_tables(),
            "key_account_contact_standing",
        ]
