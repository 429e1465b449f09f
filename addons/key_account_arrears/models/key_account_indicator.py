# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

MONTH = "key.account.month"


class KeyAccountIndicator(models.Model):
    """What days sales outstanding are made of (domain 2.11)."""

    _inherit = "key.account.indicator"

    @api.model
    def _get_methods(self):
        return {
            **super()._get_methods(),
            "receivable_days": self.env._("Receivable at the end, times the days"),
        }

    @api.model
    def _get_method_rows(self, period, domain):
        if self.method != "receivable_days":
            return super()._get_method_rows(period, domain)
        return MONTH, list(domain & Domain("month", "<=", period[1]))

    def _query_receivable_days(self, key_path, period, domain):
        first, last = period
        domain &= Domain("month", "<=", last)
        value = SQL(
            "SUM((amount_billed - amount_paid) * %s)::numeric * %s",
            self._get_rate_sql(SQL.identifier("key_account_month", "currency_id")),
            (last - first).days + 1,
        )
        return self._select(self.env[MONTH], key_path, domain, value)
