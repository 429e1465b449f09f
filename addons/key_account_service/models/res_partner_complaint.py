# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from .key_account_complaint import OPEN_STATES


class ResPartner(models.Model):
    """A customer's complaints, as far as the reader may open them (table 1.2.7)."""

    _inherit = "res.partner"

    key_account_complaint_count = fields.Integer(
        string="Number of Complaints", compute="_compute_key_account_complaints"
    )
    key_account_complaint_open_count = fields.Integer(
        string="Open Complaints",
        compute="_compute_key_account_complaints",
        search="_search_key_account_complaint_open_count",
    )
    key_account_complaint_text = fields.Char(
        string="Complaints at a Glance", compute="_compute_key_account_complaint_text"
    )

    @api.depends_context("uid")
    def _compute_key_account_complaints(self):
        counts = {}
        if self.env["key.account.complaint"].has_access("read"):
            groups = self.env["key.account.complaint"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id", "state"], ["__count"]
            )
            for partner, state, count in groups:
                counts.setdefault(partner.id, {})[state] = count
        for partner in self:
            found = counts.get(partner.id, {})
            partner.key_account_complaint_count = sum(found.values())
            partner.key_account_complaint_open_count = sum(
                found.get(state, 0) for state in OPEN_STATES
            )

    def _search_key_account_complaint_open_count(self, operator, value):
        """Customers with open complaints, or without: more is not asked for."""
        complaints = self.env["key.account.complaint"]
        is_having = {(">", 0): True, (">=", 1): True, ("=", 0): False, ("<", 1): False}
        if operator == "in" and set(value) == {0}:
            operator, value = "=", 0
        if (operator, value) not in is_having:
            return NotImplemented
        having = Domain.FALSE
        if complaints.has_access("read"):
            query = complaints._search([("state", "in", OPEN_STATES)])
            having = Domain("id", "in", query.subselect("partner_id"))
        return having if is_having[operator, value] else ~having

    @api.depends_context("uid", "lang")
    def _compute_key_account_complaint_text(self):
        """What whoever opens the file is to know before he calls: in one line."""
        overdue = {}
        complaints = self.env["key.account.complaint"]
        if complaints.has_access("read"):
            groups = complaints._read_group(
                [("partner_id", "in", self.ids), ("clock_phase", "=", "overdue")],
                ["partner_id"],
                ["__count"],
            )
            overdue = {partner.id: count for partner, count in groups}
        for partner in self:
            count = partner.key_account_complaint_open_count
            late = overdue.get(partner.id, 0)
            if late:
                partner.key_account_complaint_text = self.env._(
                    "%(count)s open, %(late)s of them over the time limit",
                    count=count,
                    late=late,
                )
            else:
                partner.key_account_complaint_text = (
                    self.env._("%(count)s open", count=count) if count else False
                )

    def action_view_key_account_complaints(self):
        self.ensure_one()
        name = "key_account_service.key_account_complaint_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def _key_account_realign_facts(self):
        result = super()._key_account_realign_facts()
        if self.ids:
            self.env["key.account.complaint"]._align_scopes_of(self.ids)
        return result
