# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Chinese dates: festivals and birthdays by the lunar calendar, and solar terms.

Needs neither Odoo nor a database. The tables are those of Borax; its days are the ones
the Hong Kong Observatory publishes for 1901 to 2056.
"""

from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

FIRST_YEAR, LAST_YEAR = 1901, 2099
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 2, 19), date(LAST_YEAR, 12, 31)
TERMS = (
    ("lesser_cold", "小寒"),
    ("greater_cold", "大寒"),
    ("spring_begins", "立春"),
    ("rain_water", "雨水"),
    ("insects_awake", "惊蛰"),
    ("spring_equinox", "春分"),
    ("qingming", "清明"),
    ("grain_rain", "谷雨"),
    ("summer_begins", "立夏"),
    ("grain_full", "小满"),
    ("grain_in_ear", "芒种"),
    ("summer_solstice", "夏至"),
    ("lesser_heat", "小暑"),
    ("greater_heat", "大暑"),
    ("autumn_begins", "立秋"),
    ("heat_ends", "处暑"),
    ("white_dew", "白露"),
    ("autumn_equinox", "秋分"),
    ("cold_dew", "寒露"),
    ("frost", "霜降"),
    ("winter_begins", "立冬"),
    ("lesser_snow", "小雪"),
    ("greater_snow", "大雪"),
    ("winter_solstice", "冬至"),
)
TERM_NAMES = dict(TERMS)


def to_lunar(day):
    """(year, month, day, is in a leap month) of a day.

    >>> to_lunar(date(2026, 2, 17))
    (2026, 1, 1, False)
    >>> to_lunar(date(2034, 1, 1))
    (2033, 11, 11, True)
    """
    found = LunarDate.from_solar(day)
    return found.year, found.month, found.day, bool(found.leap)


def to_solar(year, month, day, leap=False):
    """The day of a lunar date, or None where the year has no such month or day.

    >>> to_solar(2033, 11, 1, leap=True)
    datetime.date(2033, 12, 22)
    >>> to_solar(2026, 2, 30) is None
    True
    """
    if leap and LCalendars.leap_month(year) != month:
        return None
    if not 1 <= day <= LCalendars.ndays(year, month, int(leap)):
        return None
    return LunarDate(year, month, day, int(leap)).to_solar_date()


def get_lunar_festival(year, month, day):
    """The day of a festival in a lunar year; days below zero count from the end.

    Festivals are kept in the plain month: a leap month has none. The Eve is the day
    before the next year begins, also where a leap month stands between.

    >>> get_lunar_festival(2025, 12, -1), get_lunar_festival(2026, 1, 1)
    (datetime.date(2026, 2, 16), datetime.date(2026, 2, 17))
    >>> get_lunar_festival(2025, 6, 6)
    datetime.date(2025, 6, 30)
    """
    if day > 0:
        return to_solar(year, month, day)
    if month == 12:
        after = to_solar(year + 1, 1, 1)
    else:
        after = to_solar(year, month, LCalendars.ndays(year, month)) + timedelta(days=1)
    return after + timedelta(days=day)


def get_term(year, code):
    """The day on which a solar term begins.

    >>> get_term(2026, "qingming")
    datetime.date(2026, 4, 5)
    """
    return TermUtils.nth_term_day(year, term_name=TERM_NAMES[code])


def is_covered(day):
    """Whether the tables reach a day."""
    return FIRST_DAY <= day <= LAST_DAY


def get_birthday(born, year):
    """The day on which somebody born on a day keeps the birthday of a lunar year.

    Who was born in a leap month keeps it in the plain month of that number, and who
    was born on the 30th of a month that has 29 days this year keeps it on the 29th.

    >>> get_birthday(date(1976, 10, 1), 2026)
    datetime.date(2026, 9, 18)
    """
    _year, month, day, _leap = to_lunar(born)
    return to_solar(year, month, min(day, LCalendars.ndays(year, month)))


@lru_cache(maxsize=2048)
def get_births(day):
    """All days of birth whose lunar birthday is kept on a day: a batch looks for them
    instead of converting everybody.

    >>> date(1976, 10, 1) in get_births(date(2026, 9, 18))
    True
    """
    if not is_covered(day):
        return ()
    year, month, number, leap = to_lunar(day)
    if leap:
        return ()
    numbers = [number]
    if number == 29 and LCalendars.ndays(year, month) == 29:
        numbers.append(30)
    found = (
        to_solar(born, month, one, is_leap)
        for born in range(FIRST_YEAR, year)
        for is_leap in (False, True)
        for one in numbers
    )
    return tuple(one for one in found if one)


def get_solar_births(day):
    """All days of birth or foundation whose anniversary is kept on a day; those of
    29 February on the 28th where the year has none.

    >>> [d.year for d in get_solar_births(date(2026, 2, 28)) if d.day == 29][-2:]
    [2020, 2024]
    """
    found = [date(year, day.month, day.day) for year in _years_like(day)]
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        found += [date(year, 2, 29) for year in range(1800, day.year) if _is_leap(year)]
    return tuple(found)


def _years_like(day):
    is_leap_day = (day.month, day.day) == (2, 29)
    return (y for y in range(1800, day.year) if not is_leap_day or _is_leap(y))


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
