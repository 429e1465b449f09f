# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .contact_common import NOW, ContactCommon

NOTE = "key.account.intelligence"


@tagged("post_install", "-at_install")
class TestIntelligence(ContactCommon):
    """What is learnt of competitors (COL-09, FILE-15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls.env["key.account.term"].create(
            {"category": "competitor", "code": "rival", "name": "Rival"}
        )

    def _note(self, user=None, **vals):
        notes = self.env[NOTE].with_user(user or self.manager)
        return notes.create(
            {"name": "Cheaper lines", "competitor_id": self.rival.id, **vals}
        )

    def test_one_click_reports_from_a_contact(self):
        event = self._contact(line_id=self.letter.id)
        action = event.action_report_intelligence()
        notes = self.env[NOTE].with_user(self.manager).with_context(**action["context"])
        with Form(notes) as form:
            form.name = "Offers 15 % less"
            form.competitor_id = self.rival
            form.price = 3400
            form.term_months = 24
        self.assertRecordValues(
            form.record,
            [
                {
                    "partner_id": self.acme.id,
                    "line_id": self.letter.id,
                    "contact_event_id": event.id,
                    "user_id": self.manager.id,
                    "state": "reported",
                    "unit_id": self.post_1.id,
                    "price": 3400,
                }
            ],
        )

    def test_another_person_judges(self):
        note = self._note(partner_id=self.acme.id)
        with self.assertRaisesRegex(UserError, "reported himself"):
            note.action_confirm()
        with self.assertRaisesRegex(UserError, "buttons"):
            note.state = "confirmed"
        note.with_user(self.head).action_confirm()
        self.assertRecordValues(
            note, [{"state": "confirmed", "confirmed_by_id": self.head.id}]
        )
        note.with_user(self.head).action_refute()
        self.assertFalse(note.is_current)
        with self.assertRaisesRegex(UserError, "refute"):
            note.sudo().unlink()

    def test_nobody_reports_for_another_or_with_others(self):
        note = self._note(partner_id=self.acme.id, user_id=self.head.id)
        self.assertEqual(note.user_id, self.manager)
        with self.assertRaises(AccessError):
            self._note(partner_id=self.far.id)

    def test_the_market_belongs_to_the_unit_that_reports_it(self):
        note = self._note()
        self.assertRecordValues(
            note, [{"unit_id": self.post_1.id, "manager_id": self.manager.id}]
        )
        for user, sees in ((self.head, True), (self.head_b, False)):
            found = self.env[NOTE].with_user(user).search([("id", "=", note.id)])
            self.assertEqual(bool(found), sees, user.login)

    @freeze_time(NOW)
    def test_what_is_still_valid_is_found_as_it_says(self):
        past = self._note(date_to="2026-03-09")
        present = self._note(date_to="2026-03-10")
        notes = past | present | self._note()
        for value in (True, False):
            found = notes.search([("id", "in", notes.ids), ("is_current", "=", value)])
            self.assertEqual(
                found, notes.filtered(lambda n, v=value: n.is_current == v).sorted()
            )
        self.assertFalse(past.is_current)
        self.assertTrue(present.is_current)

    def test_it_stands_on_the_time_line(self):
        note = self._note(partner_id=self.acme.id)
        self.env.flush_all()
        row = self.env["key.account.timeline"].search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "intelligence")]
        )
        self.assertEqual(row.res_id, note.id)
        self.assertEqual(row.summary, "Rival · Cheaper lines")
