# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountServiceEvent(models.Model):
    """Services of the uploaded log; those that are contacts stand there as contacts."""

    _inherit = "key.account.service.event"

    source = fields.Selection(selection_add=[("log", "Service Log")])

    _depends = {
        "key.account.service.log": [
            "cost",
            "currency_id",
            "day",
            "is_contact",
            "kind_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "unit_id",
            "user_id",
        ]
    }

    def _get_parts(self):
        return super()._get_parts() | {"log": self._get_log_part()}

    def _get_log_part(self):
        columns = {
            "day": SQL("fact.day"),
            "reference": SQL("fact.name"),
            "kind_id": SQL("fact.kind_id"),
            "user_id": SQL("fact.user_id"),
        }
        condition = SQL("fact.partner_id IS NOT NULL AND fact.is_contact IS NOT TRUE")
        return "key.account.service.log", columns, condition
