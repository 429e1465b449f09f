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

    def _make_fact_part(self, model, kind, condition, **columns):
        """A part that is told by the records of a model: their own name, line and cost
        unless other columns are given."""
        columns = {
            "line_id": SQL("fact.line_id"),
            "reference": SQL("fact.name"),
            "currency_id": SQL("fact.currency_id"),
            "amount": SQL("NULLIF(fact.cost, 0)"),
            **columns,
        }
        table = SQL.identifier(self.env[model]._table)
        return self._get_fact_columns(model, kind, **columns), SQL(
            "%s AS fact WHERE %s", table, condition
        )

    def _get_request_part(self):
        return self._make_fact_part(
            "key.account.request",
            "request",
            SQL("fact.partner_id IS NOT NULL"),
            date=self._to_local_date(SQL("fact.date_accepted")),
            text=SQL("fact.subject"),
            user_id=SQL("fact.handler_id"),
        )

    def _get_summary(self, record):
        if self.kind != "request":
            return super()._get_summary(record)
        states = dict(record._fields["state"]._description_selection(self.env))
        return self._join(
            record.kind_id.name, self.reference, self.text, states[record.state]
        )
