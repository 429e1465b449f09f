# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """Complaints in the customer's time line, for those who may open them."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("complaint", "Complaint")])

    _depends = {
        "key.account.complaint": [
            "cost_total",
            "currency_id",
            "date_accepted",
            "handler_id",
            "is_secret",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "subject",
            "unit_id",
        ]
    }

    def _get_parts(self):
        return {**super()._get_parts(), "complaint": self._get_complaint_part()}

    def _get_complaint_part(self):
        return self._make_fact_part(
            "key.account.complaint",
            "complaint",
            self.env["key.account.complaint"]._get_readable("fact"),
            date=self._to_local_date(SQL("fact.date_accepted")),
            text=SQL("fact.subject"),
            user_id=SQL("fact.handler_id"),
            amount=SQL("NULLIF(fact.cost_total, 0)"),
        )

    def _get_summary(self, record):
        if self.kind != "complaint":
            return super()._get_summary(record)
        states = dict(record._fields["state"]._description_selection(self.env))
        return self._join(
            record.type_id.name, self.reference, self.text, states[record.state]
        )
