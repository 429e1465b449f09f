# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestKeyAccountFestival(CareCommon):
    """The festival calendar is data, and its days come right (SVC-06)."""

    def _days(self, code, first, last):
        festival = self.env.ref(f"key_account_service.key_account_festival_{code}")
        days = festival._get_days(self._day(first), self._day(last))
        return [str(day) for day in days]

    def test_shipped_days(self):
        """Solar, lunar, the Eve, a solar term."""
        cases = {
            "new_year": ["2026-01-01"],
            "new_year_eve": ["2026-02-16"],
            "spring": ["2026-02-17"],
            "qingming": ["2026-04-05"],
            "dragon_boat": ["2026-06-19"],
            "mid_autumn": ["2026-09-25"],
            "double_ninth": ["2026-10-18"],
        }
        for code, days in cases.items():
            with self.subTest(code):
                self.assertEqual(self._days(code, "2026-01-01", "2026-12-31"), days)

    def test_twelfth_month_belongs_to_the_year_before(self):
        self.assertEqual(
            self._days("laba", "2026-01-01", "2027-12-31"), ["2026-01-26", "2027-01-15"]
        )

    def test_next_date(self):
        with freeze_time("2026-09-25"):
            self.mid_autumn.invalidate_recordset()
            self.assertEqual(str(self.mid_autumn.next_date), "2026-09-25")
        with freeze_time("2026-09-26"):
            self.mid_autumn.invalidate_recordset()
            self.assertEqual(str(self.mid_autumn.next_date), "2027-09-15")

    def test_impossible_days(self):
        festivals = self.env["key.account.festival"]
        for vals in (
            {"calendar": "solar", "month": 2, "day": 30},
            {"calendar": "solar", "month": 12, "day": -1},
            {"calendar": "lunar", "month": 13, "day": 1},
            {"calendar": "lunar", "month": 1, "day": 31},
            {"calendar": "lunar", "month": 1, "day": 0},
            {"calendar": "term"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                festivals.create({"name": "Never", "code": "T-NEVER", **vals})

    def test_private_calendar_of_a_person(self):
        """Whose the person is chooses the calendar on the contact's form (ORG-21)."""
        person = self._person("Li", "1976-10-01")
        shown = person.with_user(self.manager)
        self.assertEqual(shown.key_account_birthday_calendar, "solar")
        shown.key_account_birthday_calendar = "lunar"
        private = self.env["key.account.person"].search(
            [("partner_id", "=", person.id)]
        )
        self.assertEqual(private.birthday_calendar, "lunar")
        self.assertEqual(str(private._get_birthday(2026)), "2026-09-18")
        private.birthday_calendar = "solar"
        self.assertEqual(str(private._get_birthday(2026)), "2026-10-01")
