# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

# What the clock does where the state of the file is.
STANDS = ("waiting",)
STOPPED = ("replied", "closed", "withdrawn")


class KeyAccountFeedInterfaceComplaint(models.AbstractModel):
    """Brings states in line with the file: the ledger of steps, the clock, the columns.

    A file that does not say when was said so at the end of its period.
    """

    _inherit = "key.account.feed.interface.complaint"

    @api.model
    def _move_complaints(self, feed):
        self._create_moves(feed)
        self._append_moves()
        self._move_clocks()
        self._write_states()
        self.env.invalidate_all(flush=False)

    @api.model
    def _create_moves(self, feed):
        """One row per complaint whose state the file changes, with the moment."""
        last = SQL("LEAST(%s, now() AT TIME ZONE 'UTC')", self._end_of_period(feed))
        self._create_table(
            SQL.identifier("feed_move"),
            SQL(
                """
                SELECT complaint.id, new.state, complaint.state AS state_from,
                       complaint.clock_state, new.reply, new.mark,
                       GREATEST(
                           COALESCE(CASE WHEN new.state = ANY(%(stopped)s)
                                         THEN new.date_replied END, %(last)s),
                           complaint.date_accepted, event.last) AS moment
                  FROM feed_complaint AS new
                  JOIN key_account_complaint AS complaint
                    ON complaint.feed_unit_id IS NOT NULL
                   AND complaint.reference = new.reference
                   AND complaint.partner_id = new.partner_id
                  LEFT JOIN LATERAL (
                    SELECT MAX(date) AS last FROM key_account_clock_event
                     WHERE res_model = 'key.account.complaint'
                       AND res_id = complaint.id
                       AND kind IN ('start', 'pause', 'resume', 'stop', 'reopen')
                  ) AS event ON TRUE
                 WHERE new.outcome IN ('created', 'changed')
                   AND complaint.state <> new.state
                """,
                stopped=list(STOPPED),
                last=last,
            ),
        )

    @api.model
    def _end_of_period(self, feed) -> SQL:
        day = fields.Datetime.to_datetime(feed.date_period)
        if len(feed.period) == 6:
            return SQL("%s::timestamp + interval '1 month' - interval '1 second'", day)
        return SQL("%s::timestamp + interval '1 day' - interval '1 second'", day)

    @api.model
    def _append_moves(self):
        self._execute(
            """
            INSERT INTO key_account_complaint_step (
                complaint_id, partner_id, line_id, unit_id, manager_id, kind, date,
                user_id, state_from, state_to, mark, reason, create_uid, create_date,
                write_uid, write_date
            )
            SELECT complaint.id, complaint.partner_id, complaint.line_id,
                   complaint.unit_id, complaint.manager_id, 'load', move.moment,
                   %(uid)s, move.state_from, move.state, move.mark, move.reply,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                   now() AT TIME ZONE 'UTC'
              FROM feed_move AS move
              JOIN key_account_complaint AS complaint ON complaint.id = move.id
            """,
            uid=self.env.uid,
        )

    @api.model
    def _move_clocks(self):
        """The steps of the clocks, each kind of step of all complaints at once."""
        rows = self.env.execute_query(
            SQL("SELECT id, state, clock_state, moment FROM feed_move ORDER BY id")
        )
        steps = {}
        for complaint_id, state, clock, moment in rows:
            for kind in self._get_clock_steps(state, clock):
                steps.setdefault(kind, {})[complaint_id] = moment
        events = self.env["key.account.clock.event"]
        complaints = self.env["key.account.complaint"]
        for kind in ("reopen", "resume", "pause", "stop"):
            found = steps.get(kind, {})
            events._append(complaints.browse(found), kind, found)
        moved = complaints.browse(row[0] for row in rows)
        moved._clock_refresh()
        moved.filtered("date_done")._clock_end_alarms()

    @api.model
    def _get_clock_steps(self, state, clock):
        """Which steps bring a clock to where the state of the file wants it."""
        if state in STOPPED:
            return [] if clock == "stopped" else ["stop"]
        steps = {"stopped": ["reopen"], "paused": ["resume"]}.get(clock, [])
        if state in STANDS:
            return [] if clock == "paused" else [*steps, "pause"]
        return steps

    @api.model
    def _write_states(self):
        self._execute(
            """
            UPDATE key_account_complaint AS complaint
               SET state = move.state, reply = move.reply, mark = move.mark,
                   date_replied = CASE WHEN move.state = ANY(%(answered)s)
                                       THEN move.moment END,
                   date_callback_due = CASE WHEN move.state = 'replied'
                       THEN move.moment + make_interval(
                           days => COALESCE(rule.callback_days, 3)) END,
                   date_closed = CASE WHEN move.state IN ('closed', 'withdrawn')
                                      THEN move.moment END,
                   date_feedback = COALESCE(
                       complaint.date_feedback,
                       CASE WHEN move.state = ANY(%(answered)s)
                            THEN move.moment END),
                   reopen_count = COALESCE(complaint.reopen_count, 0)
                       + (move.state_from = ANY(%(stopped)s)
                          AND move.state <> ALL(%(stopped)s))::integer
              FROM feed_move AS move
              JOIN key_account_complaint AS old ON old.id = move.id
              LEFT JOIN key_account_complaint_rule AS rule ON rule.id = old.rule_id
             WHERE complaint.id = move.id
            """,
            answered=["replied", "closed"],
            stopped=list(STOPPED),
        )
