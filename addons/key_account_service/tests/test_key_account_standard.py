# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountStandard(ServiceCommon):
    """Service standards as versioned rules (SLA-01 to SLA-04, RULE-01, RULE-04)."""

    def _in_force(self, day="2026-01-15", unit=None):
        standards = self.env["key.account.standard"]
        return standards._get_in_force(day, unit, kind_id=self.fault.id, line_id=False)

    def test_the_default_catalogue(self):
        """Domain 2.8: base limits in hours, or in working days."""
        wanted = {
            "installation": 15 * 24,
            "relocation": 15 * 24,
            "fault": 24,
            "change": 24,
            "reconnect": 1,
            "bill_query": 4,
            "visit": 2 * 8,
            "answer": 15 / 3600,
            "complaint_feedback": 24,
            "complaint_close": 7 * 8,
        }
        for code, hours in wanted.items():
            name = f"key_account_service.key_account_standard_{code}"
            standard = self.env.ref(name)
            self.assertEqual(standard._get_seconds(None), round(hours * 3600), code)
            self.assertEqual(standard._get_seconds("gold"), round(hours * 1800), code)
            self.assertEqual(standard.phase, "in_force")
            self.assertEqual(
                (standard.warning_percent, standard.target_percent), (80, 95)
            )

    def test_many_are_found_in_one_query_as_one_by_one(self):
        """SLA-03: of the line before that of all lines, of the nearest unit, of the
        day; none where there is none."""
        standards = self.env["key.account.standard"].sudo()
        line = self.env["key.account.line"].search([], limit=1)
        for vals in (
            {"date_from": "2026-01-20", "limit": 12},
            {"date_from": "2026-01-18", "line_id": line.id},
            {
                "date_from": "2026-01-22",
                "unit_id": self.post.id,
                "limit": 10,
                "limit_ids": False,
            },
        ):
            version = self._in_force().copy(vals)
            version.action_propose()
            version.action_approve()
        nothing = self.env.ref(
            "key_account_service.key_account_term_request_kind_information"
        )
        asked = {
            (kind, whose, unit, date(2026, 1, day))
            for kind in (self.fault, nothing)
            for whose in (line, line.browse())
            for unit in (self.post_1, self.parcel, self.post_1.browse())
            for day in range(10, 28)
        }
        standards._find_all(asked)  # the tree of units is known from here on
        with self.assertQueryCount(1):
            found = standards._find_all(asked)
        self.assertEqual(found.keys(), asked)
        for (kind, whose, unit, day), standard in found.items():
            wanted = standards.browse()
            for line_id in (whose.id, False):
                wanted = wanted or standards._get_in_force(
                    day, unit, kind_id=kind.id, line_id=line_id
                )
            self.assertEqual(standard, wanted, (kind.code, whose.name, unit.name, day))
        self.assertGreater(len({one.id for one in found.values()}), 4)
        self.assertEqual(standards._find_all([]), {})

    def test_a_new_version_holds_for_what_is_accepted_from_its_day_on(self):
        before = self._request("2026-01-15 08:00:00")
        version = (
            self._in_force()
            .with_user(self.director)
            .copy({"date_from": "2026-01-20", "limit": 12})
        )
        version.action_propose()
        with self.assertRaises(UserError):
            version.action_approve()  # one's own
        version.sudo().action_approve()
        with freeze_time("2026-01-20 08:00:00"):
            old = self._request("2026-01-19 08:00:00")
            new = self._request("2026-01-20 08:00:00")
        self.assertEqual(old.date_due, datetime(2026, 1, 20, 8))
        self.assertEqual(new.date_due, datetime(2026, 1, 20, 20))
        self.assertEqual(before.date_due, datetime(2026, 1, 16, 8))
        self.assertEqual(self._in_force("2026-01-19").date_to, date(2026, 1, 19))

    def test_no_version_begins_before_what_was_accepted_by_the_one_before(self):
        self._request("2026-01-14 08:00:00")
        version = self._in_force().copy({"date_from": "2026-01-10", "limit": 12})
        self.assertIn("rests on the version before", version.problems)
        with self.assertRaises(UserError):
            version.action_approve()

    def test_a_company_is_stricter_within_the_limits(self):
        stricter = self._in_force().copy(
            {
                "date_from": "2026-01-16",
                "unit_id": self.post.id,
                "limit": 16,
                "limit_ids": False,
            }
        )
        stricter.action_approve()
        with freeze_time("2026-01-16 09:00:00"):
            ours = self._request("2026-01-16 08:00:00")
            theirs = self._request("2026-01-16 08:00:00", customer=self.far)
        self.assertEqual(ours.date_due, datetime(2026, 1, 17))
        self.assertEqual(theirs.date_due, datetime(2026, 1, 17, 8))
        looser = self._in_force().copy(
            {
                "date_from": "2026-01-16",
                "unit_id": self.parcel.id,
                "limit": 72,
                "limit_ids": False,
            }
        )
        with self.assertRaises(UserError):
            looser.action_approve()

    def test_the_grade_at_acceptance_stays(self):
        grades = self.env["key.account.grade"]
        standing = self.env["key.account.standing"].search(
            [("partner_id", "=", self.acme.id)]
        )
        standing.grade_id = grades.search([("code", "=", "gold")])
        request = self._request("2026-01-15 08:00:00")
        self.assertEqual(request.grade_code, "gold")
        self.assertEqual(request.date_due, datetime(2026, 1, 15, 20))
        standing.grade_id = grades.search([("code", "=", "diamond")])
        request._clock_refresh()
        self.assertEqual(request.date_due, datetime(2026, 1, 15, 20))
        later = self._request("2026-01-15 08:00:00")
        self.assertEqual(later.date_due, datetime(2026, 1, 15, 15, 12))

    def test_a_factor_for_an_unknown_grade_is_refused(self):
        version = self._in_force().copy({"date_from": "2026-01-20"})
        version.factor_ids = [Command.create({"grade_code": "Gold", "factor": 0.4})]
        self.assertIn("no grade with the code Gold", version.problems)
        with self.assertRaisesRegex(UserError, "dictionary of grades"):
            version.action_approve()

    def test_a_calendar_without_hours_is_refused(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        kind = self._term("request_kind", "other")
        standard = self.env["key.account.standard"].create(
            {"name": "Never", "kind_id": kind.id, "calendar_id": calendar.id}
        )
        self.assertIn("no working hours", standard.problems)
        with self.assertRaisesRegex(UserError, "no working hours"):
            standard.action_approve()

    def test_standards_travel_with_a_profile(self):
        """What is in force is written by codes, and comes back as a draft."""
        profiles = self.env["key.account.profile"]
        rows = profiles._collect(date(2026, 1, 15))["key.account.standard"]
        [row] = [row for row in rows if row["kind_id"] == "request_kind/fault"]
        self.assertEqual((row["limit"], row["limit_unit"]), (24.0, "hour"))
        self.assertEqual(
            {factor["grade_code"]: factor["factor"] for factor in row["factor_ids"]},
            {
                "diamond": 0.3,
                "gold": 0.5,
                "silver": 0.7,
                "A1": 0.3,
                "A2": 0.5,
                "B1": 0.7,
                "B2": 0.7,
            },
        )
        [closing] = [row for row in rows if row["kind_id"].endswith("/complaint_close")]
        self.assertEqual(closing["calendar_id"], "Working Days of the Service")
