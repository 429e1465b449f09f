# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL, format_amount


class KeyAccountGradeRule(models.Model):
    """The rule in words, and tried before it is in force (GRD-17)."""

    _inherit = "key.account.grade.rule"

    def _get_expiry(self, day):
        """Last day of a membership that begins on the day, or False."""
        if not self or not self.validity_months:
            return False
        first = day.replace(day=1) + relativedelta(months=self.validity_months)
        return first - relativedelta(days=1)

    def _get_trial_query(self, day) -> SQL:
        """Where this version leads its customers, beside the grades they have now.

        Streaks and grace are left out. The amounts are the revenue that the version in
        force and this one look at; of customers that several units or managers serve
        they stay empty, since whoever reads the home unit's rows may not know them.
        """
        self.ensure_one()
        month = self._get_last_month(day)
        before = self.env[self._name]._get_in_force(day, self.unit_id, kind=self.kind)
        old, join = SQL("NULL::numeric"), SQL()
        if before and before != self and before._get_money_place() is not None:
            old = SQL("old.%s", self._value(before._get_money_place()))
            join = SQL(
                "LEFT JOIN (%s) AS old ON old.partner_id = aimed.partner_id",
                before._get_aim_query(day, month, SQL("TRUE")),
            )
        return SQL(
            """
            SELECT aimed.partner_id, NULL::integer AS line_id,
                   grade_now.code AS before, grade_then.code AS after,
                   CASE WHEN %(told)s THEN %(old)s END AS amount_before,
                   CASE WHEN %(told)s THEN %(amount)s END AS amount_after,
                   CASE WHEN aimed.grade_id IS NULL THEN 'new'
                        WHEN COALESCE(grade_then.rank, 0) > grade_now.rank THEN 'up'
                        ELSE 'down' END AS direction
              FROM (%(aims)s) AS aimed
              %(join)s
              LEFT JOIN key_account_grade AS grade_now
                ON grade_now.id = aimed.grade_id
              LEFT JOIN key_account_grade AS grade_then
                ON grade_then.id = %(then)s
            """,
            told=self._get_told_condition(),
            old=old,
            amount=self._get_amount_column(),
            aims=self._get_aim_query(day, month, SQL("TRUE")),
            join=join,
            then=self._to_grade(SQL("aimed.aim")),
        )

    def _get_told_condition(self) -> SQL:
        """Whether the home unit's readers read all facts of ``aimed``."""
        return SQL(
            """
            NOT EXISTS (
                SELECT FROM key_account_line_file AS file
                 WHERE file.partner_id = aimed.partner_id
                   AND (file.unit_id, file.manager_id)
                       IS DISTINCT FROM (aimed.unit_id, aimed.manager_id))
            """
        )

    def _get_money_place(self):
        """The place of the first criterion that looks at revenue, or None."""
        methods = self._get_criteria().mapped("method")
        places = [
            n for n, method in enumerate(methods) if method in ("revenue", "rank")
        ]
        return places[0] if places else None

    def _get_amount_column(self) -> SQL:
        place = self._get_money_place()
        if place is None:
            return SQL("NULL::numeric")
        return SQL("aimed.%s", self._value(place))

    def _measure(self, partner, day):
        """The figures of one customer on a day: a row of the aim query, or None.

        As superuser: what of it a reader is told is decided by whoever calls.
        """
        self.ensure_one()
        month = self._get_last_month(day)
        rule = self.with_context(key_account_grade_partner_ids=partner.ids)
        rows = self.env.execute_query_dict(
            rule._get_aim_query(
                day, month, SQL("standing.partner_id = ANY(%s)", partner.ids)
            )
        )
        return rows[0] if rows else None

    def _get_notice_query(self, day) -> SQL:
        """Ids of the rule's customers to be told that their grade ends or goes down."""
        ends = SQL(
            "standing.grade_valid_to BETWEEN %s AND %s",
            day,
            fields.Date.add(day, days=self.notice_days),
        )
        falls = SQL("standing.grade_streak = %s", 1 - self.down_periods)
        if self.is_down_yearly or self.down_periods == 1:
            falls = SQL("FALSE")
        return SQL(
            """
            SELECT standing.partner_id
              FROM key_account_standing AS standing
              JOIN res_partner AS partner ON partner.id = standing.partner_id
             WHERE %s AND standing.grade_id IS NOT NULL AND (%s OR %s)
               AND COALESCE(standing.grade_notified, '-infinity') < %s
            """,
            self._get_customer_condition(day),
            ends,
            falls,
            fields.Date.subtract(day, days=self.notice_days),
        )

    def _explain_move(self, move, figures, is_open):
        """Why a customer moved, in the reader's words.

        :param is_open: whether the reader may read all facts behind the figures
        """
        if move.reason:
            return move.reason
        criterion = self.criterion_ids.filtered(lambda c: c.code == move.criterion)
        parts = [
            criterion._explain(figures[criterion.code], is_open)
            for criterion in (criterion or self._get_criteria())
            if criterion.code in figures
        ]
        if move.cause == "arrears":
            parts.append(
                self.env._(
                    "bills open more than %(days)s days past their due date",
                    days=self.arrears_days,
                )
            )
        if abs(move.streak) > 1:
            parts.append(
                self.env._("%(count)s months in a row", count=abs(move.streak))
            )
        return "; ".join(parts)

    def _format(self, amount):
        return format_amount(self.env, amount or 0.0, self._get_currency())

    def _get_last_month(self, day):
        return fields.Date.start_of(day, "month") - relativedelta(months=1)
