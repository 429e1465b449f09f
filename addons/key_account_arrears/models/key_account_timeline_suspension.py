# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """Suspensions and resumed services among everything that happened."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("suspension", "Suspension")])

    _depends = {
        "key.account.suspension": [
            "amount",
            "currency_id",
            "date",
            "kind",
            "line_id",
            "manager_id",
            "partner_id",
            "reason",
            "state",
            "unit_id",
            "user_id",
        ],
    }

    def _get_parts(self):
        columns = self._get_fact_columns(
            "key.account.suspension",
            "suspension",
            date=SQL("fact.date"),
            line_id=SQL("fact.line_id"),
            text=SQL("fact.reason"),
            user_id=SQL("fact.user_id"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
        )
        part = columns, SQL("key_account_suspension AS fact")
        return {**super()._get_parts(), "suspension": part}

    def _get_summary(self, record):
        if self.kind != "suspension":
            return super()._get_summary(record)
        labels = [
            dict(record._fields[name]._description_selection(self.env))[record[name]]
            for name in ("kind", "state")
        ]
        return self._join(record.number_id.name, *labels, self.text)
