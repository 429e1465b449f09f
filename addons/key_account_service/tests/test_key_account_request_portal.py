# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRequestPortal(PortalCommon):
    """A customer's contact on the portal: his own company's requests, and no more."""

    def test_the_list_holds_the_own_companys_requests(self):
        for user, seen, hidden in (
            (self.ada, "Secret-acme", "Secret-far"),
            (self.eve, "Secret-far", "Secret-acme"),
        ):
            self._log_in(user)
            page = self._get("/my/requests").text
            self.assertIn(seen, page)
            self.assertNotIn(hidden, page)
            self.assertIn("/my/requests", self._get("/my").text)
        self._log_in(self.bob)
        page = self._get("/my/requests").text
        self.assertNotIn("Secret-", page)

    def test_another_companys_request_is_not_opened(self):
        self._log_in(self.eve)
        page = self._get(f"/my/requests/{self.ours.id}")
        self.assertNotIn("Secret-acme", page.text)
        page = self._get("/my/requests/new")
        token = re.search(r'csrf_token"\s+value="([^"]+)"', page.text).group(1)
        before = self.ours.message_ids
        for what, data in (
            ("answer", {"text": "Let me in"}),
            ("rate", {"mark": "1"}),
        ):
            if what == "rate":
                self.ours._finish()
            self.url_open(
                f"/my/requests/{self.ours.id}/{what}", {**data, "csrf_token": token}
            )
        self.ours.invalidate_recordset()
        self.assertFalse(self.ours.mark)
        texts = (self.ours.message_ids - before).mapped("body")
        self.assertNotIn("Let me in", " ".join(texts))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_no_way_around_the_pages(self):
        """Portal users have no access line: neither ORM nor RPC opens a request."""
        for name in (
            "key.account.request",
            "key.account.clock.event",
            "key.account.attainment",
            "key.account.standard",
        ):
            model = self.env[name].with_user(self.ada)
            for mode in ("read", "write", "create", "unlink"):
                self.assertFalse(model.has_access(mode), f"{name} {mode}")
        with self.assertRaises(AccessError):
            self.ours.with_user(self.ada).read(["subject", "cost"])

    def test_internal_things_stay_inside(self):
        self.ours.write({"cost": 4711.5, "handoff_reference": "OUT-99"})
        self.ours.message_post(body="Note among us", subtype_xmlid="mail.mt_note")
        self.ours.message_post(
            body="Dear Ada", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._log_in(self.ada)
        page = self._get(f"/my/requests/{self.ours.id}").text
        self.assertIn("Dear Ada", page)
        for text in ("Note among us", "4711", "4,711", "OUT-99"):
            self.assertNotIn(text, page)

    def test_ask_answer_rate(self):
        self._log_in(self.ada)
        page = self._post(
            "/my/requests/new", kind="fault", subject="<b>No tone</b>", text="Help & me"
        )
        self.assertEqual(page.status_code, 200)
        request = self.env["key.account.request"].search(
            [("contact_id", "=", self.ada.partner_id.id)]
        )
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.acme.id,
                    "subject": "<b>No tone</b>",
                    "kind_id": self.fault.id,
                    "unit_id": self.post_1.id,
                    "channel_id": self._term("channel", "portal").id,
                }
            ],
        )
        self.assertNotIn("<b>No tone", page.text)
        request._wait(self.absent)
        path = f"/my/requests/{request.id}"
        self._post(f"{path}/answer", page=path, text="In the morning")
        request.invalidate_recordset()
        self.assertEqual(request.state, "handling")
        answer = request._portal_messages()[-1]
        self.assertIn("In the morning", answer.body)
        self.assertEqual(answer.author_id, self.ada.partner_id)
        request._finish()
        self._post(f"{path}/rate", page=path, mark="4", note="Thanks")
        request.invalidate_recordset()
        self.assertEqual((request.state, request.mark), ("closed", "4"))

    def test_not_solved_is_open_again(self):
        self.ours._finish()
        self._log_in(self.ada)
        path = f"/my/requests/{self.ours.id}"
        self._post(f"{path}/rate", page=path, mark="1", solved="no")
        self.ours.invalidate_recordset()
        self.assertEqual((self.ours.state, self.ours.mark), ("handling", "1"))

    def test_bad_input_is_explained(self):
        self._log_in(self.ada)
        page = self._post("/my/requests/new", kind="fault", subject="  ")
        self.assertIn("Say in a few words", page.text)
        page = self._post("/my/requests/new", kind="nonsense", subject="x")
        self.assertIn("Choose what your request is about", page.text)
        self._log_in(self.bob)
        page = self._post("/my/requests/new", kind="fault", subject="x")
        self.assertIn("You are no contact of a customer", page.text)
