# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceCommon

MAIL = """MIME-Version: 1.0
Message-Id: <{message_id}@example.com>
Date: Thu, 15 Jan 2026 08:00:00 +0000
From: {sender}
To: {to}
Subject: {subject}
{extra}Content-Type: text/plain; charset="utf-8"

{text}
"""


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountRequestMail(ServiceCommon):
    """A mail to the alias, through the gateway (SVC-17, SVC-18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "service.example.org"})
        alias = cls.env.ref("key_account_service.mail_alias_request")
        alias.alias_domain_id = domain
        cls.to = f"{alias.alias_name}@service.example.org"
        cls.ada = cls.env["res.partner"].create(
            {"name": "Ada", "parent_id": cls.acme.id, "email": "Ada@acme.example.com"}
        )
        cls.number = 0

    def _receive(self, sender, subject="Line is dead", to=None, reply_to=None):
        """What the mail server hands over; the request that is new, or none."""
        type(self).number += 1
        requests = self.env["key.account.request"]
        before = requests.search([])
        mail = MAIL.format(
            message_id=f"m{self.number}",
            sender=sender,
            to=to or self.to,
            subject=subject,
            text="Nothing works since this morning.",
            extra=f"In-Reply-To: {reply_to}\n" if reply_to else "",
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process("key.account.request", mail)
        return requests.search([]) - before

    def test_a_known_contact_opens_his_companys_request(self):
        request = self._receive('"Ada" <ada@ACME.example.com>')
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.acme.id,
                    "contact_id": self.ada.id,
                    "state": "accepted",
                    "subject": "Line is dead",
                    "unit_id": self.post_1.id,
                    "channel_id": self._term("channel", "email").id,
                }
            ],
        )
        self.assertIn("since this morning", request.description)
        self.assertTrue(request.name.startswith("R"))
        self.assertIn(self.manager.partner_id, request.message_partner_ids)
        self.assertEqual(request.date_accepted, datetime(2026, 1, 15, 8))
        self.assertEqual(request.clock_state, "running")

    def test_a_stranger_opens_nothing_of_a_customers(self):
        request = self._receive("eve@elsewhere.example.com", "About Acme")
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": False,
                    "contact_id": False,
                    "state": "triage",
                    "unit_id": False,
                    "service_unit_id": self.centre.id,
                    "email_from": "eve@elsewhere.example.com",
                }
            ],
        )
        for user, count in (
            (self.director, 1),
            (self.agent, 1),
            (self.manager, 0),
            (self.head, 0),
            (self.company, 0),
        ):
            found = request.with_user(user).search_count([("id", "=", request.id)])
            self.assertEqual(found, count, user.login)

    def test_the_triage_unit_is_a_setting(self):
        self.env["ir.config_parameter"].set_param(
            "key_account_service.triage_unit", "T-POST"
        )
        request = self._receive("eve@elsewhere.example.com")
        self.assertEqual(request.service_unit_id, self.post)
        found = request.with_user(self.company).search([("id", "=", request.id)])
        self.assertEqual(found, request)

    def test_an_address_of_two_customers_is_decided_by_a_person(self):
        self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.far.id, "email": "ada@acme.example.com"}
        )
        self.assertEqual(self._receive("ada@acme.example.com").state, "triage")

    def test_an_ordinary_contact_is_a_stranger(self):
        self.env["res.partner"].create({"name": "Bob", "email": "bob@b.example.com"})
        self.assertEqual(self._receive("bob@b.example.com").state, "triage")

    def test_the_customers_answer_lets_the_clock_run_again(self):
        request = self._receive("ada@acme.example.com")
        message = request.message_post(
            body="Which line?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        request._wait(self.absent)
        self._receive("eve@elsewhere.example.com", reply_to=message.message_id)
        self.assertEqual(request.state, "waiting")  # a stranger moves nothing
        with freeze_time("2026-01-15 12:00:00"):
            new = self._receive("ada@acme.example.com", reply_to=message.message_id)
        self.assertFalse(new)
        self.assertEqual((request.state, request.clock_state), ("handling", "running"))

    def test_waiting_for_something_else_goes_on(self):
        request = self._receive("ada@acme.example.com")
        message = request.message_post(body="Tomorrow", subtype_xmlid="mail.mt_comment")
        request._wait(self._term("pause_reason", "customer_date"))
        self._receive("ada@acme.example.com", reply_to=message.message_id)
        self.assertEqual(request.state, "waiting")

    def test_a_mail_without_subject(self):
        request = self._receive("ada@acme.example.com", subject="")
        self.assertEqual(request.subject, "Nothing works since this morning.")

    def test_who_asked_is_answered(self):
        """The screen proposes the contact, not the customer's general address."""
        request = self._receive("ada@acme.example.com")
        partners = request._mail_get_partners()[request.id]
        self.assertEqual(partners, self.ada)
