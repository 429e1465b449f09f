# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import ANSWER, ORDER


class KeyAccountFeedInterfaceSuspension(models.AbstractModel):
    """Interface 06002: what a branch answers to orders of interface 06001.

    An order is known by its number and answered once; the same answer again changes
    nothing. Times are those of the sender's time zone.
    """

    _name = "key.account.feed.interface.suspension"
    _inherit = "key.account.feed.interface"
    _description = "Key Account Feed of Answers about Suspensions"

    @api.model
    def _get_models(self):
        return {ANSWER.letter: "key.account.suspension"}

    @api.model
    def _get_records(self):
        return {ANSWER.letter: ANSWER}

    @api.model
    def _example_label(self, record) -> SQL:
        return SQL("checked.name || ' ' || checked.number")

    @api.model
    def _column_errors(self, column):
        yield from super()._column_errors(column)
        if column.type == "order":
            name = SQL.identifier("stage", column.name)
            yield SQL("%s !~ %s", name, ORDER), "order"

    @api.model
    def _resolve(self, feed, is_load):
        self._create_table(
            SQL.identifier("feed_suspension"),
            SQL(
                """
                SELECT checked.*,
                       CASE WHEN errors IS NOT NULL THEN 'refused'
                            WHEN step_state = 'exported' THEN 'changed'
                            ELSE 'unchanged' END AS outcome
                  FROM (%s) AS checked
                """,
                self._resolved_answers(feed),
            ),
        )

    @api.model
    def _resolved_answers(self, feed) -> SQL:
        return SQL(
            """
            SELECT stage.row, stage.name, stage.number, step.id AS step_id,
                   step.state AS step_state, stage.outcome = 'D' AS is_done,
                   NULLIF(stage.answer, '') AS answer, %(moment)s AS date_done,
                   %(errors)s AS errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN key_account_suspension AS step
                ON step.id = CASE WHEN stage.name ~ %(order)s
                                  THEN substr(stage.name, 2)::bigint END
              LEFT JOIN key_account_number AS number ON number.id = step.number_id
            """,
            moment=self._get_moment(feed),
            errors=self._errors(ANSWER, self._answer_errors(feed)),
            numbered=self._numbered(ANSWER, ["name"]),
            order=ORDER,
        )

    @api.model
    def _get_moment(self, feed) -> SQL:
        """When it was done, in UTC."""
        # sudo: the time zone of whoever sent the file is no secret.
        zone = feed.user_id.sudo().tz or "UTC"
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s AT TIME ZONE 'UTC')",
            self._parse(ANSWER.get("date_done")),
            zone,
        )

    @api.model
    def _answer_errors(self, feed):
        """What is wrong with an answer in view of the order; triples of condition,
        code and column."""
        was_done = SQL("step.state IN ('confirmed', 'lifted')")
        return [
            (
                SQL("stage.name ~ %s AND step.id IS NULL", ORDER),
                "order_unknown name",
            ),
            (
                SQL("step.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
                "order_branch name",
            ),
            (SQL("number.name <> stage.number"), "order_number number"),
            (
                SQL("step.state IN ('proposed', 'approved')"),
                "order_unsent name",
            ),
            (SQL("step.state = 'withdrawn'"), "order_over name"),
            (
                SQL(
                    "%(was_done)s AND stage.outcome = 'R' "
                    "OR step.state = 'refused' AND stage.outcome = 'D'",
                    was_done=was_done,
                ),
                "order_answered outcome",
            ),
            (
                SQL("stage.outcome = 'R' AND COALESCE(stage.answer, '') = ''"),
                "required answer",
            ),
            (
                SQL("%s > (now() AT TIME ZONE 'UTC')", self._get_moment(feed)),
                "future date_done",
            ),
            self._error_twin("name"),
        ]

    @api.model
    def _load(self, feed):
        self.env["key.account.suspension"]._apply_answers(
            SQL(
                "SELECT step_id AS id, is_done, answer, date_done "
                "FROM feed_suspension WHERE outcome = 'changed'"
            )
        )
