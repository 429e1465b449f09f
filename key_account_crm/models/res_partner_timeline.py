# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .key_account_line_standing import MONTHS


class ResPartner(models.Model):
    """What a customer brought month by month, as the small chart draws it."""

    _inherit = "res.partner"

    key_account_revenue_chart = fields.Json(
        string="Revenue by Month",
        compute="_compute_key_account_revenue_chart",
        groups="key_account_crm.group_key_account_reader",
        help="Billed less credit notes on the lines you may read, in each of the "
        "twelve months up to the last month for which bills were loaded, in the "
        "currency of the customer's ledger.",
    )

    @api.depends_context("uid")
    def _compute_key_account_revenue_chart(self):
        last_months = self._key_account_get_last_months()
        billed = self._key_account_get_billed_by_month(last_months)
        for partner in self:
            last = last_months.get(partner.id)
            partner.key_account_revenue_chart = last and [
                {
                    "month": fields.Date.to_string(month),
                    "amount": billed.get((partner.id, month), 0.0),
                }
                for month in self._key_account_get_months(last)
            ]

    def _key_account_get_last_months(self):
        """Map customers to the last of their twelve months, where they have any."""
        groups = self.env["key.account.line.standing"]._read_group(
            Domain("partner_id", "in", self.ids)
            & Domain("month_to", "!=", False)
            & self._key_account_ledger_domain(),
            ["partner_id"],
            ["month_to:max"],
        )
        return {partner.id: month for partner, month in groups}

    def _key_account_get_billed_by_month(self, last_months):
        """Map (customer, month) to what was billed on the lines the user may read."""
        if not last_months:
            return {}
        since = self._key_account_get_months(min(last_months.values()))[0]
        groups = self.env["key.account.month"]._read_group(
            Domain("partner_id", "in", self.ids)
            & Domain("month", ">=", since)
            & self._key_account_ledger_domain(),
            ["partner_id", "month:month"],
            ["amount_billed:sum"],
        )
        return {(partner.id, month): amount for partner, month, amount in groups}

    @api.model
    def _key_account_get_months(self, last):
        """The twelve months up to and including the last one, as their first days."""
        return [last - relativedelta(months=back) for back in reversed(range(MONTHS))]
