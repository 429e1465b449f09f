# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """Contacts, inquiries and intelligence among everything that happened."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(
        selection_add=[
            ("contact", "Customer Contact"),
            ("inquiry", "Inquiry"),
            ("intelligence", "Competitor Intelligence"),
        ]
    )

    _depends = {
        "key.account.contact.event": [
            "cost",
            "currency_id",
            "date",
            "line_id",
            "manager_id",
            "partner_id",
            "result",
            "subject",
            "unit_id",
            "user_id",
        ],
        "key.account.inquiry": [
            "answer",
            "date_asked",
            "line_id",
            "manager_id",
            "partner_id",
            "question",
            "unit_id",
            "user_id",
        ],
        "key.account.intelligence": [
            "date_learnt",
            "line_id",
            "manager_id",
            "name",
            "note",
            "partner_id",
            "unit_id",
            "user_id",
        ],
    }

    def _get_parts(self):
        return {
            **super()._get_parts(),
            "contact": self._get_contact_part(),
            "inquiry": self._get_inquiry_part(),
            "intelligence": self._get_intelligence_part(),
        }

    def _get_contact_part(self):
        return self._make_fact_part(
            "key.account.contact.event",
            "contact",
            SQL("TRUE"),
            date=self._to_local_date(SQL("fact.date")),
            reference=SQL("fact.subject"),
            text=SQL("fact.result"),
            user_id=SQL("fact.user_id"),
        )

    def _get_inquiry_part(self):
        columns = self._get_fact_columns(
            "key.account.inquiry",
            "inquiry",
            date=self._to_local_date(SQL("fact.date_asked")),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.question"),
            text=SQL("fact.answer"),
            user_id=SQL("fact.user_id"),
        )
        return columns, SQL(
            "key_account_inquiry AS fact WHERE fact.partner_id IS NOT NULL"
        )

    def _get_intelligence_part(self):
        columns = self._get_fact_columns(
            "key.account.intelligence",
            "intelligence",
            date=SQL("fact.date_learnt"),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.name"),
            text=SQL("fact.note"),
            user_id=SQL("fact.user_id"),
        )
        return columns, SQL(
            "key_account_intelligence AS fact WHERE fact.partner_id IS NOT NULL"
        )

    def _get_summary(self, record):
        if self.kind == "contact":
            states = dict(record._fields["state"]._description_selection(self.env))
            state = "" if record.state == "done" else states[record.state]
            return self._join(record.kind_id.name, self.reference, self.text, state)
        if self.kind == "inquiry":
            return self._join(record.content_id.display_name, self.reference, self.text)
        if self.kind == "intelligence":
            return self._join(record.competitor_id.name, self.reference, self.text)
        return super()._get_summary(record)
