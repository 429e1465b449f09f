# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """The requests of a customer among everything that happened with him."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("request", "Request")])

    _depends = {
        "key.account.request": [
            "cost",
            "currency_id",
            "date_accepted",
            "handler_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "subject",
            "unit_id",
        ]
    }

    def _get_parts(self):
        return {**super()._get_parts(), "request": self._get_request_part()}

    def _get_request_part(self):
        columns = self._get_fact_columns(
            "key.account.request",
            "request",
            date=self._to_local_date(SQL("fact.date_accepted")),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.name"),
            text=SQL("fact.subject"),
            user_id=SQL("fact.handler_id"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("NULLIF(fact.cost, 0)"),
        )
        return columns, SQL(
            "key_account_request AS fact WHERE fact.partner_id IS NOT NULL"
        )

    def _get_summary(self, record):
        if self.kind != "request":
            return super()._get_summary(record)
        states = dict(record._fields["state"]._description_selection(self.env))
        return self._join(
            record.kind_id.name, self.reference, self.text, states[record.state]
        )
