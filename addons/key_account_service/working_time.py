# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a service is open, to the second: around the clock or by weekly hours.

Needs neither Odoo nor a database. Instants are naive and UTC, as Odoo stores them;
hours of work are what the clock on the wall says where the calendar is, so that a day
on which the clocks change has an hour more or less exactly when the service is open in
that hour.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
# Weekly hours are laid out as far as somebody asks, in pieces of this length …
PIECE = 92 * DAY
# … and no further: a calendar without any working hours never comes to an end.
HORIZON = 366 * 30 * DAY


class AroundTheClock:
    """Open always: a duration of the service is a duration.

    >>> noon = datetime(2026, 1, 15, 12)
    >>> AroundTheClock().between(noon, noon + timedelta(hours=2))
    7200
    >>> AroundTheClock().after(noon, 7200)
    datetime.datetime(2026, 1, 15, 14, 0)
    """

    def between(self, start, end):
        """Seconds in which the service is open from one instant to another."""
        return max((end - start) // SECOND, 0)

    def after(self, start, seconds):
        """The first instant by which the service has been open so many seconds."""
        return start + timedelta(seconds=seconds)


class WeeklyHours:
    """Open in weekly hours of a time zone, but for the days off.

    Every question costs two searches by halves in the list of open periods, which is
    laid out once: it does not grow with the time between the instants.

    :param zone: name of the time zone
    :param hours: (weekday from 0 on Monday, first minute, last minute, week), where
        week is 0 or 1 for hours of every other week and None for those of every week
    :param closed: (start, end) of days off, as UTC instants

    >>> office = WeeklyHours("Europe/Berlin", [(d, 540, 1020, None) for d in range(5)])
    >>> friday = datetime(2026, 1, 16, 15)  # 16:00 in Berlin
    >>> office.after(friday, 2 * 3600)
    datetime.datetime(2026, 1, 19, 9, 0)
    >>> office.between(friday, datetime(2026, 1, 19, 9)) // 3600
    2

    In the night to 25 October 2026 the hour from two to three comes twice:

    >>> night = WeeklyHours("Europe/Berlin", [(6, 120, 180, None)])
    >>> night.between(datetime(2026, 10, 24), datetime(2026, 10, 26)) // 3600
    2
    >>> WeeklyHours("UTC", []).after(friday, 1) is None
    True
    """

    def __init__(self, zone, hours, closed=()):
        self.zone = ZoneInfo(zone)
        self.hours = {}
        for weekday, first, last, week in hours:
            weeks = (0, 1) if week is None else (week,)
            for parity in weeks:
                self.hours.setdefault((parity, weekday), []).append((first, last))
        self.closed = _union(closed)
        self.first = self.last = None
        # Parallel: start and end of each open period, seconds open before it.
        self.starts, self.ends, self.sums = [], [], []

    def between(self, start, end):
        if end <= start:
            return 0
        self._reach(start, end)
        return self._sum(end) - self._sum(start)

    def after(self, start, seconds):
        if seconds <= 0:
            return start
        self._reach(start, start)
        wanted = self._sum(start) + seconds
        while not self.sums or self._sum(self.last) < wanted:
            if not self.hours or self.last - start > HORIZON:
                return None
            self._reach(start, self.last + PIECE)
        place = bisect_right(self.sums, wanted - 1) - 1
        return self.starts[place] + timedelta(seconds=wanted - self.sums[place])

    def _sum(self, moment):
        """Seconds open from the beginning of the list to an instant within it."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        open_for = min(moment, self.ends[place]) - self.starts[place]
        return self.sums[place] + open_for // SECOND

    def _reach(self, start, end):
        """Lay out what is missing so that the list covers start to end."""
        if self.first is None:
            self.first = self.last = start
        if start < self.first:
            first = min(start, self.first - PIECE)
            self._fill(self._periods(first, self.first), before=True)
            self.first = first
        while end > self.last:
            last = max(self.last + PIECE, min(end, self.last + 4 * PIECE))
            self._fill(self._periods(self.last, last))
            self.last = last

    def _fill(self, periods, before=False):
        if before:
            periods += list(zip(self.starts, self.ends, strict=True))
            self.starts, self.ends, self.sums = [], [], []
        total = 0
        if self.starts:
            total = self.sums[-1] + (self.ends[-1] - self.starts[-1]) // SECOND
        for start, end in periods:
            self.starts.append(start)
            self.ends.append(end)
            self.sums.append(total)
            total += (end - start) // SECOND

    def _periods(self, first, last):
        """Open periods within two instants, in order, none touching days off."""
        found = []
        for start, end, offset in self._segments(first, last):
            found += self._open(start, end, offset)
        return _without(_union(found), self.closed)

    def _segments(self, first, last):
        """Cut a stretch of time where the clocks change: (start, end, UTC offset)."""
        start, offset = first, self._offset(first)
        moment = first
        while moment < last:
            following = min(moment + DAY, last)
            if self._offset(following) != offset:
                change = self._find_change(moment, following, offset)
                yield start, change, offset
                start, offset = change, self._offset(change)
                moment = change
            else:
                moment = following
        if start < last:
            yield start, last, offset

    def _find_change(self, start, end, offset):
        """The first second in (start, end] with another offset than before."""
        while end - start > SECOND:
            middle = start + ((end - start) // 2 // SECOND) * SECOND
            if self._offset(middle) == offset:
                start = middle
            else:
                end = middle
        return end

    def _offset(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone).utcoffset()

    def _open(self, start, end, offset):
        """Open periods of a stretch in which the clocks do not change."""
        day = (start + offset).date()
        while day <= (end + offset).date():
            midnight = datetime(day.year, day.month, day.day) - offset
            for first, last in self.hours.get((_parity(day), day.weekday()), ()):
                opens = max(midnight + timedelta(minutes=first), start)
                closes = min(midnight + timedelta(minutes=last), end)
                if opens < closes:
                    yield opens, closes
            day += DAY


def _parity(day: date):
    """Whether a week counts as first (0) or second (1), as Odoo's calendars do."""
    return (day.toordinal() - 1) // 7 % 2


def _union(periods):
    """Sort periods and join those that touch or overlap.

    >>> _union([(5, 6), (1, 3), (2, 4), (4, 5)])
    [(1, 6)]
    """
    joined = []
    for start, end in sorted(periods):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _without(periods, closed):
    """Take the closed stretches out of the open periods, both sorted and disjoint.

    >>> _without([(1, 5), (6, 9)], [(2, 3), (4, 7)])
    [(1, 2), (3, 4), (7, 9)]
    """
    left, rest = [], list(reversed(closed))
    for start, end in periods:
        while rest and rest[-1][1] <= start:
            rest.pop()
        place = len(rest) - 1
        while place >= 0 and rest[place][0] < end:
            if start < rest[place][0]:
                left.append((start, rest[place][0]))
            start = max(start, rest[place][1])
            place -= 1
        if start < end:
            left.append((start, end))
    return left
