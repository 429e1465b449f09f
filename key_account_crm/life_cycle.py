# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of a customer's life-cycle (domain 2.3, 1.2.5): scores and worth.

Plain Python, so that a rule can be read, and tried, without a database.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

SATURDAY = 5


def share_of_amount(amount, full):
    """How much of the full amount is reached, at most all of it.

    >>> share_of_amount(2500, 10000), share_of_amount(40000, 10000)
    (0.25, 1.0)
    >>> share_of_amount(-5, 10000)
    0.0
    """
    return min(max(amount / full, 0.0), 1.0)


def share_of_level(level, top):
    """A level chosen on a scale of 0 to top; None is not assessed, hence nothing.

    >>> share_of_level(3, 4), share_of_level(0, 4), share_of_level(None, 4)
    (0.75, 0.0, 0.0)
    """
    return (level or 0) / top


def share_of_end(day, end, months):
    """All when something ends from the day on within so many months, else nothing.

    >>> from datetime import date
    >>> day = date(2026, 1, 15)
    >>> share_of_end(day, date(2026, 7, 15), 6), share_of_end(day, date(2026, 7, 16), 6)
    (1.0, 0.0)
    >>> share_of_end(day, date(2026, 1, 15), 6), share_of_end(day, date(2026, 1, 14), 6)
    (1.0, 0.0)
    >>> share_of_end(day, None, 6)
    0.0
    """
    if not end:
        return 0.0
    return 1.0 if day <= end <= day + relativedelta(months=months) else 0.0


def get_verdict(score, qualify, nurture):
    """What a score means. A threshold belongs to the better side.

    >>> [get_verdict(score, 60, 40) for score in (60, 59.99, 40, 39.99)]
    ['qualified', 'nurture', 'nurture', 'rejected']
    """
    if score >= qualify:
        return "qualified"
    return "nurture" if score >= nurture else "rejected"


def add_working_days(day, count):
    """The day so many working days (Monday to Friday) later.

    >>> from datetime import date
    >>> str(add_working_days(date(2026, 1, 15), 3))  # from a Thursday
    '2026-01-20'
    >>> str(add_working_days(date(2026, 1, 17), 1))  # from a Saturday
    '2026-01-19'
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def choose_months(billed_months, day):
    """The months that say what a customer was worth when it left on this day.

    :param billed_months: first days of the months it was billed for
    :return: the set of its last three billed months, and the set of those within the
        twelve months up to the last one, both before the month of the day

    >>> from datetime import date
    >>> months = [date(2025, month, 1) for month in range(1, 13)]
    >>> quarter, year = choose_months(months, date(2025, 12, 31))
    >>> [month.month for month in sorted(quarter)], len(year)
    ([9, 10, 11], 11)
    >>> months = [date(2023, 5, 1), date(2025, 4, 1)]
    >>> quarter, year = choose_months(months, date(2025, 12, 1))
    >>> len(quarter), len(year)
    (2, 1)
    >>> choose_months([], date(2025, 12, 31))
    (set(), set())
    """
    before = sorted({month for month in billed_months if month < day.replace(day=1)})
    if not before:
        return set(), set()
    since = before[-1] - relativedelta(months=11)
    return set(before[-3:]), {month for month in before if month >= since}
