# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_figures import FIGURES


class ResPartner(models.Model):
    """A customer's money as SQL: lists sort by it, groups and pivots sum it.

    The sums are over the rows the reader may open, as everywhere: the subquery carries
    the record rules of the model it reads. One subquery serves all figures of a model.
    """

    _inherit = "res.partner"

    key_account_open = fields.Monetary(aggregator="sum")
    key_account_year = fields.Monetary(aggregator="sum")
    key_account_total = fields.Monetary(aggregator="sum")
    key_account_credit = fields.Monetary(aggregator="sum")
    key_account_overdue = fields.Monetary(aggregator="sum")

    def _field_to_sql(self, alias, field_expr, query=None):
        if query is not None and field_expr in FIGURES:
            standings = self.env["key.account.line.standing"]
            return self._key_account_join_sums(
                alias, query, standings, Domain.TRUE, FIGURES[field_expr]
            )
        if query is not None and field_expr == "key_account_overdue":
            bills = self.env["key.account.bill"]
            return self._key_account_join_sums(
                alias, query, bills, bills._get_overdue_domain(), "amount_open"
            )
        if query is not None and field_expr == "key_account_overdue_net":
            return SQL(
                "GREATEST(%s - %s, 0)",
                self._field_to_sql(alias, "key_account_overdue", query),
                self._field_to_sql(alias, "key_account_credit", query),
            )
        if query is not None and field_expr == "key_account_currency_id":
            return self._key_account_join_currency(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _key_account_join_sums(self, alias, query, model, domain, column):
        sums = query.make_alias(alias, model._table)
        query.add_join(
            "LEFT JOIN",
            sums,
            self._key_account_sum_by_customer(model, domain),
            SQL(
                "%s = %s",
                SQL.identifier(sums, "partner_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        return SQL("COALESCE(%s, 0)", SQL.identifier(sums, column))

    def _key_account_sum_by_customer(self, model, domain):
        """One row for each customer, of what the user may read."""
        if not model.has_access("read"):
            raise AccessError(
                self.env._("The money of customers is not open to your role.")
            )
        columns = [name for name in FIGURES.values() if name in model._fields]
        query = model._search(Domain(domain) & self._key_account_ledger_domain())
        customer = SQL.identifier(query.table, "partner_id")
        query.groupby = customer
        sums = [
            SQL(
                "SUM(%s) AS %s",
                SQL.identifier(query.table, name),
                SQL.identifier(name),
            )
            for name in columns
        ]
        return SQL("(%s)", query.select(SQL("%s AS partner_id", customer), *sums))

    def _key_account_join_currency(self, alias, query):
        """As computed: of the company of the home unit, else of the user's company."""
        units, unit = self._fields["key_account_unit_id"].join(self, alias, query)
        companies, company = units._fields["company_id"].join(units, unit, query)
        return SQL(
            "COALESCE(%s, %s)",
            companies._field_to_sql(company, "currency_id", query),
            self.env.company.currency_id.id,
        )
