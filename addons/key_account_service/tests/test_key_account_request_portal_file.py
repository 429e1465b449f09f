# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import portal
from ..models import key_account_request_portal_file
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRequestPortalFile(PortalCommon):
    """Searching, paging and files on the portal; forged ids, hostile input (SVC-18)."""

    def _send(self, path, page, files=(), **data):
        token = re.search(r'csrf_token"\s+value="([^"]+)"', self._get(page).text)
        data["csrf_token"] = token.group(1)
        return self.url_open(path, data, files=[("files", file) for file in files])

    def _links(self, page):
        found = re.findall(r'href="(/web/content/[^"]+)"', page.text)
        return [link.replace("&amp;", "&") for link in found]

    def test_search_count_and_pages(self):
        self.patch(portal.KeyAccountPortal, "_items_per_page", 20)
        for number in range(25):
            self._request(subject=f"Page {number:02}")
        self._log_in(self.ada)
        page = self._get("/my/requests?search=Page")
        self.assertIn(">25<", page.text)
        self.assertEqual(len(re.findall(r"Page \d\d<", page.text)), 20)
        second = self._get("/my/requests/page/2?search=Page").text
        self.assertEqual(len(re.findall(r"Page \d\d<", second)), 5)
        self.assertNotIn("Secret-acme", second)
        for search in ("Secret-far", self.theirs.name, "%", "_", "' OR 1=1 --", "<b>"):
            page = self._get(f"/my/requests?search={search}").text
            self.assertNotIn(f'href="/my/requests/{self.theirs.id}"', page)
            self.assertNotIn("<b>", page)
        self.ours._finish()
        self.assertIn("Secret-acme", self._get("/my/requests?which=done").text)
        self.assertNotIn("Secret-acme", self._get("/my/requests?which=open").text)
        page = self._get("/my/requests?which=nonsense&search=Secret").text
        self.assertIn(f'href="/my/requests/{self.ours.id}"', page)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_attachment")
    def test_files_go_both_ways_and_to_nobody_else(self):
        self._log_in(self.ada)
        path = f"/my/requests/{self.ours.id}"
        page = self._send(f"{path}/answer", path, [("plan.txt", b"The plan")], text="")
        [link] = self._links(page)
        self.assertEqual(self._get(link).content, b"The plan")
        message = self.ours._portal_messages()[-1]
        self.assertEqual(message.author_id, self.ada.partner_id)
        self.assertEqual(message.attachment_ids.mapped("name"), ["plan.txt"])
        self.ours.message_post(
            body="Ours",
            attachments=[("offer.txt", b"The offer")],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.ours.message_post(body="Among us", attachments=[("secret.txt", b"Secret")])
        links = self._links(self._get(path))
        self.assertEqual(
            [self._get(link).content for link in links], [b"The plan", b"The offer"]
        )
        # by its number alone nobody opens a file: neither hers nor another's
        numbers = self.env["ir.attachment"].search(
            [("res_model", "=", self.ours._name), ("res_id", "=", self.ours.id)]
        )
        self.assertEqual(len(numbers), 3)
        for user in (self.ada, self.eve):
            self._log_in(user)
            for attachment in numbers:
                for token in ("", "&access_token=wrong"):
                    found = self._get(f"/web/content/{attachment.id}?download=1{token}")
                    self.assertEqual(found.status_code, 404)

    def test_a_request_with_files(self):
        self._log_in(self.ada)
        files = [("a.txt", b"A"), ("<img src=x>.txt", b"B")]
        page = self._send(
            "/my/requests/new", "/my/requests/new", files, kind="fault", subject="Files"
        )
        self.assertEqual(page.status_code, 200)
        self.assertEqual(len(self._links(page)), 2)
        self.assertNotIn("<img src=x>", page.text)

    def test_too_much_is_refused_whole(self):
        self._log_in(self.ada)
        self.patch(key_account_request_portal_file, "MAX_BYTES", 10)
        before = self.env["key.account.request"].search_count([])
        new = "/my/requests/new"
        page = self._send(new, new, [("b", b"x" * 11)], kind="fault", subject="Big")
        self.assertIn("send a smaller file", page.text)
        many = [(f"{number}", b"x") for number in range(11)]
        page = self._send(new, new, many, kind="fault", subject="Many")
        self.assertIn("at most 10 files", page.text)
        self.assertEqual(self.env["key.account.request"].search_count([]), before)

    def test_hostile_input(self):
        self._log_in(self.ada)
        new = "/my/requests/new"
        page = self._post(
            new,
            kind="fault",
            subject="x" * 5000 + "\x00",
            text="\x00<script>x()</script>" + "y" * 20000,
        )
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("<script>x()", page.text)
        request = self.env["key.account.request"].search([], order="id desc", limit=1)
        self.assertEqual(len(request.subject), 200)
        path = f"/my/requests/{request.id}"
        page = self._post(f"{path}/answer", page=path, text="  ")
        self.assertIn("Write your answer first", page.text)
        request._finish()
        for mark in ("9", "", "<b>"):
            page = self._post(f"{path}/rate", page=path, mark=mark)
            self.assertIn("Choose how satisfied you are", page.text)
        self._post(f"{path}/rate", page=path, mark="5")
        request.invalidate_recordset()
        self.assertEqual((request.state, request.mark), ("closed", "5"))
        for number in (0, 10**9, self.theirs.id):
            page = self._get(f"/my/requests/{number}")
            self.assertTrue(page.url.endswith("/my/requests"), page.url)
