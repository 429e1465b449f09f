# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountTimeline(models.Model):
    """What the uploaded service log tells of a customer, in its time line."""

    _inherit = "key.account.timeline"

    kind = fields.Selection(selection_add=[("service_log", "Service Log")])

    _depends = {
        "key.account.service.log": [
            "cost",
            "currency_id",
            "date_start",
            "is_contact",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "remark",
            "unit_id",
            "user_id",
        ]
    }

    def _get_parts(self):
        return {**super()._get_parts(), "service_log": self._get_service_log_part()}

    def _get_service_log_part(self):
        return self._make_fact_part(
            "key.account.service.log",
            "service_log",
            SQL("fact.partner_id IS NOT NULL AND fact.is_contact IS NOT TRUE"),
            date=self._to_local_date(SQL("fact.date_start")),
            text=SQL("fact.remark"),
            user_id=SQL("fact.user_id"),
        )

    def _get_summary(self, record):
        if self.kind != "service_log":
            return super()._get_summary(record)
        return self._join(
            record.kind_id.name or record.class_id.name, self.text, record.result
        )
