# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from ..grading import get_window, parse_steps
from .key_account_grade_criterion import BOUNDED


class KeyAccountGradeCriterion(models.Model):
    """What a criterion measures, for many customers in one query."""

    _inherit = "key.account.grade.criterion"

    def _get_window(self, day, month):
        """First and last month, or day, of the time looked at, both included."""
        self.ensure_one()
        return get_window(self.basis, day, month, self.months, self.days)

    def _get_query(self, day, month, customers) -> SQL:
        """Rows (partner_id, value, …); customers without a row have no value.

        :param day: the day of the run
        :param month: the month it grades, as its first day
        :param SQL customers: condition on ``partner_id``; a rank is always one among
            all customers of the rule
        """
        self.ensure_one()
        return getattr(self, f"_get_{self.method}_query")(day, month, customers)

    def _get_level(self, row, levels) -> SQL:
        """The level, 0 for none, of a row of the query (SQL alias).

        :param dict levels: ids of the rule's grades → level
        """
        self.ensure_one()
        if self.method in BOUNDED:
            return self._get_bounded_level(SQL("%s.value", row), levels)
        if self.method == "rank":
            return self._get_rank_level(row, levels)
        return SQL("COALESCE(%s.value, 0)", row)

    def _get_bounded_level(self, value, levels):
        """No row is a value of 0, except where one must take part (growth)."""
        rest, whens = 0, []
        if self.method == "growth":
            whens.append(SQL("WHEN %s IS NULL THEN 0", value))
        else:
            value = SQL("COALESCE(%s, 0)", value)
        for threshold in self.rule_id._get_thresholds(self):
            level = levels[threshold.grade_id.id]
            if threshold.is_rest:
                rest = level
                continue
            upper = SQL("AND %s < %s", value, threshold.upper)
            whens.append(
                SQL(
                    "WHEN %s >= %s %s THEN %s",
                    value,
                    threshold.lower,
                    upper if threshold.upper else SQL(),
                    level,
                )
            )
        if not whens:
            return SQL("%s", rest)
        return SQL("CASE %s ELSE %s END", SQL(" ").join(whens), rest)

    def _get_rank_level(self, row, levels):
        rest, whens = 0, []
        thresholds = self.rule_id._get_thresholds(self)
        for threshold in thresholds.sorted("share"):
            level = levels[threshold.grade_id.id]
            if threshold.is_rest:
                rest = level
                continue
            whens.append(
                SQL(
                    "WHEN %(row)s.place <= FLOOR(%(row)s.size * %(share)s / 100.0) "
                    "THEN %(level)s",
                    row=row,
                    share=threshold.share,
                    level=level,
                )
            )
        return SQL(
            "CASE WHEN %s.place IS NULL THEN 0 %s ELSE %s END",
            row,
            SQL(" ").join(whens),
            rest,
        )

    # revenue

    def _is_by_month(self):
        """Whether the customers' months say it, or the bills themselves must."""
        return self.basis != "date" and not self.is_gross

    def _get_fact_source(self, day, month) -> SQL:
        """FROM and WHERE of the facts in the window, as ``fact``."""
        first, last = self._get_window(day, month)
        table, column = "key_account_bill", "date_bill"
        if self.basis != "date":
            column = "period"
        terms = []
        if self._is_by_month():
            table, column = "key_account_month", "month"
        elif self.is_gross:
            terms.append(self._get_gross_condition())
        if self.line_id:
            terms.append(SQL("fact.line_id = %s", self.line_id.id))
        return SQL(
            "%(table)s AS fact WHERE fact.%(column)s >= %(first)s "
            "AND fact.%(column)s <= %(last)s %(terms)s",
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            first=first,
            last=last,
            terms=SQL(" ").join(SQL("AND %s", term) for term in terms),
        )

    def _get_gross_condition(self) -> SQL:
        """Bills and their corrections: a correction of a credit note is none."""
        return SQL(
            """
            fact.kind <> 'credit' AND (fact.kind <> 'correction' OR NOT EXISTS (
                SELECT FROM key_account_bill AS origin
                 WHERE origin.id = fact.origin_id AND origin.kind = 'credit'))
            """
        )

    def _get_amount(self, day) -> SQL:
        """The amount of ``fact`` in the currency of the rule."""
        column = "amount_billed" if self._is_by_month() else "amount"
        return self.rule_id._convert(SQL("fact.%s", SQL.identifier(column)), day)

    def _get_revenue_query(self, day, month, customers):
        value = SQL("SUM(%s)", self._get_amount(day))
        if self.measure == "average":
            value = SQL("%s / %s", value, self._count_months())
        return SQL(
            """
            SELECT fact.partner_id, ROUND(%(value)s, 2) AS value
              FROM %(source)s AND fact.%(customers)s
             GROUP BY fact.partner_id
            """,
            value=value,
            source=self._get_fact_source(day, month),
            customers=customers,
        )

    def _count_months(self):
        """By how many months an average divides."""
        if self.basis == "year":
            return 12
        if self.basis == "date" and self.days:
            return max(1, round(self.days / 30.4375))
        return self.months

    def _get_rank_query(self, day, month, customers):
        revenue = self._get_revenue_query(day, month, SQL("partner_id IS NOT NULL"))
        return SQL(
            """
            SELECT ranked.partner_id, ranked.value,
                   ROW_NUMBER() OVER (
                       ORDER BY ranked.value DESC, ranked.code COLLATE "C",
                                ranked.partner_id
                   ) AS place,
                   COUNT(*) OVER () AS size
              FROM (
                SELECT customer.partner_id, customer.code,
                       COALESCE(revenue.value, 0) AS value
                  FROM (%(members)s) AS customer
                  LEFT JOIN (%(revenue)s) AS revenue
                    ON revenue.partner_id = customer.partner_id
                 WHERE %(population)s
              ) AS ranked
            """,
            members=self.rule_id._get_customer_query(day),
            revenue=revenue,
            population=self._get_population(day),
        )

    def _get_population(self, day) -> SQL:
        """Condition on ``customer``: whoever was ever billed up to the day, or all."""
        if self.population == "all":
            return SQL("TRUE")
        terms = [SQL("fact.date_bill <= %s", day)]
        if self.is_gross:
            terms.append(self._get_gross_condition())
        if self.line_id:
            terms.append(SQL("fact.line_id = %s", self.line_id.id))
        return SQL(
            "customer.partner_id IN (SELECT fact.partner_id "
            "FROM key_account_bill AS fact WHERE %s)",
            SQL(" AND ").join(terms),
        )

    # growth value

    def _get_growth_query(self, day, month, customers):
        """Spent, tenure and suspensions because of arrears, as points (P21)."""
        tenure = SQL("age(%s::date, customer.date_from)", day)
        steps = [
            SQL("WHEN %s >= make_interval(years => %s) THEN %s", tenure, years, points)
            for years, points in parse_steps(self.tenure_steps)
        ]
        points = SQL("CASE %s ELSE 0 END", SQL(" ").join(steps)) if steps else SQL("0")
        return SQL(
            """
            SELECT customer.partner_id,
                   COALESCE(revenue.value, 0) + %(points)s
                   - LEAST(COALESCE(suspension.count, 0) * %(each)s, %(limit)s) AS value
              FROM (%(members)s) AS customer
              LEFT JOIN (%(revenue)s) AS revenue
                ON revenue.partner_id = customer.partner_id
              LEFT JOIN (%(suspensions)s) AS suspension
                ON suspension.partner_id = customer.partner_id
             WHERE customer.%(customers)s
               AND %(tenure)s >= make_interval(months => %(tenure_min)s)
            """,
            points=points,
            each=self.suspension_points,
            limit=self.suspension_limit,
            members=self.rule_id._get_customer_query(day),
            revenue=self._get_revenue_query(day, month, customers),
            suspensions=self._get_suspension_query(day, month),
            customers=customers,
            tenure=tenure,
            tenure_min=self.tenure_min,
        )

    def _get_suspension_query(self, day, month):
        first, last = self._get_window(day, month)
        if self.basis != "date":
            last = fields.Date.end_of(last, "month")
        reason = self.env.ref(
            "key_account_crm.key_account_term_move_arrears", raise_if_not_found=False
        )
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS count
              FROM key_account_state_move
             WHERE state_to = 'suspended' AND reason_id = %s AND date >= %s
               AND date <= %s
             GROUP BY partner_id
            """,
            reason.id if reason else 0,
            first,
            last,
        )

    # levels of persons

    def _get_level_case(self, column, levels) -> SQL:
        """Level of a grade by the value of a column, as the thresholds say."""
        whens = [
            SQL(
                "WHEN %s THEN %s",
                threshold.level.partition("_")[2],
                levels[threshold.grade_id.id],
            )
            for threshold in self.rule_id._get_thresholds(self)
            if threshold.level
        ]
        if not whens:
            return SQL("0")
        return SQL("CASE %s %s ELSE 0 END", column, SQL(" ").join(whens))

    def _get_member_query(self, day, month, customers):
        levels = self.rule_id._get_levels()
        return SQL(
            """
            SELECT member.member_id AS partner_id, MAX(%(level)s) AS value
              FROM key_account_member AS member
             WHERE member.member_id IS NOT NULL
               AND (member.date_from IS NULL OR member.date_from <= %(day)s)
               AND (member.date_to IS NULL OR member.date_to >= %(day)s)
             GROUP BY member.member_id
            """,
            level=self._get_level_case(SQL("member.importance"), levels),
            day=day,
        )

    def _get_key_person_query(self, day, month, customers):
        return self._get_person_query(SQL("key_account_decision_role"))

    def _get_relation_query(self, day, month, customers):
        return self._get_person_query(SQL("key_account_relation"))

    def _get_person_query(self, column):
        return SQL(
            """
            SELECT id AS partner_id, %(level)s AS value FROM res_partner
             WHERE key_account_kind = %(kind)s AND %(column)s IS NOT NULL
            """,
            level=self._get_level_case(column, self.rule_id._get_levels()),
            kind=self.rule_id.kind,
            column=column,
        )
