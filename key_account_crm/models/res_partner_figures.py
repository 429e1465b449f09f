# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

FIGURES = {
    "key_account_open": "amount_open",
    "key_account_year": "amount_year",
    "key_account_total": "amount_total",
    "key_account_credit": "amount_credit",
}


class ResPartner(models.Model):
    """A customer's money as far as its reader may open the rows it is summed from.

    Figures are in the currency of the customer's ledger, the one of its home unit's
    company. Rows in another currency are never added to them: they stand beside
    (``res_partner_currency.py``).
    """

    _inherit = "res.partner"

    key_account_open = fields.Monetary(
        string="Open Amount",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_figures",
        search="_search_key_account_open",
        help="Billed less paid on the lines you may read.",
    )
    key_account_year = fields.Monetary(
        string="Revenue of 12 Months",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_figures",
        search="_search_key_account_year",
        help="Billed less credit notes on the lines you may read, in the twelve "
        "months up to the last month for which bills were loaded.",
    )
    key_account_total = fields.Monetary(
        string="Revenue in All",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_figures",
        search="_search_key_account_total",
    )
    key_account_credit = fields.Monetary(
        string="Unallocated Credits",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_figures",
        search="_search_key_account_credit",
        help="Credit notes and payments on account, on the lines you may read, that "
        "are not set against bills yet.",
    )
    key_account_overdue = fields.Monetary(
        string="Overdue Amount",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_overdue",
        search="_search_key_account_overdue",
        help="Open amount of the bills past their due date today, before credits.",
    )
    key_account_days_overdue = fields.Integer(
        string="Days Overdue",
        compute="_compute_key_account_overdue",
        help="Since the oldest open bill fell due.",
    )
    key_account_line_ids = fields.Many2many(
        comodel_name="key.account.line",
        string="Business Lines",
        compute="_compute_key_account_line_ids",
        search="_search_key_account_line_ids",
    )
    key_account_standing_ids = fields.One2many(
        comodel_name="key.account.standing", inverse_name="partner_id"
    )
    key_account_completeness = fields.Integer(
        string="File Completeness",
        compute="_compute_key_account_completeness",
        search="_search_key_account_completeness",
        help="0 to 100.",
    )

    @api.depends("key_account_currency_id")
    @api.depends_context("uid", "tz", "lang")
    def _compute_key_account_figures(self):
        sums = self._key_account_sum_money(
            "key.account.line.standing",
            Domain.TRUE,
            [f"{column}:sum" for column in FIGURES.values()],
        )
        for partner in self:
            key = partner._origin, partner.key_account_currency_id
            values = sums.get(key, [0.0] * len(FIGURES))
            partner.update(dict(zip(FIGURES, values, strict=True)))
        self._key_account_tell_other_money(sums)

    @api.depends("key_account_currency_id")
    @api.depends_context("uid", "tz")
    def _compute_key_account_overdue(self):
        today = fields.Date.context_today(self)
        late = self._key_account_sum_money(
            "key.account.bill",
            self.env["key.account.bill"]._get_overdue_domain(),
            ["amount_open:sum", "date_due:min"],
        )
        for partner in self:
            key = partner._origin, partner.key_account_currency_id
            amount, oldest = late.get(key, (0.0, None))
            partner.key_account_overdue = amount
            partner.key_account_days_overdue = (today - oldest).days if oldest else 0

    def _key_account_group_facts(self, model, domain, aggregates, by=()):
        """Facts of these customers as far as they are open to the user; the
        administrator, who sees lists of customers, may open none (domain 3.2)."""
        facts = self.env[model]
        if not facts.has_access("read"):
            return []
        domain &= Domain("partner_id", "in", self.ids)
        return facts._read_group(domain, ["partner_id", *by], aggregates)

    def _key_account_sum_money(self, model, domain, aggregates):
        """Map (customer, currency) to sums of facts, as far as they are open."""
        groups = self._key_account_group_facts(
            model, domain, aggregates, by=["currency_id"]
        )
        return {(partner, currency): sums for partner, currency, *sums in groups}

    def _search_key_account_open(self, operator, value):
        return self._search_key_account_sum("amount_open", operator, value)

    def _search_key_account_year(self, operator, value):
        return self._search_key_account_sum("amount_year", operator, value)

    def _search_key_account_total(self, operator, value):
        return self._search_key_account_sum("amount_total", operator, value)

    def _search_key_account_credit(self, operator, value):
        return self._search_key_account_sum("amount_credit", operator, value)

    def _search_key_account_sum(self, column, operator, value):
        return self._search_key_account_having(
            self.env["key.account.line.standing"], [], column, operator, value
        )

    def _search_key_account_overdue(self, operator, value):
        bills = self.env["key.account.bill"]
        domain = bills._get_overdue_domain()
        return self._search_key_account_having(
            bills, domain, "amount_open", operator, value
        )

    def _search_key_account_having(self, model, domain, column, operator, value):
        """Customers whose sum over the rows the user may read compares as asked."""
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        matches_zero = {">": 0 > value, ">=": 0 >= value, "<": 0 < value}.get(
            operator, 0 <= value
        )
        if matches_zero:  # customers without rows count as zero: look for the others
            opposite = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}[operator]
            return ~Domain(
                "id",
                "in",
                self._key_account_having(model, domain, column, opposite, value),
            )
        return Domain(
            "id", "in", self._key_account_having(model, domain, column, operator, value)
        )

    def _key_account_having(self, model, domain, column, operator, value):
        domain = Domain(domain)
        if "currency_id" in model._fields:  # amounts; points have none
            domain &= self._key_account_ledger_domain()
        query = model._search(domain)
        query.groupby = SQL.identifier(query.table, "partner_id")
        query.having = SQL(
            "SUM(%s) %s %s", SQL.identifier(query.table, column), SQL(operator), value
        )
        query.order = None
        return SQL("(%s)", query.select(SQL.identifier(query.table, "partner_id")))

    @api.depends_context("uid")
    def _compute_key_account_line_ids(self):
        lines = dict.fromkeys(self.ids, self.env["key.account.line"])
        for model in ("key.account.line.file", "key.account.line.standing"):
            groups = self._key_account_group_facts(
                model, Domain("line_id", "!=", False), ["line_id:recordset"]
            )
            for partner, found in groups:
                lines[partner.id] |= found
        for partner in self:
            partner.key_account_line_ids = lines.get(partner.id)

    def _search_key_account_line_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("line_id", "in", list(value))
        found = [
            Domain("id", "in", self.env[model]._search(domain).subselect("partner_id"))
            for model in ("key.account.line.file", "key.account.line.standing")
        ]
        return Domain.OR(found)

    @api.depends("key_account_standing_ids.completeness")
    def _compute_key_account_completeness(self):
        for partner in self:
            partner.key_account_completeness = (
                partner.key_account_standing_ids.completeness
            )

    def _search_key_account_completeness(self, operator, value):
        return Domain("key_account_standing_ids.completeness", operator, value)
