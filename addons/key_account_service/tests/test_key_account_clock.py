# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..clock import Clock
from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountClock(ServiceCommon):
    """The clock of a request in the database (SLA-01, SLA-03, SLA-07)."""

    def _pause(self, request, at, reason=None):
        with freeze_time(at):
            request._wait(reason or self.absent)

    def _resume(self, request, at):
        with freeze_time(at):
            request.action_resume()

    def test_a_request_is_due_when_its_standard_says(self):
        request = self._request()
        self.assertRecordValues(
            request,
            [
                {
                    "clock_state": "running",
                    "date_due": datetime(2026, 1, 16, 8),
                    "date_alarm": datetime(2026, 1, 16, 3, 12),  # 80 % of 24 h
                    "clock_limit": 86400,
                    "date_done": False,
                }
            ],
        )

    def test_pauses_put_the_deadline_off(self):
        request = self._request()
        self._pause(request, "2026-01-15 10:00:00")
        self.assertFalse(request.date_due)
        self.assertEqual(request.pause_reason_id, self.absent)
        self._resume(request, "2026-01-15 13:00:00")
        self.assertEqual(request.date_due, datetime(2026, 1, 16, 11))
        self.assertFalse(request.pause_reason_id)
        kinds = request.clock_event_ids.sorted().mapped("kind")
        self.assertEqual(kinds, ["start", "pause", "resume"])

    def test_exactly_at_the_deadline_is_in_time(self):
        for at, outcome in (
            ("2026-01-16 08:00:00", "met"),
            ("2026-01-16 08:00:01", "missed"),
        ):
            request = self._request()
            with freeze_time(at):
                request._finish(result_id=self.solved.id)
            self.assertEqual(request.clock_outcome, outcome)
            self.assertEqual(request.clock_phase, outcome)

    def test_done_earlier_than_entered(self):
        request = self._request()
        with freeze_time("2026-01-17 08:00:00"):
            with self.assertRaisesRegex(UserError, "future"):
                request._finish(date="2026-01-18 08:00:00")
            with self.assertRaisesRegex(UserError, "Look at it again"):
                request._finish(date="2026-01-15 07:59:00")  # before it was accepted
            request._finish(date="2026-01-16 07:00:00")
        self.assertEqual(request.clock_outcome, "met")
        self.assertEqual(request.date_done, datetime(2026, 1, 16, 7))

    def test_reopened_runs_on(self):
        request = self._request()
        with freeze_time("2026-01-15 20:00:00"):
            request._finish()
        with freeze_time("2026-01-20 20:00:00"):
            request.action_reopen()
        self.assertFalse(request.date_done or request.clock_outcome)
        self.assertEqual(request.date_due, datetime(2026, 1, 21, 8))  # 12 h were left

    def test_the_grade_shortens_the_limit(self):
        standard = self._request().standard_id
        for grade, hours in (("diamond", 7.2), ("gold", 12), ("", 24), ("none", 24)):
            self.assertEqual(standard._get_seconds(grade), hours * 3600)

    def test_a_standard_of_the_line_comes_first(self):
        self._standard(self.fault, line_id=self.letter.id, limit=2)
        self._create_line_file(self.acme, self.letter, self.manager)
        of_line = self._request(line_id=self.letter.id)
        self.assertEqual(of_line.date_due, datetime(2026, 1, 15, 10))
        self.assertEqual(self._request().date_due, datetime(2026, 1, 16, 8))

    def test_no_standard_no_limit(self):
        request = self._request(kind_id=self._term("request_kind", "other").id)
        self.assertEqual(request.clock_phase, "none")
        self.assertFalse(request.date_due or request.date_alarm)
        with freeze_time("2026-06-01"):
            request._finish()
        self.assertEqual(
            (request.clock_state, request.clock_outcome), ("stopped", False)
        )

    def _calendar(self, **vals):
        hours = [
            Command.create(
                {"name": day, "dayofweek": day, "hour_from": 9, "hour_to": 17}
            )
            for day in "01234"
        ]
        return self.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "company_id": False,
                "attendance_ids": hours,
                **vals,
            }
        )

    def _in_office_hours(self, limit, unit="hour"):
        """A request of a kind with a standard on weekdays from 9 to 17 in Shanghai."""
        calendar = self._calendar()
        kind = self.env["key.account.term"].create(
            {"category": "request_kind", "code": "test", "name": "Test"}
        )
        self._standard(kind, limit=limit, limit_unit=unit, calendar_id=calendar.id)
        # Friday 16:00 in Shanghai
        return calendar, self._request("2026-01-16 08:00:00", kind_id=kind.id)

    def test_working_hours_and_working_days(self):
        _calendar, request = self._in_office_hours(2, "day")
        self.assertEqual(request.clock_limit, 2 * 8 * 3600)
        self.assertEqual(request.date_due, datetime(2026, 1, 20, 8))  # Tuesday 16:00

    def test_a_day_off_moves_what_is_open_and_not_what_is_done(self):
        calendar, request = self._in_office_hours(2)
        done = request.copy({"date_accepted": request.date_accepted})
        self.assertEqual(request.date_due, datetime(2026, 1, 19, 2))
        with freeze_time("2026-01-19 01:30:00"):
            done._finish()
        day_off = self.env["resource.calendar.leaves"].create(
            {
                "name": "Day off",
                "calendar_id": calendar.id,
                "date_from": "2026-01-18 16:00:00",
                "date_to": "2026-01-19 15:59:59",
            }
        )
        self.assertEqual(request.date_due, datetime(2026, 1, 20, 2))
        self.assertEqual(done.date_due, datetime(2026, 1, 19, 2))
        day_off.unlink()
        self.assertEqual(request.date_due, datetime(2026, 1, 19, 2))
        calendar.attendance_ids.write({"hour_from": 12})
        self.assertEqual(request.date_due, datetime(2026, 1, 19, 5))
        calendar.tz = "Europe/Berlin"
        # 9:00 in Berlin on a Friday: opens at noon there
        self.assertEqual(request.date_due, datetime(2026, 1, 16, 13))

    def test_another_kind_is_counted_from_the_same_ledger(self):
        request = self._request()
        self._pause(request, "2026-01-15 10:00:00")
        self._resume(request, "2026-01-15 16:00:00")
        with freeze_time("2026-01-15 18:00:00"):
            request.kind_id = self.installation
        self.assertEqual(request.date_due, datetime(2026, 1, 30, 14))  # 15 d + 6 h
        kinds = request.clock_event_ids.sorted().mapped("kind")
        self.assertEqual(kinds, ["start", "pause", "resume", "standard"])

    def test_columns_are_what_the_ledger_says(self):
        """Any order of steps: a recomputation changes nothing (issue: exact)."""
        requests = self.env["key.account.request"]
        for number in range(4):
            request = self._request(kind_id=self.fault.id)
            moment = datetime(2026, 1, 15, 9)
            for step in range(number):
                self._pause(request, moment + timedelta(hours=5 * step))
                self._resume(request, moment + timedelta(hours=5 * step + 2, seconds=7))
            requests |= request
        columns = ["date_due", "date_alarm", "clock_used", "clock_state"]
        before = requests.read(columns)
        requests._clock_refresh()
        self.assertEqual(requests.read(columns), before)
        for request in requests:
            steps = [(e.kind, e.date) for e in request.clock_event_ids.sorted()]
            hours = request.calendar_id._key_account_get_hours()
            self.assertEqual(
                request.date_due, Clock(steps).deadline(hours, request.clock_limit)
            )

    def test_the_ledger_cannot_be_changed(self):
        event = self._request().clock_event_ids
        with self.assertRaisesRegex(UserError, "never changed"):
            event.date = "2026-01-01 00:00:00"
        with self.assertRaisesRegex(UserError, "stays"):
            event.unlink()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            for _number in range(2):
                self.env.cr.execute(
                    "INSERT INTO key_account_clock_event "
                    "(res_model, res_id, kind, date, level) "
                    "VALUES ('key.account.request', 1, 'alarm', now(), '1')"
                )

    def test_the_clock_is_not_written_by_hand(self):
        request = self._request()
        for vals in (
            {"date_due": "2030-01-01 00:00:00"},
            {"clock_outcome": "met"},
            {"alarm_level": 4},
            {"date_accepted": "2026-01-10 00:00:00"},
            {"state": "done"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                request.with_user(self.manager).write(vals)

    def test_phases_read_and_search_alike(self):
        at = "2026-01-16 04:00:00"  # 20 of 24 hours
        requests = self._request() | self._request("2026-01-15 02:00:00")
        requests |= self._request("2026-01-16 03:00:00")
        other = self._request(kind_id=self._term("request_kind", "other").id)
        waiting, met, missed = (self._request() for _number in range(3))
        self._pause(waiting, "2026-01-15 09:00:00")
        late = self._request("2026-01-15 02:00:00")
        self._pause(late, "2026-01-16 03:00:00")  # it was over before it was paused
        with freeze_time(at):
            met._finish()
        with freeze_time("2026-01-16 09:00:00"):
            missed._finish()
        requests |= other | waiting | met | missed | late
        wanted = ["warning", "overdue", "on_time", "none", "waiting", "met", "missed"]
        with freeze_time(at):
            requests.invalidate_recordset()
            self.assertEqual(requests.mapped("clock_phase"), [*wanted, "overdue"])
            for phase in set(wanted):
                found = requests.search(
                    [("id", "in", requests.ids), ("clock_phase", "=", phase)]
                )
                self.assertEqual(
                    found.sorted("id"),
                    requests.filtered(lambda one, p=phase: one.clock_phase == p),
                    phase,
                )

    def test_many_clocks_in_a_few_queries(self):
        """A step of a hundred clocks costs as many queries as a step of one."""
        counts = []
        for number in (1, 100):
            requests = self.env["key.account.request"].union(
                *(self._request() for _number in range(number))
            )
            self.env.flush_all()
            requests.invalidate_recordset()
            before = self.env.cr.sql_log_count
            with freeze_time("2026-01-15 12:00:00"):
                requests._clock_take("pause", reason=self.absent)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
