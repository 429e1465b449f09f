# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..life_cycle import choose_months


class KeyAccountChurnWorth(models.Model):
    """What one business line lost when a customer left (FILE-03, domain 1.2.5).

    Summed once from the customer's months and kept: later corrections of bills do not
    change what was known that day. Amounts are in the currency of the churned file, at
    the rate of the day the customer left.
    """

    _name = "key.account.churn.worth"
    _description = "Worth of a Churned Customer"
    _inherit = ["key.account.fact.mixin"]
    _order = "churn_id, amount_year desc, id"
    _rec_name = "partner_id"

    churn_id = fields.Many2one(
        comodel_name="key.account.churn",
        string="Churned File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(
        string="Left on", related="churn_id.date", store=True, index=True
    )
    kind_id = fields.Many2one(related="churn_id.kind_id", store=True)
    cause_id = fields.Many2one(related="churn_id.cause_id", store=True)
    competitor_id = fields.Many2one(related="churn_id.competitor_id", store=True)
    date_won_back = fields.Date(related="churn_id.date_won_back", store=True)
    former_unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Unit at that Time", ondelete="restrict"
    )
    former_manager_id = fields.Many2one(
        comodel_name="res.users", string="Manager at that Time", ondelete="restrict"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, ondelete="restrict"
    )
    date_last_billed = fields.Date(
        string="Last Billed Month", help="Its first day, before the customer left."
    )
    amount_quarter = fields.Monetary(string="Revenue of 3 Months")
    amount_year = fields.Monetary(string="Revenue of 12 Months")

    _line_uniq = models.UniqueIndex(
        "(churn_id, line_id) NULLS NOT DISTINCT", "A line has one row per departure."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(self.env._("What a customer was worth stays on its file."))

    @api.model
    def _measure(self, churns):
        """Make the rows of new churned files from the months. As superuser."""
        months = self.env["key.account.month"]._read_group(
            [("partner_id", "in", churns.partner_id.ids), ("bill_count", ">", 0)],
            ["partner_id", "line_id", "currency_id", "month:day"],
            ["amount_billed:sum"],
        )
        by_partner = defaultdict(list)
        for partner, *values in months:
            by_partner[partner].append(values)
        vals_list = [
            vals
            for churn in churns
            for vals in self._prepare_vals_list(churn, by_partner[churn.partner_id])
        ]
        rows = self.create(vals_list)
        for row in rows:  # whose the line was that day
            row.former_unit_id, row.former_manager_id = row.unit_id, row.manager_id
        return rows

    @api.model
    def _prepare_vals_list(self, churn, months):
        """A row per line from (line, currency, month, amount billed)."""
        quarter, year = choose_months(
            [month for _line, _currency, month, _amount in months], churn.date
        )
        rows = {}
        for line, currency, month, amount in months:
            if month not in quarter | year:
                continue
            row = rows.setdefault(line, {"amount_quarter": 0, "amount_year": 0})
            amount = currency._convert(
                amount, churn.currency_id, self.env.company, churn.date
            )
            row["amount_quarter"] += amount if month in quarter else 0
            row["amount_year"] += amount if month in year else 0
            row["date_last_billed"] = max(row.get("date_last_billed", month), month)
        return [
            {
                **row,
                "churn_id": churn.id,
                "partner_id": churn.partner_id.id,
                "line_id": line.id,
                "currency_id": churn.currency_id.id,
            }
            for line, row in rows.items()
        ]
