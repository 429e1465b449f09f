# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaintPortal(ComplaintCommon, HttpCase):
    """A customer's contact on the portal: his own company's complaints, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._portal_user("ada", cls.acme)
        cls.eve = cls._portal_user("eve", cls.far)
        cls.ours = cls._complaint(subject="Matter-acme", cost=4711)
        cls.theirs = cls._complaint(customer=cls.far, subject="Matter-far")
        cls.secret = cls._complaint(subject="Hidden-acme", is_secret=True)

    @classmethod
    def _portal_user(cls, name, customer):
        user = new_test_user(cls.env, f"{name}_portal", "base.group_portal")
        user.partner_id.parent_id = customer
        return user

    def _post(self, path, page=None, **data):
        text = self.url_open(page or path).text
        token = re.search(r'csrf_token"\s+value="([^"]+)"', text)
        return self.url_open(path, {**data, "csrf_token": token.group(1)})

    def _log_in(self, user):
        self.authenticate(user.login, user.login)

    def test_the_own_companys_complaints(self):
        for user, seen, hidden in (
            (self.ada, "Matter-acme", "Matter-far"),
            (self.eve, "Matter-far", "Matter-acme"),
        ):
            self._log_in(user)
            page = self.url_open("/my/complaints").text
            self.assertIn(seen, page)
            self.assertNotIn(hidden, page)
            self.assertNotIn("Hidden-acme", page)
            self.assertIn("/my/complaints", self.url_open("/my").text)
        self._log_in(self.ada)
        for other in (self.theirs, self.secret):
            page = self.url_open(f"/my/complaints/{other.id}")
            self.assertTrue(page.url.endswith("/my/complaints"))
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self.ours.with_user(self.ada).read(["subject"])

    def test_notes_steps_and_cost_stay_inside(self):
        self.ours.message_post(
            body="Note-inside", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        self.ours._dispatch(self.post_1, None, "Reason-inside")
        self._log_in(self.ada)
        page = self.url_open(f"/my/complaints/{self.ours.id}").text
        self.assertIn("Matter-acme", page)
        for text in ("Note-inside", "Reason-inside", "4711", "4,711"):
            self.assertNotIn(text, page)

    def test_registered_answered_and_rated(self):
        self._log_in(self.ada)
        page = self._post(
            "/my/complaints/new",
            subject="Slow again",
            text="Since <b>Monday</b>",
            kind="network_speed",
        )
        complaint = self.env["key.account.complaint"].search(
            [("subject", "=", "Slow again")]
        )
        self.assertTrue(page.url.endswith(f"/my/complaints/{complaint.id}"))
        self.assertRecordValues(
            complaint,
            [
                {
                    "partner_id": self.acme.id,
                    "contact_id": self.ada.partner_id.id,
                    "type_id": self.speed.id,
                    "state": "registered",
                    "manager_id": self.manager.id,
                }
            ],
        )
        self.assertIn("&lt;b&gt;", complaint.description)
        here = f"/my/complaints/{complaint.id}"
        complaint._wait(self.absent)
        self._post(f"{here}/answer", here, text="It is the line in hall 2")
        complaint.invalidate_recordset()
        self.assertEqual(complaint.state, "handling")
        complaint._reply("The line was changed.")
        self.assertIn("The line was changed.", self.url_open(here).text)
        self._post(f"{here}/rate", here, mark="1", note="No", solved="no")
        complaint.invalidate_recordset()
        self.assertRecordValues(
            complaint,
            [{"state": "handling", "mark": "1", "reopen_count": 1}],
        )
        page = self._post("/my/complaints/new", subject=" ", kind="network_speed")
        self.assertIn("Say in a few words", page.text)
