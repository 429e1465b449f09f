# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """What was done for a customer, in its time line (table 1.2.7)."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("care", "Care")])

    _depends = {
        "key.account.care": [
            "amount",
            "currency_id",
            "date_done",
            "date_shown",
            "line_id",
            "manager_id",
            "name",
            "outcome",
            "partner_id",
            "state",
            "unit_id",
            "user_id",
        ]
    }

    def _get_parts(self):
        return {**super()._get_parts(), "care": self._get_care_part()}

    def _get_care_part(self):
        return self._make_fact_part(
            "key.account.care",
            "care",
            SQL("fact.state = 'done'"),
            date=self.env["key.account.care"]._get_day_done(),
            text=SQL("fact.outcome"),
            user_id=SQL("fact.user_id"),
            amount=SQL("NULLIF(fact.amount, 0)"),
        )

    def _get_summary(self, record):
        if self.kind != "care":
            return super()._get_summary(record)
        means = dict(record._fields["means"]._description_selection(self.env))
        return self._join(means[record.means], self.reference, self.text)
