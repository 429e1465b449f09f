# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .contact_common import CONTACT, NOW, ContactCommon

STANDING = "key.account.contact.standing"


@tagged("post_install", "-at_install")
class TestContactStanding(ContactCommon):
    """How fresh contacts are and when they are due (SVC-14, COL-08, domain 2.9)."""

    def _rule(self, *rows, **vals):
        """A contact rule in force since yesterday: (grade, kind, days[, whom])."""
        frequencies = [
            Command.create(
                {
                    "grade_code": grade,
                    "kind_id": kind.id if kind else False,
                    "days": days,
                    "whom": whom[0] if whom else "customer",
                }
            )
            for grade, kind, days, *whom in rows
        ]
        rule = self.env["key.account.contact.rule"].create(
            {
                "name": "Contacts",
                "date_from": "2026-03-01",
                "frequency_ids": frequencies,
                **vals,
            }
        )
        rule.action_approve()
        return rule

    def _refresh(self):
        return self.env[STANDING]._refresh()

    @freeze_time(NOW)
    def test_the_shipped_rule_follows_domain_2_9(self):
        """Visits twice a month for A1, once a quarter for B, calls twice as often."""
        rule = self.env.ref("key_account_service.key_account_contact_rule_default")
        days = {
            (row.grade_code, row.kind_id.code or row.whom): row.days
            for row in rule.frequency_ids
        }
        self.assertEqual(rule.phase, "in_force")
        for grade, visit, call, person in (
            ("A1", 15, 7, 30),
            ("diamond", 15, 7, 30),
            ("A2", 30, 15, 60),
            ("gold", 30, 15, 60),
            ("B1", 91, 45, 60),
            ("silver", 91, 45, 60),
            ("C", 182, 91, 90),
        ):
            with self.subTest(grade=grade):
                self.assertEqual(days[grade, "visit"], visit)
                self.assertEqual(days[grade, "call"], call)
                self.assertEqual(days[grade, "person"], person)

    @freeze_time(NOW)
    def test_what_runs_out_first_is_due(self):
        self._rule(("A1", self.visit, 15), ("A1", self.call, 7))
        self._refresh()
        standing = self._standing()
        self.assertDay(standing.date_due, "2026-03-08")  # a key customer since the 1st
        self.assertEqual(standing.due_kind_id, self.call)
        self.assertTrue(standing.is_overdue)
        self.assertEqual(standing.days_over, 2)
        self._contact("2026-03-10 07:00:00")
        self.assertDay(standing.date_due, "2026-03-16")
        self.assertEqual(standing.due_kind_id, self.visit)
        self._contact("2026-03-09 07:00:00", kind_id=self.visit.id)
        self.assertDay(standing.date_due, "2026-03-17")
        self.assertDay(standing.date_last, "2026-03-10")

    @freeze_time(NOW)
    def test_backdated_corrected_and_deleted_contacts(self):
        standing = self._standing()
        late = self._contact("2026-03-09 08:00:00")
        self.assertDay(standing.date_last, "2026-03-09")
        self._contact("2026-03-02 08:00:00")
        self.assertDay(standing.date_last, "2026-03-09")
        self.assertEqual(standing.last_id, late)
        late.date = "2026-03-01 08:00:00"
        self.assertDay(standing.date_last, "2026-03-02")
        planned = self._contact("2026-03-11 08:00:00")
        self.assertEqual(standing.date_next, planned.date)
        planned.sudo().unlink()
        self.assertFalse(standing.date_next)

    @freeze_time(NOW)
    def test_a_day_is_that_of_the_place(self):
        """23:00 in Shanghai on the 9th is 15:00 UTC; 01:00 on the 10th is 17:00."""
        for date, day in (
            ("2026-03-09 15:00:00", "2026-03-09"),
            ("2026-03-09 17:00:00", "2026-03-10"),
        ):
            self._contact(date)
            self.assertDay(self._standing().date_last, day)

    @freeze_time(NOW)
    def test_each_side_sees_the_freshness_of_what_it_may_open(self):
        """The line of another unit has a row of its own; important contacts count in
        both (COL-08)."""
        home, line = self._standing(), self._standing(line=self.express)
        self._contact("2026-03-03 08:00:00")
        self._contact(
            "2026-03-04 08:00:00", user=self.manager_b, line_id=self.express.id
        )
        self.assertDay(home.date_last, "2026-03-03")
        self.assertDay(line.date_last, "2026-03-04")
        self.assertFalse(line.date_due, "the file's unit owes the contacts")
        mine = line.with_user(self.manager_b)
        self.assertEqual(mine.search([("partner_id", "=", self.acme.id)]), line)
        self._contact("2026-03-05 08:00:00", is_important=True)
        self.assertDay(line.date_last, "2026-03-05")
        self._rule(("A1", None, 10), is_for_lines=True)
        self._refresh()
        self.assertDay(line.date_due, "2026-03-15")

    @freeze_time(NOW)
    def test_key_persons_have_a_freshness_of_their_own(self):
        self._rule(("A1", None, 30), ("A1", None, 20, "person"))
        self._refresh()
        boss = self._standing(person=self.boss)
        self.assertDay(boss.date_due, "2026-03-21")
        self._contact("2026-03-05 08:00:00")
        self.assertFalse(boss.date_last, "he was not met")
        self._contact("2026-03-04 08:00:00", person_ids=self.boss.ids)
        self.assertDay(boss.date_last, "2026-03-04")
        self.assertDay(boss.date_due, "2026-03-24")
        self.assertDay(self._standing().date_last, "2026-03-05")

    @freeze_time(NOW)
    def test_nothing_is_owed_to_who_left_or_has_no_grade(self):
        self._rule(("A1", None, 10))
        self.assertFalse(self._standing(self.far).date_due)
        self._refresh()
        self.assertTrue(self._standing().date_due)
        self.acme.key_account_state = "churned"
        self._refresh()
        self.assertFalse(self._standing().date_due)

    @freeze_time(NOW)
    def test_lists_find_what_their_filters_say(self):
        self._rule(("A1", None, 10))
        self._refresh()
        far = self._standing(self.far)
        standings = self.env[STANDING].search([("person_id", "=", False)])
        for value in (True, False):
            found = standings.search(
                [("id", "in", standings.ids), ("is_overdue", "=", value)]
            )
            self.assertEqual(
                found, standings.filtered(lambda row, v=value: row.is_overdue == v)
            )
        self._contact("2026-01-20 08:00:00", customer=self.far, user=self.manager_b)
        partners = self.env["res.partner"].with_user(self.director)
        views = {
            name: partners.search(self._get_filter(name)) & (self.acme | self.far)
            for name in ("contact_overdue", "no_contact_30", "no_contact_60")
        }
        self.assertFalse(views["contact_overdue"])
        self.assertEqual(views["no_contact_30"], self.acme | self.far)
        self.assertEqual(views["no_contact_60"], self.acme)
        with freeze_time("2026-03-12 08:00:00"):
            self.env.invalidate_all()
            late = partners.search(self._get_filter("contact_overdue"))
            self.assertEqual(late & (self.acme | self.far), self.acme)
        self.assertDay(far.date_last, "2026-01-20")

    def _get_filter(self, name):
        """The domain of a filter of the customers' search view."""
        view = self.env.ref("key_account_crm.res_partner_view_search_key_account")
        partners = self.env["res.partner"].with_user(self.director)
        arch = etree.fromstring(partners.get_view(view.id, "search")["arch"])
        [element] = arch.xpath(f"//filter[@name='{name}']")
        return safe_eval(element.get("domain"))

    # ---- reminders ---------------------------------------------------------------

    def _reminders(self, customer=None):
        kind = self.env.ref("key_account_service.mail_activity_type_contact")
        return (customer or self.acme).activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _run_cron(self, at):
        cron = self.env.ref("key_account_service.ir_cron_contact_due")
        with freeze_time(at), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_managers_are_reminded_ahead_and_never_twice(self):
        """Domain 2.13: lead times; one activity for one due day."""
        with freeze_time(NOW):
            self._rule(("A1", None, 14), lead_days=3)
        self._run_cron("2026-03-11 06:00:00")
        self.assertFalse(self._reminders(), "due on the 15th")
        for _twice in range(2):
            self._run_cron("2026-03-12 06:00:00")
        reminder = self._reminders()
        self.assertRecordValues(
            reminder,
            [{"user_id": self.manager.id, "summary": "A contact is due"}],
        )
        self.assertDay(reminder.date_deadline, "2026-03-15")
        reminder.unlink()
        self._run_cron("2026-03-13 06:00:00")
        self.assertFalse(self._reminders(), "he said he knows")

    def test_a_contact_ends_its_reminder(self):
        with freeze_time(NOW):
            self._rule(("A1", None, 8), lead_days=3)
        self._run_cron("2026-03-10 06:00:00")
        self.assertEqual(len(self._reminders()), 1)
        self._contact("2026-03-10 07:00:00")
        self.assertFalse(self._reminders())

    # ---- the rule ------------------------------------------------------------------

    @freeze_time(NOW)
    def test_a_dry_run_says_who_would_be_due_when(self):
        """GRD-17: nothing changes, the rows are those of the reader."""
        self._rule(("A1", None, 20))
        self._refresh()
        before = self._standing().date_due
        draft = self.env["key.account.contact.rule"].create(
            {
                "name": "Oftener",
                "date_from": "2026-04-01",
                "frequency_ids": [
                    Command.create({"grade_code": "A1", "days": 10}),
                ],
            }
        )
        action = draft.with_user(self.director).action_try()
        trial = self.env["key.account.rule.trial"].browse(action["res_id"])
        row = trial.with_user(self.manager).line_ids
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": self.acme.id,
                    "before": "2026-03-21",
                    "after": "2026-03-11",
                    "direction": "up",
                }
            ],
        )
        self.assertEqual(self._standing().date_due, before)

    @freeze_time(NOW)
    def test_a_unit_overrides_inside_the_limits(self):
        """The shipped rule lets units halve or raise the days by half."""
        rules = self.env["key.account.contact.rule"]
        central = self.env.ref("key_account_service.key_account_contact_rule_default")
        own = central.copy(
            {"unit_id": self.post.id, "date_from": "2026-03-10", "limit_ids": False}
        )
        visit = own.frequency_ids.filtered(
            lambda row: row.grade_code == "A1" and row.kind_id == self.visit
        )
        visit.days = 60
        with self.assertRaisesRegex(UserError, "7.5 to 22.5"):
            own.action_approve()
        visit.days = 8
        own.action_approve()
        self.assertEqual(rules._get_in_force("2026-03-10", self.post_1), own)
        self._refresh()
        self._contact("2026-03-10 07:00:00")
        self.assertEqual(self._standing().rule_id, own)

    # ---- the figures are always those of a rebuild -----------------------------------

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(("log", "plan", "done", "cancel", "move", "mark")),
                st.integers(0, 40),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    def test_rows_are_those_of_a_rebuild(self, steps):
        """Whatever happens in whatever order, a rebuild changes nothing."""
        with freeze_time(NOW), self.env.cr.savepoint() as savepoint:
            events = self.env[CONTACT]
            for step, days, flag in steps:
                events |= self._take(events, step, days, flag)
            self.assertEqual(self._refresh(), 0)
            months = self.env["key.account.month"]
            kept = self._months()
            months._refresh()
            self.assertEqual(self._months(), kept)
            savepoint.rollback()
        self.env.invalidate_all()

    def _take(self, events, step, days, flag):
        past = self.at(NOW) - timedelta(days=days, hours=1)
        person = self.boss.ids if flag else []
        if step == "log":
            return self._contact(past, person_ids=person)
        if step == "plan":
            return self._contact(self.at(NOW) + timedelta(days=days + 1))
        if not events:
            return events
        event = events[days % len(events)]
        if step == "done" and event.state != "done":
            event.action_done()
        elif step == "cancel" and event.state in ("planned", "missed"):
            event.action_cancel()
        elif step == "move" and event.state == "done":
            event.date = past
        elif step == "mark":
            event.is_important = flag
        return event
