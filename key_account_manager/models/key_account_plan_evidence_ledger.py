# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..past import as_of, rewind

WORD = re.compile(r"\bkey_account_[a-z_]+|\bres_partner\b")


class KeyAccountPlanEvidence(models.Model):
    """Evidence added up once more, from the ledgers as they were at that moment.

    Bills, payments, requests … are read with everything undone that the change log
    noted since; months are summed again from them. Whose the rows were says the
    evidence, since that follows the assignment. What is no fact with a history (a
    balance that is kept up to date) is read as it is.
    """

    _inherit = "key.account.plan.evidence"

    def _recompute(self):
        """What the rows of this evidence, of one run, count for when they are measured
        again as of its moment: {(base indicator, unit id, manager id): sum}."""
        sums = {}
        for indicator, some in self.grouped("indicator_id").items():
            values = some._measure_again(indicator)
            for one in some:
                key = indicator, one.unit_id.id, one.manager_id.id
                sums[key] = sum(
                    values.get(row_id, 0.0) for row_id in one._get_row_ids()
                )
        return sums

    def _measure_again(self, indicator):
        """Map the ids of rows of the same customers to what they counted for then."""
        first = self[0]
        partners = self._get_partners(indicator)
        if not partners:
            return {}
        # sudo: evidence is added up in full; who reads it may read its sums.
        plans = self.env["key.account.plan"]
        again = indicator.sudo().with_context(
            key_account_grain="rows", tz=plans._get_zone()
        )
        domain = Domain(indicator.partner_path, "in", partners)
        period = again._get_period(first.date_from, first.date_to)
        query = again._get_part_query("manager_path", period, domain)
        shadows = self._get_shadows(query, first.date_measured, partners)
        rows = self.env.execute_query(rewind(query, shadows))
        return {row[0]: float(row[-1] or 0) for row in rows}

    def _get_partners(self, indicator):
        """Ids of the customers of the rows, those still there."""
        ids = list(self._get_row_ids())
        model = self.env[self[0].res_model].sudo().with_context(active_test=False)
        # sudo: only whose the rows are that were counted.
        rows = model.search_fetch([("id", "in", ids)], [indicator.partner_path])
        return (
            rows.mapped(indicator.partner_path).ids
            if (indicator.partner_path != "id")
            else rows.ids
        )

    def _get_shadows(self, query, moment, partners):
        """The tables that a statement reads, as they were."""
        names = self._get_tables(query)
        months = self.env["key.account.month"]
        shadows = []
        if months._table in names:
            detail = self._get_months_query(partners)
            shadows += self._shadow_logged(self._get_tables(detail), moment, partners)
            shadows.append((months._table, detail))
        known = {table for table, _shadow in shadows}
        return self._shadow_logged(names - known, moment, partners) + shadows

    def _shadow_logged(self, tables, moment, partners):
        """Shadows of those of the tables whose changes are logged."""
        logged = {
            self.env[name]._table: name
            for name in self.env["key.account.audit"]._get_logged_models()
        }
        return [
            (table, self._shadow(self.env[logged[table]], moment, partners))
            for table in sorted(tables & logged.keys())
        ]

    def _shadow(self, model, moment, partners) -> SQL:
        condition = SQL("TRUE")
        if model._name == "res.partner":
            condition = SQL("past.id = ANY(%s)", partners)
        elif "partner_id" in model._fields:
            condition = SQL("past.partner_id = ANY(%s)", partners)
        return as_of(model._table, model._name, moment, condition)

    @api.model
    def _get_months_query(self, partners) -> SQL:
        """Months summed from their ledgers, under the ids they have."""
        months = self.env["key.account.month"]
        return SQL(
            """
            SELECT month.id, detail.* FROM (%s) AS detail
              LEFT JOIN key_account_month AS month
                ON month.partner_id = detail.partner_id
               AND month.line_id IS NOT DISTINCT FROM detail.line_id
               AND month.currency_id = detail.currency_id
               AND month.month = detail.month
            """,
            months._detail(partners, None),
        )

    @api.model
    def _get_tables(self, query):
        return set(WORD.findall(self.env.cr.mogrify(query).decode()))
