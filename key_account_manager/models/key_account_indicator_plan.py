# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Figures of which the parts add up to the whole; of rates, marks and days they do not.
SUMMED = ("count", "amount", "hours")


class KeyAccountIndicator(models.Model):
    """Measuring for plans: by unit and manager at once, or row by row.

    A plan is measured as it is, whoever looks: these statements are made as superuser,
    and who may read the plan may read its figures.
    """

    _inherit = "key.account.indicator"

    value_step = fields.Char(
        compute="_compute_value_step", help="The smallest part of a figure."
    )

    def _compute_value_step(self):
        for indicator in self:
            indicator.value_step = "1" if indicator.value_unit == "count" else "0.01"

    def _is_split(self, by):
        """Whether the targets of the parts add up to that of the whole.

        :param by: "unit" or "time": a stock of customers is the sum of those of its
            managers, but not of those of the months
        """
        self.ensure_one()
        if self.kind == "ratio" or self.value_unit not in SUMMED:
            return False
        if by == "unit" or self.kind == "method":
            return True
        if self.kind == "difference":
            return self.first_id._is_split(by) and self.second_id._is_split(by)
        return bool(self.date_field) and self.date_mode == "period"

    def _get_uses(self):
        # sudo: plans of every unit count; only that there are any comes out.
        targets = self.env["key.account.plan.target"].sudo()
        uses = super()._get_uses()
        if targets.search_count([("indicator_id", "=", self.id)], limit=1):
            uses.append(self.env._("plans"))
        return uses

    def _measure_owners(self, date_from, date_to, owners):
        """The sums that these indicators are made of, by unit and manager at once, in
        one statement: {base indicator: {(unit id, manager id): sum}}.

        :param owners: a condition made by ``_get_owner_query``, or None for everybody
        """
        bases = self._get_bases()
        sums = {base: {} for base in bases}
        parts = [
            SQL(
                "SELECT %s AS indicator_id, part.* FROM (%s) AS part",
                base.id,
                base._get_owner_query("owners", date_from, date_to, owners),
            )
            for base in bases._with_rates()
        ]
        if parts:
            query = SQL(" UNION ALL ").join(parts)
            for indicator_id, unit, manager, value in self.env.execute_query(query):
                if value is not None:
                    sums[self.browse(indicator_id)][unit, manager] = float(value)
        return sums

    def _with_rates(self):
        """Rates are read once for all statements."""
        return self.with_context(key_account_rates=self._read_rates())

    def _get_owner_query(self, grain, date_from, date_to, owners=None) -> SQL:
        """A SELECT of one base indicator: of (unit, manager, value), or of every row.

        :param grain: "owners", or "rows" for (row id, unit, manager, value)
        :param owners: ids of (units, managers): rows that are one of these units' or
            managers'
        """
        self.ensure_one()
        # sudo: a plan has the same figures whoever looks at it.
        indicator = self.sudo().with_context(key_account_grain=grain)
        domain = Domain.TRUE
        if owners is not None:
            units, managers = owners
            domain = Domain(self.unit_path, "in", list(units)) | Domain(
                self.manager_path, "in", list(managers)
            )
        period = indicator._get_period(date_from, date_to)
        return indicator._get_part_query("manager_path", period, domain)

    def _select(self, model, key_path, domain, measure) -> SQL:
        grain = self.env.context.get("key_account_grain")
        if grain not in ("owners", "rows"):
            return super()._select(model, key_path, domain, measure)
        query = model.with_context(active_test=False)._search(domain)
        keys = [
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in self._get_grain(model, grain, query)
        ]
        if isinstance(measure, str):
            measure = self._get_measure_sql(model, measure, query)
        return SQL(
            "SELECT %s, %s AS value FROM %s WHERE %s GROUP BY %s",
            SQL(", ").join(keys),
            measure,
            query.from_clause,
            query.where_clause or SQL("TRUE"),
            SQL(", ").join(SQL(str(place + 1)) for place in range(len(keys))),
        )

    def _get_grain(self, model, grain, query):
        """Names and columns by which the rows are grouped."""
        if grain == "rows":
            yield "row_id", SQL.identifier(model._table, "id")
        for name, path in (("unit", self.unit_path), ("manager", self.manager_path)):
            yield f"{name}_id", model._field_to_sql(model._table, path, query)
