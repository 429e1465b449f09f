# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Years, quarters, months and weeks: no database."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

LENGTHS = {
    "year": relativedelta(years=1),
    "quarter": relativedelta(months=3),
    "month": relativedelta(months=1),
    "week": relativedelta(weeks=1),
}
# From long to short.
ORDER = list(LENGTHS)


def begin(day, period):
    """The first day of the period a day lies in; weeks begin on Mondays.

    >>> [begin(date(2026, 8, 20), period).isoformat() for period in ORDER]
    ['2026-01-01', '2026-07-01', '2026-08-01', '2026-08-17']
    """
    if period == "week":
        return day - timedelta(days=day.weekday())
    month = {"year": 1, "quarter": day.month - (day.month - 1) % 3}
    return date(day.year, month.get(period, day.month), 1)


def end(day, period):
    """The last day of the period a day lies in.

    >>> end(date(2028, 2, 1), "month").isoformat()
    '2028-02-29'
    """
    return begin(day, period) + LENGTHS[period] - timedelta(days=1)


def shift(day, period, count=1):
    """The first day of the period so many later.

    >>> shift(date(2026, 1, 31), "month", 1).isoformat()
    '2026-02-01'
    """
    return begin(day, period) + LENGTHS[period] * count


def inside(first, last, period):
    """First days of the periods that lie wholly between two days.

    >>> days = inside(date(2026, 1, 1), date(2026, 3, 31), "month")
    >>> [day.isoformat() for day in days]
    ['2026-01-01', '2026-02-01', '2026-03-01']
    """
    day = begin(first, period)
    if day < first:
        day = shift(day, period)
    found = []
    while end(day, period) <= last:
        found.append(day)
        day = shift(day, period)
    return found
