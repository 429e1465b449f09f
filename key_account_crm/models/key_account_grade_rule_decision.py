# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL


class KeyAccountGradeRule(models.Model):
    """What a run of the rule does: who moves, whose streak goes on (GRD-07).

    Only rows that something changes of come out of the query: a second run of the same
    month finds none.
    """

    _inherit = "key.account.grade.rule"

    def _get_decision_query(self, day, month, scope, is_recheck=False) -> SQL:
        """Rows of what is to be written, see ``_get_written``.

        Months are counted forwards: customers of whom a later one was counted stay.

        :param is_recheck: downgrades do not wait for their grace, memberships are
            renewed
        """
        return SQL(
            """
            WITH aimed AS (%(aims)s),
            compared AS (SELECT *, %(compared)s FROM aimed),
            counted AS (SELECT *, %(counted)s FROM compared),
            decided AS (SELECT *, %(decided)s FROM counted),
            told AS (
                SELECT *,
                       %(moved)s AS is_move,
                       (dest = level AND level > 0 AND is_due
                        AND valid_to > COALESCE(grade_valid_to, '-infinity'))
                           AS is_renewal,
                       %(moved)s AND %(confirmed)s AS is_proposal
                  FROM (SELECT *, %(validity)s AS valid_to FROM decided) AS decided
            )
            SELECT %(written)s FROM told
             WHERE (is_move OR is_renewal
                OR streak <> grade_streak
                OR goal IS DISTINCT FROM goal_now
                OR (streak <> 0 AND grade_month IS DISTINCT FROM %(month)s))
               AND (grade_month <= %(month)s) IS NOT FALSE
            """,
            moved=SQL("(dest <> level OR (is_first AND grade_id IS NOT NULL))"),
            aims=self._get_aim_query(day, month, scope),
            compared=self._get_compared(day, month, is_recheck),
            counted=self._get_counted(),
            decided=self._get_decided(),
            confirmed=self._get_confirmed(),
            validity=self._get_validity(day),
            written=self._get_written(day, month),
            month=month,
        )

    @api.model
    def _get_compared(self, day, month, is_recheck) -> SQL:
        """The grade now, the way to the aim, and the streak before this month."""
        return SQL(
            """
            COALESCE(now, 0) AS level,
            (grade_date IS NULL OR (grade_id IS NOT NULL AND now IS NULL)) AS is_first,
            SIGN(aim - COALESCE(now, 0))::integer AS way,
            (%(is_recheck)s OR grade_valid_to < %(day)s) IS TRUE AS is_due,
            CASE WHEN grade_month = %(month)s THEN grade_streak_before
                 WHEN grade_month = %(before)s THEN grade_streak
                 ELSE 0 END AS previous,
            CASE WHEN grade_month = %(month)s THEN goal_before
                 WHEN grade_month = %(before)s THEN goal_now END AS previous_goal
            """,
            is_recheck=is_recheck,
            day=day,
            month=month,
            before=month - relativedelta(months=1),
        )

    @api.model
    def _get_counted(self) -> SQL:
        """The streak with this month, and the grade that every month of it met: the
        lowest aim on the way up, the highest on the way down."""
        return SQL(
            """
            CASE WHEN way = 0 THEN 0
                 WHEN SIGN(previous) = way THEN previous + way
                 ELSE way END AS streak,
            CASE WHEN way = 0 THEN NULL
                 WHEN SIGN(previous) <> way OR previous_goal IS NULL THEN aim
                 WHEN way > 0 THEN LEAST(previous_goal, aim)
                 ELSE GREATEST(previous_goal, aim) END AS goal
            """
        )

    def _get_decided(self) -> SQL:
        """The level the customer goes to, that of now where it stays."""
        grace = SQL("-streak >= %s", self.down_periods)
        return SQL(
            """
            CASE WHEN is_first THEN aim
                 WHEN way > 0 AND streak >= %(up)s THEN goal
                 WHEN way < 0 AND is_due THEN aim
                 WHEN way < 0 AND is_late THEN GREATEST(aim, level - %(steps)s)
                 WHEN way < 0 AND %(grace)s THEN goal
                 ELSE level END AS dest
            """,
            up=self.up_periods,
            steps=self.arrears_steps,
            grace=SQL("FALSE") if self.is_down_yearly else grace,
        )

    def _get_confirmed(self) -> SQL:
        """Whether a person must confirm the move."""
        terms = [SQL("FALSE")]
        if self.confirm_up:
            terms.append(SQL("dest > level"))
        if self.confirm_down:
            terms.append(SQL("dest < level"))
        suggestions = self.criterion_ids.filtered("is_suggestion").mapped("code")
        if suggestions:
            terms.append(SQL("criterion IN %s", tuple(suggestions)))
        return SQL("(%s) IS TRUE", SQL(" OR ").join(terms))

    def _get_validity(self, day) -> SQL:
        """Last day of a membership that begins, or goes on, on the day."""
        if not self.validity_months:
            return SQL("NULL::date")
        first = day.replace(day=1) + relativedelta(months=self.validity_months)
        return SQL(
            "CASE WHEN dest > 0 THEN %s::date END", first - relativedelta(days=1)
        )

    def _get_written(self, day, month) -> SQL:
        """What becomes of the standing, and the move where there is one.

        A new grade begins a new streak, with this month if that aims elsewhere still.
        """
        is_applied = SQL("(is_move AND NOT is_proposal)")
        rest = SQL("SIGN(aim - dest)::integer")
        return SQL(
            """
            standing_id, partner_id, unit_id, manager_id, grade_id AS grade_from_id,
            %(dest)s AS grade_to_id, is_move, is_renewal, is_proposal, criterion,
            CASE WHEN is_first THEN 'new' WHEN dest > level THEN 'up'
                 WHEN dest < level THEN 'down' ELSE 'same' END AS direction,
            is_late AND dest < level AS is_arrears, streak AS streak_reached,
            CASE WHEN is_move OR is_renewal THEN %(figures)s END AS figures,
            CASE WHEN is_move OR is_renewal THEN valid_to END AS valid_to,
            CASE WHEN %(applied)s THEN %(rest)s ELSE streak END AS streak,
            CASE WHEN NOT %(applied)s THEN %(goal)s
                 WHEN %(rest)s <> 0 THEN %(aim)s END AS goal_id,
            CASE WHEN %(applied)s THEN 0 ELSE previous END AS streak_before,
            CASE WHEN NOT %(applied)s THEN %(previous)s END AS goal_before_id
            """,
            dest=self._to_grade(SQL("dest")),
            figures=self._get_figures(),
            applied=is_applied,
            rest=rest,
            goal=self._to_grade(SQL("goal")),
            aim=self._to_grade(SQL("aim")),
            previous=self._to_grade(SQL("previous_goal")),
        )
