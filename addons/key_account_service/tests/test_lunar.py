# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import lunar

# Spring Festival, Qingming, Dragon Boat, Mid-Autumn and Double Ninth, 1990 to 2050, as
# published by the Hong Kong Observatory: "Gregorian-Lunar Calendar Conversion Table",
# https://www.hko.gov.hk/en/gts/time/conversion.htm (a text file for each year).
PUBLISHED = """
1990 01-27 04-05 05-28 10-03 10-26
1991 02-15 04-05 06-16 09-22 10-16
1992 02-04 04-04 06-05 09-11 10-04
1993 01-23 04-05 06-24 09-30 10-23
1994 02-10 04-05 06-13 09-20 10-13
1995 01-31 04-05 06-02 09-09 11-01
1996 02-19 04-04 06-20 09-27 10-20
1997 02-07 04-05 06-09 09-16 10-10
1998 01-28 04-05 05-30 10-05 10-28
1999 02-16 04-05 06-18 09-24 10-17
2000 02-05 04-04 06-06 09-12 10-06
2001 01-24 04-05 06-25 10-01 10-25
2002 02-12 04-05 06-15 09-21 10-14
2003 02-01 04-05 06-04 09-11 10-04
2004 01-22 04-04 06-22 09-28 10-22
2005 02-09 04-05 06-11 09-18 10-11
2006 01-29 04-05 05-31 10-06 10-30
2007 02-18 04-05 06-19 09-25 10-19
2008 02-07 04-04 06-08 09-14 10-07
2009 01-26 04-04 05-28 10-03 10-26
2010 02-14 04-05 06-16 09-22 10-16
2011 02-03 04-05 06-06 09-12 10-05
2012 01-23 04-04 06-23 09-30 10-23
2013 02-10 04-04 06-12 09-19 10-13
2014 01-31 04-05 06-02 09-08 10-02
2015 02-19 04-05 06-20 09-27 10-21
2016 02-08 04-04 06-09 09-15 10-09
2017 01-28 04-04 05-30 10-04 10-28
2018 02-16 04-05 06-18 09-24 10-17
2019 02-05 04-05 06-07 09-13 10-07
2020 01-25 04-04 06-25 10-01 10-25
2021 02-12 04-04 06-14 09-21 10-14
2022 02-01 04-05 06-03 09-10 10-04
2023 01-22 04-05 06-22 09-29 10-23
2024 02-10 04-04 06-10 09-17 10-11
2025 01-29 04-04 05-31 10-06 10-29
2026 02-17 04-05 06-19 09-25 10-18
2027 02-06 04-05 06-09 09-15 10-08
2028 01-26 04-04 05-28 10-03 10-26
2029 02-13 04-04 06-16 09-22 10-16
2030 02-03 04-05 06-05 09-12 10-05
2031 01-23 04-05 06-24 10-01 10-24
2032 02-11 04-04 06-12 09-19 10-12
2033 01-31 04-04 06-01 09-08 10-01
2034 02-19 04-05 06-20 09-27 10-20
2035 02-08 04-05 06-10 09-16 10-09
2036 01-28 04-04 05-30 10-04 10-27
2037 02-15 04-04 06-18 09-24 10-17
2038 02-04 04-05 06-07 09-13 10-07
2039 01-24 04-05 05-27 10-02 10-26
2040 02-12 04-04 06-14 09-20 10-14
2041 02-01 04-04 06-03 09-10 10-03
2042 01-22 04-04 06-22 09-28 10-22
2043 02-10 04-05 06-11 09-17 10-11
2044 01-30 04-04 05-31 10-05 10-29
2045 02-17 04-04 06-19 09-25 10-18
2046 02-06 04-04 06-08 09-15 10-08
2047 01-26 04-05 05-29 10-04 10-27
2048 02-14 04-04 06-15 09-22 10-16
2049 02-02 04-04 06-04 09-11 10-05
2050 01-23 04-04 06-23 09-30 10-24
"""
FESTIVALS = ((1, 1), None, (5, 5), (8, 15), (9, 9))
# Lunar years of the same table with a leap month, and which one it is.
LEAP_MONTHS = {
    1990: 5,
    1993: 3,
    1995: 8,
    1998: 5,
    2001: 4,
    2004: 2,
    2006: 7,
    2009: 5,
    2012: 4,
    2014: 9,
    2017: 6,
    2020: 4,
    2023: 2,
    2025: 6,
    2028: 5,
    2031: 3,
    2033: 11,
    2036: 6,
    2039: 5,
    2042: 2,
    2044: 7,
    2047: 5,
    2050: 3,
}


def published():
    """(year, days of that year in the order of FESTIVALS)."""
    for line in PUBLISHED.strip().splitlines():
        year, *days = line.split()
        yield int(year), [date.fromisoformat(f"{year}-{day}") for day in days]


@tagged("post_install", "-at_install")
class TestLunar(BaseCase):
    """Lunar festivals come right (SVC-06): against published dates."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(lunar).failed)

    def test_published_dates(self):
        seen = 0
        for year, days in published():
            for festival, day in zip(FESTIVALS, days, strict=True):
                with self.subTest(year=year, festival=festival):
                    if festival:
                        found = lunar.get_lunar_festival(year, *festival)
                    else:
                        found = lunar.get_term(year, "qingming")
                    self.assertEqual(found, day)
                    seen += 1
        self.assertEqual(seen, 61 * 5)

    def test_eve_is_the_day_before_the_spring_festival(self):
        """除夕 is the 29th or the 30th, also after a leap eleventh month (2033)."""
        lengths = set()
        for year, days in published():
            eve = lunar.get_lunar_festival(year - 1, 12, -1)
            self.assertEqual(eve, days[0] - timedelta(days=1))
            lengths.add(lunar.to_lunar(eve)[2])
        self.assertEqual(lengths, {29, 30})

    def test_leap_months(self):
        """The leap months of the published table, 2033's eleventh among them."""
        for year in range(1990, 2051):
            found = [
                month for month in range(1, 13) if lunar.to_solar(year, month, 1, True)
            ]
            self.assertEqual(found, [LEAP_MONTHS[year]] if year in LEAP_MONTHS else [])
        self.assertEqual(lunar.to_solar(2033, 11, 1, True), date(2033, 12, 22))

    def test_birthday_of_a_leap_month_and_of_a_thirtieth(self):
        """Kept in the plain month, and on the 29th where the month is short."""
        born = lunar.to_solar(2020, 4, 10, True)
        self.assertEqual(lunar.get_birthday(born, 2026), lunar.to_solar(2026, 4, 10))
        thirtieth = lunar.to_solar(2025, 1, 30)
        self.assertEqual(thirtieth, date(2025, 2, 27))
        kept = [lunar.to_lunar(lunar.get_birthday(thirtieth, y)) for y in (2026, 2030)]
        self.assertEqual(kept, [(2026, 1, 30, False), (2030, 1, 29, False)])

    @given(st.dates(lunar.FIRST_DAY, date(2090, 1, 1)))
    @settings(max_examples=200, deadline=None)
    def test_there_and_back(self, day):
        """A day and its lunar date say the same."""
        self.assertEqual(lunar.to_solar(*lunar.to_lunar(day)), day)

    @given(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.integers(2011, 2056))
    @settings(max_examples=200, deadline=None)
    def test_births_are_the_inverse_of_birthdays(self, born, year):
        """The batch, which looks for days of birth, finds what one birthday says."""
        day = lunar.get_birthday(born, year)
        self.assertIn(born, lunar.get_births(day))
        for other in (day - timedelta(days=1), day + timedelta(days=1)):
            self.assertNotIn(born, lunar.get_births(other))

    @given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(2021, 2056))
    @settings(max_examples=200, deadline=None)
    def test_solar_births(self, born, year):
        """Once a year, on the 28th for who was born on 29 February."""
        try:
            day = born.replace(year=year)
        except ValueError:
            day = date(year, 2, 28)
        self.assertIn(born, lunar.get_solar_births(day))
        self.assertNotIn(born, lunar.get_solar_births(day + timedelta(days=1)))
