# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import itertools

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .care_common import CareCommon

# What would tell on which day an act of care is due, was done or was entered.
SECRET = {
    "date_planned": "2026-01-15",
    "date_done": "2026-01-15",
    "date_occasion": "2026-01-15",
    "create_date": "2026-01-12 08:00:00",
    "write_date": "2026-01-12 08:00:00",
    "run_id": 1,
    "occasion_key": "2026-01-15",
    "activity_state": "today",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-01-12 08:00:00")
class TestKeyAccountCareDay(CareCommon):
    """The day of a birthday is known to who serves the customer (ORG-21, SVC-06)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._plan("birthday", means="call")
        cls.person = cls._person("Li Na", "1980-01-15")
        run = cls._run("2026-01-12", "2026-01-20")
        run.action_confirm()
        cls.care = cls._cares(run)
        cls.care.message_post(body="Called today")
        cls.other = cls._care(date="2026-01-15", user_id=cls.manager.id)
        cls.strangers = cls.office | cls.finance | cls.agent
        cls.servants = cls.manager | cls.head | cls.company | cls.director

    def _as(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["key.account.care"].with_user(user)

    def test_the_month_is_shown_and_searched(self):
        self.assertEqual(self.care.date_planned, self._day("2026-01-15"))
        for user in self.strangers:
            care = self._as(user).browse(self.care.id)
            self.assertEqual(care.date_shown, self._day("2026-01-01"))
            found = self._as(user).search([("date_shown", "=", "2026-01-01")])
            self.assertIn(care, found)
            self.assertNotIn(
                care, self._as(user).search([("date_shown", ">=", "2026-01-02")])
            )
            self.assertEqual(
                self._as(user).browse(self.other.id).date_shown, self._day("2026-01-15")
            )

    def test_who_serves_sees_the_day(self):
        for user in self.servants:
            care = self._as(user).browse(self.care.id)
            self.assertEqual(care.date_planned, self._day("2026-01-15"))
            self.assertIn(
                care, self._as(user).search([("date_planned", "=", "2026-01-15")])
            )

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_no_way_around(self):
        """Neither read, searched, sorted, grouped, summed nor exported."""
        ways = {
            "read": lambda cares, name: cares.browse(self.care.id).read([name]),
            "search": lambda cares, name: cares.search([(name, "=", SECRET[name])]),
            "sort": lambda cares, name: cares.search([], order=f"{name} desc"),
            "group": lambda cares, name: cares._read_group([], [name], ["__count"]),
            "sum": lambda cares, name: cares._read_group([], [], [f"{name}:max"]),
            "export": lambda cares, name: cares.browse(self.care.id).export_data(
                [name]
            ),
        }
        for user, name, way in itertools.product(self.strangers, SECRET, ways):
            if (name, way) == ("activity_state", "search"):
                continue  # see below
            with self.assertRaises(UserError, msg=f"{user.login} {name} {way}"):
                ways[way](self._as(user), name)

    def test_no_reminder_and_no_message_tells(self):
        self.assertEqual(self.care.activity_ids.date_deadline, self._day("2026-01-15"))
        self.assertTrue(self.care.message_ids)
        for user in self.strangers:
            with self.subTest(user=user.login):
                cares = self._as(user)
                care = cares.browse(self.care.id)
                for name in ("activity_ids.date_deadline", "message_ids.date"):
                    found = cares.search([(name, ">", "2020-01-01")])
                    self.assertNotIn(care, found, name)
                self.assertNotIn(
                    care,
                    cares.search([("activity_date_deadline", "=", "2026-01-15")]),
                )
                found = cares.search([("activity_state", "=", "planned")])
                self.assertNotIn(care, found)
                self.assertFalse(care.activity_date_deadline)
                self.assertFalse(care.activity_ids)
                self.assertFalse(care.message_ids)
                for model in ("mail.activity", "mail.message"):
                    key = "model" if model == "mail.message" else "res_model"
                    domain = [(key, "=", care._name), ("res_id", "=", care.id)]
                    self.assertFalse(cares.env[model].search(domain), model)
        self.assertTrue(self._as(self.head).browse(self.care.id).message_ids)

    def test_late_is_said_when_the_month_is_over(self):
        for day, knows, others in (
            ("2026-01-15", False, False),
            ("2026-01-16", True, False),
            ("2026-01-31", True, False),
            ("2026-02-01", True, True),
        ):
            with freeze_time(f"{day} 08:00:00"):
                for users, late in ((self.servants, knows), (self.strangers, others)):
                    for user in users:
                        cares = self._as(user)
                        care = cares.browse(self.care.id)
                        found = care in cares.search([("is_late", "=", True)])
                        self.assertEqual((care.is_late, found), (late, late), day)
                        other = cares.browse(self.other.id)
                        self.assertEqual(other.is_late, day > "2026-01-15")

    def test_reports_say_the_month(self):
        with freeze_time("2026-01-15 08:00:00"):
            self.care._finish()
            self.other._finish()
        self.env.flush_all()
        for user, day in (
            *((user, "2026-01-01") for user in self.office | self.agent),
            *((user, "2026-01-15") for user in self.servants),
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                rows = self.env["key.account.timeline"].with_user(user)
                rows = rows.search(
                    [("partner_id", "=", self.acme.id), ("kind", "=", "care")]
                )
                by_id = {row.res_id: str(row.date) for row in rows}
                self.assertEqual(by_id[self.care.id], day)
                self.assertEqual(by_id[self.other.id], "2026-01-15")
                events = self.env["key.account.service.event"].with_user(user)
                events = events.search([("source", "=", "care")])
                by_id = {event.res_id: str(event.day) for event in events}
                self.assertEqual(by_id[self.care.id], day)
        # Whoever reads it, the month is the same.
        self.assertEqual(self.care.date_done.month, self.care.date_shown.month)

    def test_lists_are_for_who_serves(self):
        for user in self.strangers:
            for model in ("key.account.care.run", "key.account.care.proposal"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_agent_plans_care_and_greets_whom_he_is_told_to(self):
        """SVC-12: the care team of the call centre."""
        form = Form(self.env["key.account.care"].with_user(self.agent))
        form.name = "Call"
        form.partner_id = self.acme
        form.date_shown = "2026-01-20"
        care = form.save()
        self.assertEqual(care.sudo().date_planned, self._day("2026-01-20"))
        self.assertEqual(
            care.sudo().activity_ids.date_deadline, self._day("2026-01-20")
        )
        care.date_shown = "2026-01-21"
        self.assertEqual(care.sudo().date_planned, self._day("2026-01-21"))
        care._finish(date=self._day("2026-01-12"), outcome="Glad")
        self.assertEqual(care.date_shown, self._day("2026-01-12"))
        birthday = self.care.with_user(self.agent)
        with self.assertRaises(AccessError):
            birthday._finish(outcome="Glad")
        birthday.sudo().user_id = self.agent
        activity = self.env["mail.activity"].with_user(self.agent)
        mine = activity.search([("user_id", "=", self.agent.id)])
        self.assertIn(self._day("2026-01-15"), mine.mapped("date_deadline"))
        birthday._finish(outcome="Glad")
        self.assertEqual(birthday.date_shown, self._day("2026-01-01"))

    def test_the_calendar_goes_by_what_is_shown(self):
        for user, name in ((self.manager, "date_planned"), (self.office, "date_shown")):
            view = self._as(user).get_view(view_type="calendar")
            self.assertIn(f'date_start="{name}"', view["arch"])
            for kind in ("list", "form", "kanban", "search", "activity", "pivot"):
                self._as(user).get_view(view_type=kind)
