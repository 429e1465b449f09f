# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The arithmetic of grading (domain 2.2) that needs no database.

Plain Python, so that a rule can be read, and tried, by itself.
"""

from dateutil.relativedelta import relativedelta


def parse_steps(text):
    """Points of tenure as [(years, points)], the longest first.

    >>> parse_steps("1:100 3:200 10:300")
    [(10, 300), (3, 200), (1, 100)]
    >>> parse_steps("")
    []
    >>> parse_steps("3:200 1:100")
    Traceback (most recent call last):
    ValueError: years must grow
    """
    steps = [tuple(map(int, step.split(":", 1))) for step in (text or "").split()]
    if any(years < 0 for years, _points in steps):
        raise ValueError("years must not be negative")
    years = [step[0] for step in steps]
    if years != sorted(set(years)):
        raise ValueError("years must grow")
    return steps[::-1]


def get_window(basis, day, month, months, days=0):
    """First and last day or month of a window, both included.

    :param basis: ``period`` (first days of months), ``year`` likewise, ``date`` (days)

    >>> from datetime import date
    >>> day, month = date(2011, 12, 9), date(2011, 11, 1)
    >>> [str(end) for end in get_window("period", day, month, 6)]
    ['2011-06-01', '2011-11-01']
    >>> [str(end) for end in get_window("date", day, month, 6)]
    ['2011-06-10', '2011-12-09']
    >>> [str(end) for end in get_window("date", day, month, 6, days=7)]
    ['2011-12-03', '2011-12-09']
    >>> [str(end) for end in get_window("year", day, month, 12)]
    ['2010-01-01', '2010-12-01']
    """
    if basis == "year":
        year = day.year - 1
        return day.replace(year=year, month=1, day=1), day.replace(
            year=year, month=12, day=1
        )
    if basis == "period":
        return month - relativedelta(months=months - 1), month
    back = relativedelta(days=days) if days else relativedelta(months=months)
    return day - back + relativedelta(days=1), day


def find_range_faults(ranges):
    """What is wrong with bounds, as (fault, index, index) of neighbours.

    :param ranges: [(lower, upper or 0)] from the lowest grade to the highest
    :return: ``order`` (a range without content, or not above the one of the lower
        grade), ``overlap``, ``gap``, ``open`` (no upper bound below another range)

    >>> find_range_faults([(0, 10), (10, 20), (20, 0)])
    []
    >>> find_range_faults([(0, 10), (12, 20)])
    [('gap', 0, 1)]
    >>> find_range_faults([(0, 15), (10, 0)])
    [('overlap', 0, 1)]
    >>> find_range_faults([(0, 0), (10, 20)])
    [('open', 0, 1)]
    >>> find_range_faults([(10, 20), (0, 10)])
    [('order', 0, 1)]
    >>> find_range_faults([(5, 5)])
    [('order', 0, 0)]
    """
    faults = [
        ("order", place, place)
        for place, (lower, upper) in enumerate(ranges)
        if upper and upper <= lower
    ]
    for place in range(1, len(ranges)):
        (lower_before, upper_before), (lower, _upper) = ranges[place - 1 : place + 1]
        if lower <= lower_before:
            faults.append(("order", place - 1, place))
        elif not upper_before:
            faults.append(("open", place - 1, place))
        elif upper_before > lower:
            faults.append(("overlap", place - 1, place))
        elif upper_before < lower:
            faults.append(("gap", place - 1, place))
    return faults
