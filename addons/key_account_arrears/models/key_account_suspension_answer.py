# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

STATE_OF = {"one_way": "one_way", "two_way": "two_way", "removal": "closed"}


class KeyAccountSuspension(models.Model):
    """What the branch answered, for any number of orders; the state of the numbers
    follows from what is in effect, in whatever order the answers come."""

    _inherit = "key.account.suspension"

    def action_answer(self, is_done, text=None):
        """Enter the answer of a branch that sends no files."""
        self._check_may("_get_answer_error")
        if not is_done:
            self._check_text(text)
        self._apply_answers(
            SQL(
                "SELECT id, %s AS is_done, %s::varchar AS answer, "
                "%s::timestamp AS date_done "
                "FROM key_account_suspension WHERE id = ANY(%s)",
                bool(is_done),
                text or None,
                fields.Datetime.now(),
                self.ids,
            )
        )
        return True

    @api.model
    def _apply_answers(self, answers):
        """Take answers over.

        :param SQL answers: ``id``, ``is_done``, ``answer``, ``date_done`` per order
        """
        self.env.flush_all()
        # sudo: whoever may answer was checked; the rows and numbers follow from it.
        steps = self.sudo()
        ids = steps._write_answers(answers)
        if not ids:
            return
        steps._write_hours(ids)
        steps._lift(ids)
        steps._drop_pointless_resumes(ids)
        steps.invalidate_model(flush=False)
        answered = steps.browse(ids)
        answered._set_number_states()
        answered._tell_refused_resumes()

    def _write_answers(self, answers):
        """Done, or refused; a step whose lifting the branch has reported already is
        lifted at once: its answer was late."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE key_account_suspension AS step
                   SET state = CASE WHEN NOT found.is_done THEN 'refused'
                                    WHEN lift.state = 'confirmed' THEN 'lifted'
                                    ELSE 'confirmed' END,
                       answer = found.answer, date_done = found.date_done,
                       date_answered = %(now)s,
                       date_ended = CASE
                           WHEN NOT found.is_done OR lift.state = 'confirmed'
                           THEN found.date_done END,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM (%(answers)s) AS found
                  JOIN key_account_suspension AS asked ON asked.id = found.id
                  LEFT JOIN key_account_suspension AS lift ON lift.id = asked.lift_id
                 WHERE step.id = found.id AND step.state IN ('approved', 'exported')
                RETURNING step.id
                """,
                answers=answers,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        return [row[0] for row in rows]

    def _write_hours(self, ids):
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_suspension
                   SET hours = GREATEST(
                           EXTRACT(epoch FROM date_done - date) / 3600, 0)
                 WHERE id = ANY(%s) AND kind = 'resume' AND state = 'confirmed'
                """,
                ids,
            )
        )

    def _lift(self, ids):
        """What the resumed service ends."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_suspension AS step
                   SET state = 'lifted', date_ended = resume.date_done
                  FROM key_account_suspension AS resume
                 WHERE resume.id = ANY(%s) AND resume.kind = 'resume'
                   AND resume.state = 'confirmed'
                   AND step.lift_id = resume.id AND step.state = 'confirmed'
                """,
                ids,
            )
        )

    def _drop_pointless_resumes(self, ids):
        """Where the branch refused to suspend, nothing is left to be resumed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_suspension AS resume
                   SET state = 'withdrawn', end_reason = 'pointless',
                       date_ended = %s
                  FROM key_account_suspension AS refused
                 WHERE refused.id = ANY(%s) AND refused.state = 'refused'
                   AND resume.id = refused.lift_id
                   AND resume.state IN ('proposed', 'approved')
                   AND NOT EXISTS (
                        SELECT FROM key_account_suspension AS other
                         WHERE other.lift_id = resume.id
                           AND other.state IN ('exported', 'confirmed'))
                """,
                fields.Datetime.now(),
                ids,
            )
        )

    def _set_number_states(self):
        """The hardest step in effect decides; without one the number is in service."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number.id,
                       CASE WHEN bool_or(step.kind = 'removal') THEN 'closed'
                            WHEN bool_or(step.kind = 'two_way') THEN 'two_way'
                            WHEN bool_or(step.kind = 'one_way') THEN 'one_way'
                            ELSE 'in_service' END
                  FROM key_account_number AS number
                  LEFT JOIN key_account_suspension AS step
                    ON step.number_id = number.id AND step.kind <> 'resume'
                   AND step.state = 'confirmed'
                 WHERE number.id = ANY(%s) AND number.state <> 'closed'
                 GROUP BY number.id
                """,
                self.filtered(lambda one: one.state != "refused").number_id.ids,
            )
        )
        numbers = self.env["key.account.number"].with_context(tracking_disable=True)
        wanted = {}
        for number_id, state in rows:
            wanted.setdefault(state, []).append(number_id)
        for state, ids in wanted.items():
            vals = {"state": state}
            if state == "closed":
                vals["date_closed"] = fields.Date.context_today(self)
            changed = numbers.browse(ids).filtered(lambda one, s=state: one.state != s)
            if changed:
                changed.write(vals)

    def _tell_refused_resumes(self):
        """A customer who paid and stays suspended: the head looks at it today."""
        for step in self:
            head = step.unit_id.head_id
            if step.kind == "resume" and step.state == "refused" and head:
                step.activity_schedule(
                    "key_account_arrears.mail_activity_type_head",
                    user_id=head.id,
                    summary=self.env._("Service is not resumed"),
                    note=step.answer or "",
                )
