# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

from .key_account_line_standing import MONTHS
from .res_partner_screen import READER

QUARTER = 3


class ResPartner(models.Model):
    """How a customer consumes and pays, and what it prefers (FILE-07, FILE-08).

    Habits are computed from the ledgers as far as the reader may open them, in the
    currency of the customer's ledger; preferences are what somebody noted.
    """

    _inherit = "res.partner"

    # what it prefers
    key_account_preferred_time = fields.Selection(
        selection=[
            ("morning", "Morning"),
            ("afternoon", "Afternoon"),
            ("evening", "Evening"),
            ("weekend", "Weekend"),
        ],
        string="Preferred Time",
        help="When the customer wants to be called or visited.",
    )
    key_account_bill_form = fields.Selection(
        selection=[
            ("electronic", "Electronic"),
            ("paper", "On Paper"),
            ("both", "Electronic and on Paper"),
        ],
        string="Bills Wanted",
    )
    key_account_interest_ids = fields.Many2many(
        comodel_name="key.account.line",
        relation="key_account_interest_rel",
        column1="partner_id",
        column2="line_id",
        string="Lines of Interest",
        help="Business lines the customer asked about or wants offers of.",
    )
    key_account_demand = fields.Text(
        string="Demand",
        help="What the customer needs and how it wants it: products, volumes, "
        "delivery, seasons.",
    )
    # how it consumes
    key_account_month_average = fields.Monetary(
        string="Average Month",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_consumption",
        groups=READER,
        help="Revenue of the twelve months of the chart, by month since the first "
        "of them that was billed.",
    )
    key_account_peak_month = fields.Date(
        string="Strongest Month",
        compute="_compute_key_account_consumption",
        groups=READER,
        help="The month of the chart that brought most.",
    )
    key_account_peak_name = fields.Char(
        string="Strongest",
        compute="_compute_key_account_consumption",
        groups=READER,
    )
    key_account_peak_amount = fields.Monetary(
        string="Revenue of the Strongest Month",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_consumption",
        groups=READER,
    )
    key_account_trend = fields.Float(
        string="Trend",
        compute="_compute_key_account_consumption",
        groups=READER,
        help="The last three months of the chart against the three before.",
    )
    key_account_line_shares = fields.Char(
        string="Shares of the Lines",
        compute="_compute_key_account_line_shares",
        groups=READER,
        help="Of the revenue of twelve months, on the lines you may read.",
    )
    # how it pays
    key_account_days_to_pay = fields.Integer(
        string="Days to Pay",
        compute="_compute_key_account_payment_habits",
        groups=READER,
        help="From the date of a bill to its payment, in the mean of the amounts paid "
        "in the last twelve months.",
    )
    key_account_late_share = fields.Float(
        string="Paid Late",
        compute="_compute_key_account_payment_habits",
        groups=READER,
        help="Share of what was paid in the last twelve months that came after the "
        "due date.",
    )
    key_account_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_key_account_payment_habits",
        groups=READER,
        help="Of what was paid late, in the mean of the amounts.",
    )

    @api.depends("key_account_revenue_chart")
    @api.depends_context("uid", "lang")
    def _compute_key_account_consumption(self):
        for partner in self:
            partner.update(partner._key_account_get_consumption())

    def _key_account_get_consumption(self):
        """Average, peak and trend of the months that the chart draws."""
        self.ensure_one()
        bars = self.key_account_revenue_chart or []
        amounts = [bar["amount"] for bar in bars]
        since = next((i for i, amount in enumerate(amounts) if amount), len(amounts))
        billed = amounts[since:]
        peak = max(bars, key=lambda bar: bar["amount"], default=None)
        before = sum(amounts[-2 * QUARTER : -QUARTER])
        change = sum(amounts[-QUARTER:]) - before
        return {
            "key_account_month_average": sum(billed) / len(billed) if billed else 0,
            "key_account_peak_month": peak["month"] if billed else False,
            "key_account_peak_name": self._key_account_name_month(peak["month"])
            if billed
            else False,
            "key_account_peak_amount": peak["amount"] if billed else 0,
            "key_account_trend": change / before if before > 0 else 0,
        }

    @api.model
    def _key_account_name_month(self, month):
        """A month as one says it: Jul 2026, 2026年7月."""
        return format_skeleton(
            "yMMM", fields.Date.to_date(month), locale=get_lang(self.env).code
        )

    @api.depends("key_account_currency_id")
    @api.depends_context("uid", "lang")
    def _compute_key_account_line_shares(self):
        groups = self._key_account_group_facts(
            "key.account.line.standing",
            self._key_account_ledger_domain() & Domain("amount_year", ">", 0),
            ["amount_year:sum"],
            by=["line_id"],
        )
        amounts = {}
        for partner, line, amount in groups:
            amounts.setdefault(partner.id, {})[line] = amount
        for partner in self:
            partner.key_account_line_shares = partner._key_account_describe_shares(
                amounts.get(partner.id, {})
            )

    def _key_account_describe_shares(self, amounts):
        total = sum(amounts.values())
        shares = sorted(amounts.items(), key=lambda item: -item[1])
        none = self.env._("No line")
        return " · ".join(
            f"{line.name or none} {amount / total:.0%}" for line, amount in shares
        )

    @api.depends("key_account_currency_id")
    @api.depends_context("uid", "tz")
    def _compute_key_account_payment_habits(self):
        habits = self._key_account_measure_payments()
        for partner in self:
            days, share, late = habits.get(partner.id, (0, 0, 0))
            partner.key_account_days_to_pay = round(days)
            partner.key_account_late_share = share
            partner.key_account_days_late = round(late)

    def _key_account_measure_payments(self):
        """Map customers to how long they take, the share paid late, and how late."""
        payments = self.env["key.account.payment"]
        if not self.ids or not payments.has_access("read"):
            return {}
        query = payments._search(self._key_account_get_paid_domain())
        bill = query.join(query.table, "bill_id", "key_account_bill", "id", "paid_bill")
        paid = {
            "amount": SQL.identifier(query.table, "amount"),
            "date": SQL.identifier(query.table, "date_payment"),
            "billed": SQL.identifier(bill, "date_bill"),
            "due": SQL.identifier(bill, "date_due"),
            "partner": SQL.identifier(query.table, "partner_id"),
        }
        query.groupby = paid["partner"]
        query.order = None
        return {
            partner_id: [float(figure or 0) for figure in figures]
            for partner_id, *figures in self.env.execute_query(
                query.select(
                    paid["partner"],
                    SQL(
                        "SUM(%(amount)s * (%(date)s - %(billed)s)) / SUM(%(amount)s)",
                        **paid,
                    ),
                    SQL(
                        "SUM(%(amount)s) FILTER (WHERE %(date)s > %(due)s)"
                        " / SUM(%(amount)s)",
                        **paid,
                    ),
                    SQL(
                        "SUM(%(amount)s * (%(date)s - %(due)s)) "
                        "FILTER (WHERE %(date)s > %(due)s)"
                        " / SUM(%(amount)s) FILTER (WHERE %(date)s > %(due)s)",
                        **paid,
                    ),
                )
            )
        }

    def _key_account_get_paid_domain(self):
        """Money that came for bills in the last twelve months."""
        since = fields.Date.context_today(self) - relativedelta(months=MONTHS)
        return (
            Domain("partner_id", "in", self.ids)
            & Domain("bill_id", "!=", False)
            & Domain("allocation_id", "=", False)
            & Domain("amount", ">", 0)
            & Domain("date_payment", ">=", since)
            & self._key_account_ledger_domain()
        )
