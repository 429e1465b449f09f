# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """Disputes and promises of a customer among everything that happened with him."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(
        selection_add=[("dispute", "Disputed Amount"), ("promise", "Promise to Pay")]
    )

    _depends = {
        "key.account.dispute": [
            "amount",
            "currency_id",
            "date",
            "line_id",
            "manager_id",
            "partner_id",
            "reason",
            "unit_id",
            "user_id",
        ],
        "key.account.promise": [
            "amount",
            "currency_id",
            "date",
            "line_id",
            "manager_id",
            "note",
            "partner_id",
            "unit_id",
            "user_id",
        ],
    }

    def _get_parts(self):
        return {
            **super()._get_parts(),
            "dispute": self._get_arrears_part(
                "key.account.dispute", "dispute", "reason"
            ),
            "promise": self._get_arrears_part("key.account.promise", "promise", "note"),
        }

    def _get_arrears_part(self, model, kind, text):
        columns = self._get_fact_columns(
            model,
            kind,
            date=SQL("fact.date"),
            line_id=SQL("fact.line_id"),
            text=SQL.identifier("fact", text),
            user_id=SQL("fact.user_id"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
        )
        return columns, SQL("%s AS fact", SQL.identifier(self.env[model]._table))

    def _get_summary(self, record):
        if self.kind not in ("dispute", "promise"):
            return super()._get_summary(record)
        states = dict(record._fields["state"]._description_selection(self.env))
        name = record.bill_id.name if self.kind == "dispute" else None
        return self._join(name, self.text, states[record.state])
