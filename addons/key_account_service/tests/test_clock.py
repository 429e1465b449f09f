# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import clock, working_time
from ..clock import Clock, ClockError
from ..working_time import AroundTheClock, WeeklyHours

MINUTE = timedelta(minutes=1)
# Around each of these the clocks change in some zone of ZONES, or a year ends.
DAYS = [
    datetime(2026, 3, 7),  # New York forward on the 8th
    datetime(2026, 3, 28),  # Berlin forward on the 29th
    datetime(2026, 4, 4),  # Lord Howe back half an hour on the 5th
    datetime(2026, 10, 24),  # Berlin back on the 25th
    datetime(2026, 10, 31),  # New York back on 1 November
    datetime(2026, 12, 30),
]
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "UTC",
)
NEXT = {
    "idle": ["start"],
    "running": ["pause", "stop"],
    "paused": ["resume", "stop"],
    "stopped": ["reopen"],
}
STATES = {
    "start": "running",
    "pause": "paused",
    "resume": "running",
    "stop": "stopped",
    "reopen": "running",
}


@st.composite
def steps(draw):
    """Any ledger over a few days, by the minute; two steps may share an instant."""
    moment = draw(st.sampled_from(DAYS)) + MINUTE * draw(st.integers(0, 1440))
    state, ledger = "idle", []
    for _number in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(NEXT[state]))
        ledger.append((kind, moment))
        state = STATES[kind]
        moment += MINUTE * draw(st.sampled_from([0, 1, 7, 60, 95, 480, 1440, 1501]))
    return ledger


@st.composite
def calendars(draw):
    """Around the clock (None), or weekly hours with days off, in some zone."""
    if draw(st.booleans()) and draw(st.booleans()):
        return None
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    edges = draw(
        st.lists(
            st.sampled_from([0, 60, 110, 120, 150, 180, 540, 720, 1080, 1440]),
            min_size=2,
            max_size=4,
            unique=True,
        )
    )
    edges = sorted(edges)[: len(edges) // 2 * 2]
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    week = draw(st.sampled_from([None, None, 0, 1]))
    hours = [(day, first, last, week) for day in weekdays for first, last in pairs]
    start = draw(st.sampled_from(DAYS)) + MINUTE * draw(st.integers(0, 2880))
    days_off = st.sampled_from([(), ((start, start + MINUTE * 700),)])
    return draw(st.sampled_from(ZONES)), hours, draw(days_off)


def make(calendar):
    return AroundTheClock() if calendar is None else WeeklyHours(*calendar)


class Minutes:
    """The ledger counted minute by minute, looking at the wall clock each time."""

    def __init__(self, ledger, calendar):
        self.ledger, self.calendar = ledger, calendar
        self.begin = ledger[0][1]

    def is_open(self, moment):
        if self.calendar is None:
            return True
        zone, hours, closed = self.calendar
        wall = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        week = (wall.date().toordinal() - 1) // 7 % 2
        minute = wall.hour * 60 + wall.minute
        return not any(start <= moment < end for start, end in closed) and any(
            day == wall.weekday() and first <= minute < last and which in (None, week)
            for day, first, last, which in hours
        )

    def is_running(self, moment):
        state = "idle"
        for kind, at in self.ledger:
            if at <= moment:
                state = STATES[kind]
        return state == "running"

    def elapsed(self, now):
        count, moment = 0, self.begin
        while moment < now:
            count += self.is_running(moment) and self.is_open(moment)
            moment += MINUTE
        return count * 60

    def deadline(self, minutes, within=60 * 24 * 40):
        """The first instant at which the minutes are used up and the clock runs.

        A clock that stopped before that is taken to have run on.
        """
        last = self.ledger[-1][1]
        has_stopped = STATES[self.ledger[-1][0]] == "stopped"
        count, moment = 0, self.begin
        for _number in range(within):
            is_on = self.is_running(moment) or (has_stopped and moment >= last)
            if count == minutes and is_on:
                return moment
            count += is_on and self.is_open(moment)
            moment += MINUTE
            if not is_on and moment > last:
                return None
        return "later"


PROPERTIES = settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    """Clocks and calendars against counting minutes one by one (SLA-07)."""

    def test_examples_in_the_documentation_hold(self):
        for module in (working_time, clock):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    @PROPERTIES
    @given(ledger=steps(), calendar=calendars(), later=st.integers(0, 3000))
    def test_elapsed_is_what_counting_minutes_gives(self, ledger, calendar, later):
        now = ledger[-1][1] + MINUTE * later
        found = Clock(ledger).elapsed(make(calendar), now)
        self.assertEqual(found, Minutes(ledger, calendar).elapsed(now))

    @PROPERTIES
    @given(ledger=steps(), calendar=calendars(), minutes=st.integers(1, 2400))
    @example(
        # used up exactly when the pause begins, and so over when it ends
        ledger=[
            ("start", datetime(2026, 3, 7, 8)),
            ("pause", datetime(2026, 3, 7, 9)),
            ("resume", datetime(2026, 3, 7, 11)),
        ],
        calendar=None,
        minutes=60,
    )
    def test_deadline_is_what_counting_minutes_gives(self, ledger, calendar, minutes):
        found = Clock(ledger).deadline(make(calendar), minutes * 60)
        wanted = Minutes(ledger, calendar).deadline(minutes)
        if wanted != "later":
            self.assertEqual(found, wanted)

    @PROPERTIES
    @given(
        ledger=steps(),
        calendars=st.lists(calendars(), min_size=2, max_size=3),
        minutes=st.integers(1, 900),
    )
    def test_another_standard_is_counted_from_the_same_ledger(
        self, ledger, calendars, minutes
    ):
        """Nothing of the former calendar or limit is left in the clock."""
        used = Clock(ledger)
        for calendar in calendars:
            used.deadline(make(calendar), 60 * minutes)
            fresh = Clock(ledger).deadline(make(calendar), 90 * minutes)
            self.assertEqual(used.deadline(make(calendar), 90 * minutes), fresh)

    @PROPERTIES
    @given(
        calendar=calendars().filter(bool),
        asked=st.lists(
            st.tuples(st.integers(-600, 600), st.integers(0, 200_000)), max_size=6
        ),
    )
    def test_what_was_asked_before_changes_no_answer(self, calendar, asked):
        """Periods are laid out piece by piece, backwards too."""
        used = make(calendar)
        for days, seconds in asked:
            start = DAYS[0] + timedelta(days=days)
            end = start + timedelta(seconds=seconds)
            self.assertEqual(
                used.between(start, end), make(calendar).between(start, end)
            )
            self.assertEqual(
                used.after(start, seconds), make(calendar).after(start, seconds)
            )

    @PROPERTIES
    @given(ledger=steps(), calendar=calendars(), minutes=st.integers(0, 600))
    def test_met_and_deadline_agree(self, ledger, calendar, minutes):
        found = Clock(ledger)
        deadline = found.deadline(make(calendar), minutes * 60)
        if found.state == "stopped":
            late = deadline is not None and found.last > deadline
            self.assertEqual(found.is_met(make(calendar), minutes * 60), not late)

    def test_cost_grows_with_pauses_not_with_time(self):
        """Two questions to the calendar for each period the clock ran."""

        class Counting(WeeklyHours):
            asked = 0

            def _sum(self, moment):
                Counting.asked += 1
                return super()._sum(moment)

        hours = Counting("Europe/Berlin", [(day, 540, 1020, None) for day in range(5)])
        for years in (1, 20):
            start = datetime(2026, 1, 5, 8)
            ledger = [("start", start)]
            for number in range(10):
                gap = timedelta(days=36 * years * (number + 1))
                ledger += [("pause", start + gap), ("resume", start + gap + MINUTE)]
            counted = Clock(ledger)
            now = ledger[-1][1] + timedelta(days=1)
            hours.between(start, now)
            Counting.asked = 0
            counted.elapsed(hours, now)
            self.assertEqual(Counting.asked, 2 * 11)

    def test_a_step_that_does_not_follow_is_refused(self):
        start = datetime(2026, 1, 15, 8)
        for ledger in (
            [("pause", start)],
            [("start", start), ("start", start)],
            [("start", start), ("resume", start)],
            [("start", start), ("stop", start), ("pause", start)],
            [("start", start), ("pause", start - MINUTE)],
        ):
            with self.subTest(ledger=ledger), self.assertRaises(ClockError):
                Clock(ledger)

    def test_a_calendar_without_hours_never_ends(self):
        for hours in ([], [(0, 0, 60, None)]):
            closed = [(datetime(2000, 1, 1), datetime(2100, 1, 1))]
            found = WeeklyHours("UTC", hours, closed)
            self.assertIsNone(found.after(datetime(2026, 1, 15), 60))
