# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .key_account_state_move import LIVE_STATES


class Aim(NamedTuple):
    """What the parts of one aim query share: looked up once, and handed on in the
    context, where no client can put it."""

    rule_id: int
    day: date
    unit_ids: list
    rates: dict


class KeyAccountGradeRule(models.Model):
    """What a rule aims at for its customers, in one query.

    Grades are counted as levels there: the place in the rule's ladder from 1 on, and 0
    for no grade.
    """

    _inherit = "key.account.grade.rule"

    def _get_levels(self):
        """Map the ids of the rule's grades to their levels."""
        return {grade.id: place for place, grade in enumerate(self._get_ladder(), 1)}

    def _get_floors(self):
        """Map the ids of all grades to the level that protection by them means: that
        of the highest grade of the rule that does not rank above them."""
        grades = self.env["key.account.grade"].with_context(active_test=False)
        grades = grades.search_fetch([])  # at once, those of the ladder among them
        ladder = self._get_ladder()
        return {
            grade.id: sum(step.rank <= grade.rank for step in ladder)
            for grade in grades
        }

    @api.model
    def _to_level(self, column, levels, otherwise=None) -> SQL:
        """The level of a column that holds the id of a grade."""
        if not levels:
            return SQL("%s::integer", otherwise)
        whens = [SQL("WHEN %s THEN %s", key, level) for key, level in levels.items()]
        return SQL("CASE %s %s ELSE %s END", column, SQL(" ").join(whens), otherwise)

    def _to_grade(self, level) -> SQL:
        """The id of the grade of a level, NULL for none."""
        ids = [None, *self._get_ladder().ids]
        return SQL("(%s::integer[])[%s + 1]", ids, level)

    def _with_aim(self, day):
        self.ensure_one()
        aim = Aim(self.id, day, self._get_unit_ids(day), self._get_rates(day))
        return self.with_context(key_account_grade_aim=aim)

    def _get_aim(self, day):
        """What was looked up for this rule and day; None outside of the query."""
        aim = self.env.context.get("key_account_grade_aim")
        is_mine = isinstance(aim, Aim) and aim[:2] == (self.id, day)
        return aim if is_mine else None

    def _get_unit_ids(self, day):
        """The units whose customers this version grades, or would grade, on a day."""
        self.ensure_one()
        aim = self._get_aim(day)
        if aim:
            return aim.unit_ids
        units = self.env["key.account.unit"]
        # sudo: who is graded by which version is the same whoever asks.
        in_force = self.sudo()._get_map_in_force(day, kind=self.kind)
        everywhere = units.browse(units._get_paths())
        below = self.unit_id._get_below() if self.unit_id else everywhere
        return [
            unit.id
            for unit in below
            if not self._is_overruled(in_force.get(unit.id), below)
        ]

    def _get_customer_condition(self, day) -> SQL:
        """Condition on ``partner`` and ``standing``: in service, and of this rule."""
        return SQL(
            """
            partner.key_account_kind = %(kind)s
            AND partner.key_account_state IN %(states)s AND partner.active
            AND standing.unit_id = ANY(%(units)s)
            """,
            kind=self.kind,
            states=LIVE_STATES,
            units=self._get_unit_ids(day),
        )

    def _get_customer_query(self, day) -> SQL:
        """Rows (partner_id, code, date_from) of the customers of this rule."""
        return SQL(
            """
            SELECT partner.id AS partner_id,
                   COALESCE(partner.key_account_code, '') AS code,
                   COALESCE(partner.key_account_date_from,
                            partner.create_date::date) AS date_from
              FROM key_account_standing AS standing
              JOIN res_partner AS partner ON partner.id = standing.partner_id
             WHERE %s
            """,
            self._get_customer_condition(day),
        )

    def _convert(self, amount, day) -> SQL:
        """An amount of ``fact`` in the currency of the rule, at the rate of a day."""
        rates = self._get_rates(day)
        if not rates:
            return amount
        whens = [SQL("WHEN %s THEN %s", key, rate) for key, rate in rates.items()]
        return SQL(
            "%s * (CASE fact.currency_id %s ELSE 1 END)::numeric",
            amount,
            SQL(" ").join(whens),
        )

    def _get_rates(self, day):
        """Map the other currencies that customers are billed in to their rates."""
        aim = self._get_aim(day)
        if aim:
            return aim.rates
        rows = self.env.execute_query(
            SQL(
                # By the index, once per currency: a form asks at each opening.
                """
                SELECT id FROM res_currency AS currency
                 WHERE id <> %s AND EXISTS (
                           SELECT FROM key_account_line_standing AS standing
                            WHERE standing.currency_id = currency.id)
                """,
                self._get_currency().id,
            )
        )
        currencies = self.env["res.currency"].browse(row[0] for row in rows)
        # sudo: rates belong to the root company; the rule's company may be another.
        company = self.env.company.sudo()
        return {
            currency.id: currency._get_conversion_rate(
                currency, self._get_currency(), company, day
            )
            for currency in currencies
        }

    def _get_aim_query(self, day, month, scope) -> SQL:
        """One row per customer in scope: standing, figures, and the level aimed at.

        :param SQL scope: condition on ``standing``, which may use ``partner``
        """
        self = self._with_aim(day)
        criteria = self._get_criteria()
        parts = [
            SQL(
                "LEFT JOIN (%s) AS %s ON %s.partner_id = standing.partner_id",
                criterion._get_query(day, month, self._restrict_customers()),
                self._part(place),
                self._part(place),
            )
            for place, criterion in enumerate(criteria)
        ]
        return SQL(
            """
            SELECT found.*, %(criterion)s AS criterion,
                   GREATEST(found.best - %(steps)s, found.floor, 0) AS aim
              FROM (
                SELECT measured.*, GREATEST(%(levels)s) AS best
                  FROM (
                    SELECT %(columns)s
                      FROM key_account_standing AS standing
                      JOIN res_partner AS partner ON partner.id = standing.partner_id
                      %(parts)s
                     WHERE %(customers)s AND %(scope)s
                  ) AS measured
              ) AS found
            """,
            criterion=self._get_deciding(criteria),
            steps=self._get_arrears_steps(),
            levels=SQL(", ").join(
                [SQL("0"), *(self._level(n) for n in range(len(criteria)))]
            ),
            columns=SQL(", ").join(self._get_columns(criteria, day)),
            parts=SQL(" ").join([*parts, self._get_late_join(day)]),
            customers=self._get_customer_condition(day),
            scope=scope,
        )

    def _restrict_customers(self) -> SQL:
        """Condition on ``partner_id`` for the facts of a few customers."""
        partner_ids = self.env.context.get("key_account_grade_partner_ids")
        if partner_ids is None:
            return SQL("partner_id IS NOT NULL")
        return SQL("partner_id = ANY(%s)", list(partner_ids))

    @api.model
    def _part(self, place) -> SQL:
        return SQL.identifier(f"part_{place}")

    @api.model
    def _level(self, place) -> SQL:
        return SQL.identifier(f"level_{place}")

    @api.model
    def _value(self, place) -> SQL:
        return SQL.identifier(f"value_{place}")

    def _get_columns(self, criteria, day):
        """What is read of standing and of each criterion."""
        floors, levels = self._get_floors(), self._get_levels()
        yield SQL(
            """
            standing.id AS standing_id, standing.partner_id, standing.unit_id,
            standing.manager_id, standing.grade_id, standing.grade_date,
            standing.grade_valid_to, standing.grade_month, standing.grade_goal_id,
            COALESCE(standing.grade_streak, 0) AS grade_streak,
            COALESCE(standing.grade_streak_before, 0) AS grade_streak_before
            """
        )
        named = {
            "now": self._to_level(SQL("standing.grade_id"), levels),
            "goal_now": self._to_level(SQL("standing.grade_goal_id"), levels),
            "goal_before": self._to_level(SQL("standing.grade_goal_before_id"), levels),
            "floor": SQL(
                "CASE WHEN standing.grade_floor_until >= %s THEN %s ELSE 0 END",
                day,
                self._to_level(SQL("standing.grade_floor_id"), floors, 0),
            ),
            "is_late": SQL("late.partner_id IS NOT NULL")
            if self.arrears_days
            else SQL("FALSE"),
        }
        for name, column in named.items():
            yield SQL("%s AS %s", column, SQL.identifier(name))
        for place, criterion in enumerate(criteria):
            part = self._part(place)
            yield SQL("%s.value AS %s", part, self._value(place))
            yield SQL(
                "%s AS %s", criterion._get_level(part, levels), self._level(place)
            )
            if criterion.method == "rank":
                yield SQL(
                    "%(part)s.place AS %(place)s, %(part)s.size AS %(size)s",
                    part=part,
                    place=SQL.identifier(f"place_{place}"),
                    size=SQL.identifier(f"size_{place}"),
                )

    def _get_deciding(self, criteria) -> SQL:
        """Code of the criterion that leads highest: one that merely suggests only
        where no other leads there."""
        places = sorted(
            range(len(criteria)),
            key=lambda place: (criteria[place].is_suggestion, place),
        )
        whens = [
            SQL("WHEN %s = found.best THEN %s", self._level(n), criteria[n].code)
            for n in places
        ]
        if not whens:
            return SQL("NULL::varchar")
        return SQL("CASE WHEN found.best = 0 THEN NULL %s END", SQL(" ").join(whens))

    def _get_arrears_steps(self) -> SQL:
        if not self.arrears_days:
            return SQL("0")
        return SQL("CASE WHEN found.is_late THEN %s ELSE 0 END", self.arrears_steps)

    def _get_late_join(self, day) -> SQL:
        """Customers with a bill that was open so many days past its due date."""
        if not self.arrears_days:
            return SQL()
        return SQL(
            """
            LEFT JOIN (
                SELECT DISTINCT bill.partner_id
                  FROM key_account_bill AS bill
                  LEFT JOIN (
                    SELECT bill_id, SUM(amount) AS amount
                      FROM key_account_payment
                     WHERE date_payment > %(day)s AND bill_id IS NOT NULL
                     GROUP BY bill_id
                  ) AS since ON since.bill_id = bill.id
                 WHERE bill.date_due < %(last)s
                   AND bill.amount_open + COALESCE(since.amount, 0) > 0
            ) AS late ON late.partner_id = standing.partner_id
            """,
            day=day,
            last=fields.Date.subtract(day, days=self.arrears_days),
        )

    def _get_figures(self) -> SQL:
        """The figures of a row of the aim query as JSON, by code of the criterion."""
        pairs = []
        for place, criterion in enumerate(self._get_criteria()):
            entries = [
                SQL("'value', %s", self._value(place)),
                SQL("'level', %s", self._level(place)),
            ]
            if criterion.method == "rank":
                entries += [
                    SQL("'place', %s", SQL.identifier(f"place_{place}")),
                    SQL("'size', %s", SQL.identifier(f"size_{place}")),
                ]
            pairs.append(
                SQL(
                    "%s, jsonb_build_object(%s)",
                    criterion.code,
                    SQL(", ").join(entries),
                )
            )
        if self.arrears_days:
            pairs.append(SQL("'arrears', is_late"))
        return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))
