# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL


class KeyAccountGradeRun(models.Model):
    """The statements of a run: what the rule decides, written in sets."""

    _inherit = "key.account.grade.run"

    def _decide(self, rule):
        """Keep for this transaction whatever the rule would change."""
        if self.scope == "selection":
            rule = rule.with_context(key_account_grade_partner_ids=self.partner_ids.ids)
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE key_account_grade_decision ON COMMIT DROP "
                "AS %s",
                rule._get_decision_query(
                    self.date, self.month, self._get_scope(), self.is_recheck
                ),
            )
        )

    def _count_decisions(self):
        """How many customers go which way, and how many of them wait for a person."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT direction, COUNT(*), COUNT(*) FILTER (WHERE is_proposal)
                  FROM key_account_grade_decision
                 WHERE is_move OR is_renewal
                 GROUP BY direction
                """
            )
        )
        counts = {direction: count for direction, count, _proposed in rows}
        return {**counts, "proposed": sum(row[2] for row in rows)}

    def _withdraw_stale(self, rule):
        """Proposals of earlier runs that the figures no longer bear out are void."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_grade_move AS move
                   SET state = 'withdrawn', refusal = %(why)s,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM key_account_standing AS standing
                  JOIN res_partner AS partner ON partner.id = standing.partner_id
                 WHERE move.partner_id = standing.partner_id
                   AND move.state = 'proposed' AND move.trigger IN ('run', 'recheck')
                   AND %(customers)s AND %(scope)s
                   AND NOT EXISTS (
                        SELECT FROM key_account_grade_decision AS decision
                         WHERE decision.partner_id = move.partner_id
                           AND decision.is_proposal
                           AND decision.grade_to_id
                               IS NOT DISTINCT FROM move.grade_to_id
                           AND decision.grade_from_id
                               IS NOT DISTINCT FROM move.grade_from_id)
                """,
                why=self.env._("A later run came to another result."),
                uid=self.env.uid,
                customers=rule._get_customer_condition(self.date),
                scope=self._get_scope(),
            )
        )

    def _insert_moves(self, rule):
        """The moves, with the figures they rest on. A customer whose proposal waits,
        of a person or of this very run, is not proposed again."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_grade_move (
                    partner_id, unit_id, manager_id, kind, grade_from_id, grade_to_id,
                    direction, state, trigger, cause, criterion, rule_id, run_id,
                    figures, streak, date, date_effective, date_expiry, user_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT decision.partner_id, decision.unit_id, decision.manager_id,
                       %(kind)s, decision.grade_from_id, decision.grade_to_id,
                       decision.direction,
                       CASE WHEN is_proposal THEN 'proposed' ELSE 'applied' END,
                       %(trigger)s, %(cause)s, decision.criterion, %(rule)s, %(run)s,
                       decision.figures, decision.streak_reached, %(day)s,
                       CASE WHEN NOT is_proposal THEN %(day)s::date END,
                       decision.valid_to, %(user)s,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM key_account_grade_decision AS decision
                 WHERE (decision.is_move OR decision.is_renewal)
                   AND NOT (is_proposal AND EXISTS (
                        SELECT FROM key_account_grade_move AS waiting
                         WHERE waiting.partner_id = decision.partner_id
                           AND waiting.state = 'proposed'))
                """,
                kind=rule.kind,
                trigger="recheck" if self.is_recheck else "run",
                cause=self._get_cause(rule),
                rule=rule.id,
                run=self.id,
                day=self.date,
                user=self.user_id.id,
                uid=self.env.uid,
            )
        )

    def _get_cause(self, rule) -> SQL:
        """The method of the deciding criterion, or why there is none."""
        whens = [
            SQL("WHEN %s THEN %s", criterion.code, criterion.method)
            for criterion in rule.criterion_ids
        ]
        return SQL(
            "CASE WHEN is_arrears THEN 'arrears' ELSE "
            "CASE criterion %s ELSE 'lapse' END END",
            SQL(" ").join(whens),
        )

    def _update_standing(self):
        """What customers have now, and how long they have been on their way."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing AS standing
                   SET grade_id = CASE WHEN is_applied THEN decision.grade_to_id
                                       ELSE standing.grade_id END,
                       grade_date = CASE WHEN is_applied THEN %(day)s::date
                                         ELSE standing.grade_date END,
                       grade_valid_to = CASE
                           WHEN is_applied OR decision.is_renewal
                           THEN decision.valid_to ELSE standing.grade_valid_to END,
                       grade_streak = decision.streak,
                       grade_goal_id = decision.goal_id,
                       grade_streak_before = decision.streak_before,
                       grade_goal_before_id = decision.goal_before_id,
                       grade_month = %(month)s,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM (
                    SELECT *, is_move AND NOT is_proposal AS is_applied
                      FROM key_account_grade_decision
                  ) AS decision
                 WHERE standing.id = decision.standing_id
                """,
                day=self.date,
                month=self.month,
                uid=self.env.uid,
            )
        )
