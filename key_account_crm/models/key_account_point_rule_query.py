# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import point_earning
from .key_account_point_rule import VALUE_KINDS

KEPT = {
    "partner_id": SQL("integer"),
    "line_id": SQL("integer"),
    "number_id": SQL("integer"),
    "period": SQL("date"),
    "rule_id": SQL("integer"),
}


class KeyAccountPointRule(models.Model):
    """What versions of the rule make of bills: for the computation, for a dry run, and
    as the value points of a year (PTS-03, PTS-08, GRD-17)."""

    _inherit = "key.account.point.rule"

    @api.model
    def _get_earned_query(self, customers, periods, kept=None, rules=None):
        """What the months' bills of customers earn (``point_earning.earned``).

        :param SQL kept: versions that earlier computations of a month used
        :param SQL rules: versions by month and unit; those in force where not given
        """
        return point_earning.earned(
            customers,
            periods,
            rules or self._get_versions_query(periods),
            kept or self._get_nothing(**KEPT),
            self._get_grades_query(periods),
            self._get_credit_months(),
        )

    @api.model
    def _get_versions_query(self, periods):
        """The version in force at the end of each month for every unit, and of the
        months before that credit looks at."""
        months = self._get_credit_months()
        first = periods[0] - relativedelta(months=max(months - 1, 0))
        days, parts = first, []
        while days <= periods[-1]:
            last_day = days + relativedelta(months=1, days=-1)
            parts.append(
                SQL(
                    "SELECT %s::date AS period, unit_id, rule_id FROM %s",
                    days,
                    self._get_map_sql(last_day),
                )
            )
            days += relativedelta(months=1)
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _get_credit_months(self):
        [[months]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(MAX(value_from), 1)::integer "
                "FROM key_account_point_band WHERE kind = 'credit'"
            )
        )
        return months

    @api.model
    def _get_grades_query(self, periods):
        """The grade (partner_id, period, code) that customers had at the end of each
        month, by the moves that were in effect then."""
        return SQL(
            """
            SELECT DISTINCT ON (move.partner_id, month.period)
                   move.partner_id, month.period, grade.code
              FROM unnest(%s::date[]) AS month (period)
              JOIN key_account_grade_move AS move
                ON move.state = 'applied'
               AND move.date_effective < month.period + interval '1 month'
              LEFT JOIN key_account_grade AS grade ON grade.id = move.grade_to_id
             ORDER BY move.partner_id, month.period, move.date_effective DESC,
                      move.id DESC
            """,
            list(periods),
        )

    @api.model
    def _get_nothing(self, **columns):
        """A query with these columns (name to SQL type) and no row."""
        empty = []
        for name in columns:
            empty.append(SQL("NULL::%s AS %s", columns[name], SQL.identifier(name)))
        return SQL("SELECT %s WHERE FALSE", SQL(", ").join(empty))

    def _get_trial_query(self, day):
        """Points of the last computed month, by what is in force and by this version,
        per customer and line."""
        month = self._get_trial_month(day)
        rules = self._get_versions_query([month])
        own = SQL(
            """
            SELECT version.period, unit.id AS unit_id, %s AS rule_id
              FROM (SELECT DISTINCT period FROM (%s) AS rules) AS version
             CROSS JOIN key_account_unit AS unit
            """,
            self.id,
            rules,
        )
        every = SQL("TRUE")
        return SQL(
            """
            SELECT partner_id, line_id, SUM(before)::integer::text AS before,
                   SUM(after)::integer::text AS after, SUM(before) AS amount_before,
                   SUM(after) AS amount_after,
                   CASE WHEN SUM(before) = 0 THEN 'new'
                        WHEN SUM(after) > SUM(before) THEN 'up'
                        WHEN SUM(after) < SUM(before) THEN 'down'
                        ELSE 'none' END AS direction
              FROM (
                SELECT partner_id, line_id, points AS before, 0 AS after
                  FROM (%(present)s) AS present
                UNION ALL
                SELECT partner_id, line_id, 0, points FROM (%(tried)s) AS tried
              ) AS side
             GROUP BY partner_id, line_id
            """,
            present=self._get_earned_query(every, [month], rules=rules),
            tried=self._get_earned_query(every, [month], rules=own),
        )

    @api.model
    def _get_trial_month(self, day):
        """The last month billed up to a day."""
        first = day.replace(day=1)
        [[month]] = self.env.execute_query(
            SQL("SELECT MAX(period) FROM key_account_bill WHERE period <= %s", first)
        )
        return month or first

    @api.model
    def _get_value_points_query(self, year) -> SQL:
        """Value points (partner_id, line_id, points) of a year: what decides the next
        year's membership, as the rule in force at the year's end counts (PTS-08)."""
        last_day = fields.Date.to_date(f"{year}-12-31")
        kinds = SQL(" OR ").join(
            SQL("(entry.kind = %s AND %s)", kind, SQL.identifier("rule", fname))
            for kind, fname in VALUE_KINDS.items()
        )
        return SQL(
            """
            SELECT entry.partner_id, entry.line_id, SUM(entry.quantity) AS points
              FROM key_account_point_entry AS entry
              JOIN %(rules)s ON rule_of_unit.unit_id = entry.unit_id
              JOIN key_account_point_rule AS rule ON rule.id = rule_of_unit.rule_id
             WHERE entry.period >= %(first)s AND entry.period <= %(last)s
               AND (%(kinds)s)
             GROUP BY entry.partner_id, entry.line_id
            """,
            rules=self._get_map_sql(last_day),
            first=last_day.replace(month=1, day=1),
            last=last_day,
            kinds=kinds,
        )
