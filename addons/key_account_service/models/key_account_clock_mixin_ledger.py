# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from ..clock import Clock, ClockError

CHUNK = 1000
COLUMNS = (
    "clock_state",
    "date_due",
    "date_done",
    "date_alarm",
    "clock_used",
    "clock_outcome",
)


class KeyAccountClockMixin(models.AbstractModel):
    """What moves a clock, and what follows from its ledger, in sets."""

    _inherit = "key.account.clock.mixin"

    # ---- hooks ---------------------------------------------------------------

    def _clock_get_kind(self):
        """The term (request kind or indicator) whose standard applies. Hook."""
        self.ensure_one()
        return self.env["key.account.term"]

    def _clock_get_heads(self, level):
        """Map these records to the users who answer for them at an alarm level. Hook.

        :param level: 1 and 2 the heads of the unit, 3 of the one above, 4 the centre
        """
        units = {record: record.unit_id for record in self}
        root = self.env.ref("key_account_crm.key_account_unit_centre")
        if level == 3:
            units = {record: unit.parent_id for record, unit in units.items()}
        if level >= 4:
            units = dict.fromkeys(units, root)
        heads = self._clock_get_unit_heads(
            self.env["key.account.unit"].union(*units.values())
        )
        return {record: heads[unit.id] for record, unit in units.items() if unit}

    @api.model
    def _clock_get_unit_heads(self, units):
        """Map the ids of units to their heads: who is named, or who has the role."""
        users = self.env["res.users"]
        # sudo: who heads a unit is no secret; a user may not read the groups of others.
        people = users.sudo().search(
            [
                ("key_account_unit_id", "in", units.ids),
                ("key_account_role", "in", ("head", "company", "centre")),
            ]
        )
        by_unit = people.grouped("key_account_unit_id")
        return {
            unit.id: unit.sudo().head_id or by_unit.get(unit, users) for unit in units
        }

    # ---- steps ---------------------------------------------------------------

    def _clock_start(self):
        """Apply the standards and start the clocks at the moment of acceptance."""
        if not self:
            return
        self.env.flush_all()
        self._clock_set_standards()
        dates = {record.id: record.date_accepted for record in self}
        self.env["key.account.clock.event"]._append(self, "start", dates)
        self._clock_refresh()

    def _clock_take(self, kind, date=None, reason=None, note=None):
        """Take the same step with every one of these clocks.

        The rows are locked first: of two people who take a step with the same record
        one wins and the other is told.
        """
        if not self:
            return
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        self._clock_lock()
        self._clock_check(kind, date)
        self.env["key.account.clock.event"]._append(
            self,
            kind,
            dict.fromkeys(self.ids, date),
            reason_id=reason and reason.id,
            note=note,
        )
        self._clock_refresh(pause_reason=reason if kind == "pause" else None)

    def _clock_lock(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(record)s right now: look again in a "
                    "moment.",
                    record=self[:1].display_name,
                )
            ) from error

    def _clock_check(self, kind, date):
        if date > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(date)s UTC is in the future: enter a moment that has come.",
                    date=date,
                )
            )
        for record_id, clock in self._clock_read().items():
            try:
                clock.step(kind, date)
            except ClockError as error:
                raise UserError(self.browse(record_id)._clock_explain(kind)) from error

    def _clock_explain(self, kind):
        """Why a step cannot be taken, and by whom the last one was."""
        # sudo: who took the last step, for somebody who may write the record.
        last = self.sudo().clock_event_ids.filtered("user_id").sorted()[-1:]
        labels = dict(last._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(record)s cannot be “%(step)s” at this moment: it was “%(last)s” by "
            "%(user)s at %(date)s UTC. Look at it again.",
            record=self.display_name,
            step=labels[kind],
            last=labels.get(last.kind, ""),
            user=last.user_id.name or "",
            date=last.date or "",
        )

    # ---- what follows from the ledger ----------------------------------------

    def _clock_read(self):
        """Map the ids of these records to their clocks, read in one query."""
        steps = self.env["key.account.clock.event"]._read_steps(self._origin)
        return {record_id: Clock(found) for record_id, found in steps.items()}

    def _clock_refresh(self, pause_reason=None):
        """Bring the columns in line with the ledgers and the standards, in sets."""
        self._key_account_say_who()
        for start in range(0, len(self), CHUNK):
            chunk = self[start : start + CHUNK]
            clocks = chunk._clock_read()
            rows = [
                (record.id, *record._clock_digest(clocks[record.id]))
                for record in chunk
            ]
            self.env.cr.execute(self._clock_refresh_query(rows, pause_reason))
        self.invalidate_recordset(flush=False)

    def _clock_digest(self, clock):
        """The values of COLUMNS that follow from a clock."""
        hours = self.calendar_id._key_account_get_hours()
        done = clock.last if clock.state == "stopped" else None
        due = alarm = outcome = None
        if self.standard_id:
            due = clock.deadline(hours, self.clock_limit)
            if done:
                outcome = "missed" if due and done > due else "met"
            else:
                alarm = self._clock_next_alarm(clock, hours)
        used = clock.elapsed(hours, clock.last) if clock.last else 0
        return clock.state, due, done, alarm, used, outcome

    def _clock_refresh_query(self, rows, pause_reason) -> SQL:
        return SQL(
            """
            UPDATE %(table)s AS record
               SET clock_state = digest.clock_state,
                   date_due = digest.date_due::timestamp,
                   date_done = digest.date_done::timestamp,
                   date_alarm = digest.date_alarm::timestamp,
                   clock_used = digest.clock_used,
                   clock_outcome = digest.clock_outcome::varchar,
                   pause_reason_id = CASE WHEN digest.clock_state = 'paused'
                                          THEN COALESCE(%(reason)s, pause_reason_id) END
              FROM (VALUES %(rows)s) AS digest (id, %(columns)s)
             WHERE record.id = digest.id
            """,
            table=SQL.identifier(self._table),
            reason=pause_reason.id if pause_reason else None,
            columns=SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
            rows=SQL(", ").join(rows),
        )

    # ---- standards -----------------------------------------------------------

    def _clock_set_standards(self):
        """Find the standards that apply and the limits they give the customers."""
        grades = self._clock_get_grades()
        standards = self._clock_find_standards()
        self._clock_write_standards(
            [
                (record, standards[record], grades.get(record.partner_id.id))
                for record in self
            ]
        )

    def _clock_write_standards(self, found):
        """Write what applies, in one statement.

        :param found: (record, standard, code of the grade)
        """
        rows = [
            (
                record.id,
                standard.id or None,
                grade or None,
                standard._get_seconds(grade) if standard else None,
                standard.calendar_id.id or None,
            )
            for record, standard, grade in found
        ]
        self._key_account_say_who()
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS record
                   SET standard_id = found.standard_id::int,
                       grade_code = found.grade::varchar,
                       clock_limit = found.seconds::int,
                       calendar_id = found.calendar_id::int
                  FROM (VALUES %(rows)s)
                       AS found (id, standard_id, grade, seconds, calendar_id)
                 WHERE record.id = found.id
                """,
                table=SQL.identifier(self._table),
                rows=SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset(flush=False)

    def _clock_find_standards(self, kind=None):
        """Map these records to the standard in force on the day of acceptance, of the
        line or of all lines.

        :param kind: an indicator instead of the kind of each
        """
        asked = {
            record: (
                kind or record._clock_get_kind(),
                record.line_id,
                record.unit_id,
                record._clock_get_day(),
            )
            for record in self
        }
        # sudo: the standard applies whether or not its reader may open rules.
        found = self.env["key.account.standard"].sudo()._find_all(asked.values())
        return {record: found[key] for record, key in asked.items()}

    def _clock_get_grades(self):
        """Map the ids of customers to the codes of their present grades. Hook."""
        # sudo: the grade shortens the limit whoever registers the request.
        standings = self.env["key.account.standing"].sudo()
        found = standings.search(
            [("partner_id", "in", self.partner_id.ids), ("grade_id", "!=", False)]
        )
        return {row.partner_id.id: row.grade_id.code for row in found}

    def _clock_renew(self, note=None):
        """Another standard applies (kind or line were corrected): count anew.

        What was used up until now stays: the ledger says it.
        """
        self.env.flush_all()
        self._clock_set_standards()
        self.env["key.account.clock.event"]._append(
            self, "standard", dict.fromkeys(self.ids, fields.Datetime.now()), note=note
        )
        self._clock_refresh()

    def _clock_get_deadlines(self, limits):
        """Deadlines of these clocks for other limits, e.g. a first feedback.

        :param limits: map of ids to seconds
        """
        clocks = self._clock_read()
        return {
            record.id: clocks[record.id].deadline(
                record.calendar_id._key_account_get_hours(), limits[record.id]
            )
            for record in self
        }

    @api.model
    def _clock_models(self):
        """Names of the models whose records have a clock."""
        mixin = self.env.registry["key.account.clock.mixin"]
        names = set(mixin._inherit_children) - {"key.account.clock.mixin"}
        return sorted(name for name in names if self.env[name]._auto)

    @api.model
    def _clock_get_last_days(self, standards):
        """The last days on which these standards were applied, model by model."""
        for name in self._clock_models():
            # sudo: what others accepted counts too; only the day comes out.
            records = self.env[name].sudo().with_context(active_test=False)
            last = records.search(
                [("standard_id", "in", standards.ids)],
                order="date_accepted desc",
                limit=1,
            )
            if last:
                yield last._clock_get_day()

    def _clock_get_day(self):
        """The day of acceptance where the user is: versions change by the day."""
        self.ensure_one()
        return fields.Datetime.context_timestamp(self, self.date_accepted).date()

    @api.model
    def _clock_calendar_changed(self, calendars):
        """Open clocks that run by these calendars count anew from their ledgers."""
        self.env.flush_all()
        for name in self._clock_models():
            # sudo: a change of working hours concerns everybody's clocks.
            clocks = self.env[name].sudo()
            found = clocks.with_context(active_test=False).search(
                [("calendar_id", "in", calendars.ids), ("date_done", "=", False)]
            )
            if found:
                # A working day may have other hours now; standard and grade stay.
                found._clock_write_standards(
                    [(one, one.standard_id, one.grade_code) for one in found]
                )
                found._clock_refresh()
