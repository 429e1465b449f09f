# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from markupsafe import Markup

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users, warmup

from .contact_common import CONTACT, NOW, ContactCommon

# Statements of a call that is logged by two taps, flushed.
QUERIES = 32


@tagged("post_install", "-at_install")
class TestContactEvent(ContactCommon):
    """Contacts planned and logged, and who reads them (COL-04, COL-08, SVC-14)."""

    @freeze_time(NOW)
    def test_two_taps_log_a_call_that_took_place_now(self):
        """The customer's form calls one method with a kind."""
        events = self.env[CONTACT].with_user(self.manager)
        logged = events.log(self.acme.id, self.call.id)
        event = events.browse(logged["id"])
        self.assertRecordValues(
            event,
            [
                {
                    "state": "done",
                    "kind_id": self.call.id,
                    "user_id": self.manager.id,
                    "manager_id": self.manager.id,
                    "unit_id": self.post_1.id,
                    "date": self.at(NOW),
                }
            ],
        )
        self.assertDay(self._standing().date_last, "2026-03-10")

    @users("ka_manager")
    @warmup
    @freeze_time(NOW)
    def test_logging_takes_few_queries(self):
        """Two taps on a phone: the number of statements is known."""
        events = self.env[CONTACT]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(ka_manager=QUERIES):
            events.log(self.acme.id, self.call.id)
            self.env.flush_all()

    @freeze_time(NOW)
    def test_what_is_to_come_is_planned_and_the_past_is_logged(self):
        cases = (("2026-03-11 08:00:00", "planned"), ("2026-03-09 08:00:00", "done"))
        for date, state in cases:
            with self.subTest(date=date):
                self.assertEqual(self._contact(date).state, state)

    def test_what_is_to_come_has_not_taken_place(self):
        with self.assertRaisesRegex(ValidationError, "not to come"):
            self._contact("2026-03-11 08:00:00", state="done")

    def test_a_planned_contact_moves_on_by_its_buttons(self):
        event = self._contact("2026-03-11 08:00:00")
        with self.assertRaisesRegex(UserError, "buttons"):
            event.state = "done"
        with freeze_time(NOW):
            event.action_miss()
            self.assertEqual(event.state, "missed")
            event.action_plan()
            self.assertEqual(event.state, "planned")
            event.action_done()
        self.assertEqual(event.state, "done")
        self.assertEqual(event.date, self.at(NOW), "it took place when it was logged")
        self.assertEqual(event.date_planned, self.at("2026-03-11 08:00:00"))
        with self.assertRaisesRegex(UserError, "is “Done”"):
            event.action_cancel()

    def test_the_next_step_is_planned_once(self):
        event = self._contact(
            next_date="2026-03-20 01:00:00",
            next_subject="Sign",
            person_ids=self.boss.ids,
        )
        following = event.next_ids
        self.assertRecordValues(
            following,
            [
                {
                    "state": "planned",
                    "subject": "Sign",
                    "date": self.at("2026-03-20 01:00:00"),
                    "partner_id": self.acme.id,
                    "person_ids": self.boss.ids,
                }
            ],
        )
        event._plan_next()
        self.assertEqual(event.next_ids, following)
        self.assertEqual(self._standing().date_next, following.date)

    @freeze_time(NOW)
    def test_what_did_not_take_place_was_missed(self):
        event = self._contact("2026-03-11 08:00:00")
        with freeze_time("2026-03-12 12:00:00"):
            self.env[CONTACT]._cron_miss()
            self.assertEqual(event.state, "planned", "there is a day to log it")
        with freeze_time("2026-03-13 12:00:00"):
            for _twice in range(2):
                self.env[CONTACT]._cron_miss()
            self.assertEqual(event.state, "missed")

    def test_key_persons_are_contacts_of_the_customer(self):
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "parent_id": self.far.id}
        )
        with self.assertRaisesRegex(ValidationError, "no contact of Acme"):
            self._contact(person_ids=stranger.ids)

    def test_the_past_stays_on_record(self):
        event = self._contact().sudo()
        with self.assertRaisesRegex(UserError, "stays on record"):
            event.unlink()

    # ---- who reads it ---------------------------------------------------------

    def _sees(self, event, user):
        self.env.invalidate_all()
        return event.with_user(user).search_count([("id", "=", event.id)]) == 1

    def test_an_ordinary_contact_is_read_where_the_customer_is_served(self):
        event = self._contact().sudo()
        readers = {
            self.manager: True,
            self.head: True,
            self.company: True,
            self.director: True,
            self.agent: True,
            self.colleague: False,
            self.manager_b: False,
            self.head_b: False,
            self.admin: False,
        }
        found = {
            user: self._sees(event, user) for user in readers if user != self.admin
        }
        del readers[self.admin]
        self.assertEqual(found, readers)

    def test_an_important_contact_is_reported_to_all_who_serve_the_customer(self):
        """COL-08: nobody keeps it to himself, on whichever side it was made."""
        home = self._contact(is_important=True).sudo()
        line = self._contact(
            user=self.manager_b, line_id=self.express.id, is_important=True
        ).sudo()
        for event in (home, line):
            for user in (self.manager, self.head, self.manager_b, self.head_b):
                with self.subTest(event=event.unit_id.code, user=user.login):
                    self.assertTrue(self._sees(event, user))
            self.assertFalse(self._sees(event, self.manager_2))
            self.assertFalse(self._sees(event, self.colleague))
        home.with_user(self.manager).is_important = False
        self.assertFalse(self._sees(home, self.manager_b))

    def test_who_reads_an_important_contact_does_not_change_it(self):
        event = self._contact(is_important=True)
        with self.assertRaises(AccessError):
            event.with_user(self.manager_b).result = "Mine"

    def test_reading_follows_the_assignment(self):
        event = self._contact().sudo()
        important = self._contact(is_important=True).sudo()
        self.acme.write(
            {
                "key_account_unit_id": self.post_2.id,
                "key_account_manager_id": self.manager_2.id,
            }
        )
        for one in (event, important):
            self.assertTrue(self._sees(one, self.manager_2))
            self.assertFalse(self._sees(one, self.head))

    def test_a_contact_is_logged_with_customers_one_serves(self):
        with self.assertRaises(AccessError):
            self._contact(customer=self.far)
        with self.assertRaises(AccessError):
            self._contact(user=self.manager_b, is_important=True)
        self.assertTrue(self._contact(user=self.agent))
        self.assertTrue(self._contact(user=self.manager_b, line_id=self.express.id))

    # ---- the calendar -----------------------------------------------------------

    def test_a_planned_contact_stands_in_the_calendar_and_writes_to_nobody(self):
        mails = self.env["mail.mail"].search_count([])
        event = self._contact(
            "2026-03-11 08:00:00",
            duration=2,
            place="Their office",
            subject="Renewal",
            person_ids=self.boss.ids,
        )
        meeting = event.sudo().calendar_event_id
        self.assertRecordValues(
            meeting,
            [
                {
                    "start": self.at("2026-03-11 08:00:00"),
                    "stop": self.at("2026-03-11 10:00:00"),
                    "location": "Their office",
                    "user_id": self.manager.id,
                    "privacy": "private",
                }
            ],
        )
        self.assertEqual(
            meeting.partner_ids, self.manager.partner_id | self.boss, "attendees"
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.env.invalidate_all()
        self.assertEqual(meeting.with_user(self.manager_b).name, "Busy")

    def test_contact_and_meeting_move_together(self):
        event = self._contact("2026-03-11 08:00:00", duration=1)
        meeting = event.sudo().calendar_event_id.with_user(self.manager)
        with freeze_time(NOW):
            event.date = "2026-03-12 09:00:00"
            self.assertEqual(meeting.start, self.at("2026-03-12 09:00:00"))
            meeting.with_context(skip_attendee_notification=True).write(
                {"start": "2026-03-13 09:00:00", "stop": "2026-03-13 12:00:00"}
            )
        self.assertRecordValues(
            event,
            [
                {
                    "date": self.at("2026-03-13 09:00:00"),
                    "date_planned": self.at("2026-03-13 09:00:00"),
                    "duration": 3,
                }
            ],
        )

    def test_a_cancelled_meeting_cancels_the_contact_and_back(self):
        with freeze_time(NOW):
            archived = self._contact("2026-03-11 08:00:00")
            archived.sudo().calendar_event_id.action_archive()
            self.assertEqual(archived.state, "cancelled")
            archived.action_plan()
            self.assertTrue(archived.sudo().calendar_event_id.active)
            archived.action_cancel()
            self.assertFalse(archived.sudo().calendar_event_id.active)
            deleted = self._contact("2026-03-12 08:00:00")
            deleted.sudo().calendar_event_id.unlink()
            self.assertEqual(deleted.state, "cancelled")

    @freeze_time(NOW)
    def test_a_meeting_with_a_customer_plans_a_contact(self):
        meetings = self.env["calendar.event"].with_user(self.manager)
        meeting = meetings.with_context(no_mail_to_attendees=True).create(
            {
                "name": "Budget",
                "start": "2026-03-12 02:00:00",
                "stop": "2026-03-12 03:30:00",
                "key_account_partner_id": self.acme.id,
                "partner_ids": [Command.link(self.boss.id)],
            }
        )
        event = meeting.key_account_contact_ids
        self.assertRecordValues(
            event,
            [
                {
                    "state": "planned",
                    "subject": "Budget",
                    "duration": 1.5,
                    "partner_id": self.acme.id,
                    "person_ids": self.boss.ids,
                    "user_id": self.manager.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            meetings.create(
                {
                    "name": "Theirs",
                    "start": "2026-03-12 02:00:00",
                    "stop": "2026-03-12 03:30:00",
                    "key_account_partner_id": self.far.id,
                }
            )

    # ---- mails -------------------------------------------------------------------

    @freeze_time(NOW)
    def test_a_mail_of_the_chatter_is_logged_by_one_click_once(self):
        cases = (
            (self.manager.partner_id, "out", self.manager),
            (self.boss, "in", self.head),
        )
        for author, direction, by in cases:
            with self.subTest(direction=direction):
                message = self.acme.message_post(
                    body=Markup("<p>About the offer</p>"),
                    subject="Offer",
                    message_type="email",
                    author_id=author.id,
                )
                events = self.env[CONTACT].with_user(self.head)
                logged = events.log_message(message.id)
                again = events.log_message(message.id)
                self.assertTrue(logged["is_new"])
                self.assertEqual(again, {"id": logged["id"], "is_new": False})
                self.assertRecordValues(
                    events.browse(logged["id"]),
                    [
                        {
                            "direction": direction,
                            "user_id": by.id,
                            "kind_id": self.mail.id,
                            "subject": "Offer",
                            "result": "About the offer",
                            "person_ids": (author & self.boss).ids,
                        }
                    ],
                )

    def test_who_cannot_read_the_customer_logs_none_of_its_mails(self):
        message = self.far.message_post(body="Hello", message_type="email")
        with self.assertRaises(AccessError):
            self.env[CONTACT].with_user(self.manager).log_message(message.id)

    # ---- the time line -------------------------------------------------------------

    def test_contacts_stand_on_the_time_line(self):
        event = self._contact(subject="Offer", result="Agreed")
        self.env.flush_all()
        rows = self.env["key.account.timeline"].with_user(self.manager)
        row = rows.search([("partner_id", "=", self.acme.id), ("kind", "=", "contact")])
        self.assertEqual(row.res_id, event.id)
        self.assertEqual(row.summary, "Call · Offer · Agreed")
