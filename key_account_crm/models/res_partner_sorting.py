# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_figures import FIGURES


class ResPartner(models.Model):
    """A customer's money as SQL: lists sort by it and grouped lists sum it.

    The sums are over the rows the reader may open, as everywhere: the subquery carries
    the record rules of the model it reads.
    """

    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        source = self._key_account_get_figure_source(field_expr)
        if source is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        model, domain, column = source
        sums = query.make_alias(alias, field_expr)
        query.add_join(
            "LEFT JOIN",
            sums,
            self._key_account_sum_by_customer(model, domain, column),
            SQL(
                "%s = %s",
                SQL.identifier(sums, "partner_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        return SQL("COALESCE(%s, 0)", SQL.identifier(sums, "amount"))

    def _key_account_get_figure_source(self, fname):
        """The model, domain and column a figure is summed from; None for others."""
        if fname in FIGURES:
            return self.env["key.account.line.standing"], Domain.TRUE, FIGURES[fname]
        if fname == "key_account_overdue":
            bills = self.env["key.account.bill"]
            return bills, bills._get_overdue_domain(), "amount_open"
        return None

    def _key_account_sum_by_customer(self, model, domain, column):
        model.check_access("read")
        query = model._search(domain)
        customer = SQL.identifier(query.table, "partner_id")
        query.groupby = customer
        return SQL(
            "(%s)",
            query.select(
                SQL("%s AS partner_id", customer),
                SQL("SUM(%s) AS amount", SQL.identifier(query.table, column)),
            ),
        )
