# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .contact_common import NOW, ContactCommon

INQUIRY = "key.account.inquiry"


class InquiryCommon(ContactCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer = cls.env.ref(
            "key_account_service.key_account_inquiry_content_tariff_offer"
        )
        cls.hall = cls._term("channel", "hall")
        cls.number = cls.env["key.account.number"].create(
            {"name": "075512345678", "partner_id": cls.acme.id}
        )

    @classmethod
    def _inquiry(cls, user=None, **vals):
        return (
            cls.env[INQUIRY]
            .with_user(user or cls.agent)
            .create({"content_id": cls.offer.id, **vals})
        )


@tagged("post_install", "-at_install")
class TestInquiry(InquiryCommon):
    """What callers ask about is counted, whoever they are (COL-04, ANA-14, ANA-15)."""

    @freeze_time("2026-03-09 17:30:00")
    def test_an_agent_counts_with_one_screen(self):
        """Content and nothing else: the rest is known; 01:30 in Shanghai."""
        form = Form(
            self.env[INQUIRY].with_user(self.agent),
            "key_account_service.key_account_inquiry_view_form",
        )
        form.content_id = self.offer
        inquiry = form.save()
        self.assertRecordValues(
            inquiry,
            [
                {
                    "channel_id": self._term("channel", "call_centre").id,
                    "customer_kind": "anonymous",
                    "user_id": self.agent.id,
                    "unit_id": self.centre.id,
                    "hour": 1,
                    "is_answered": True,
                    "inquiry_count": 1,
                }
            ],
        )
        self.assertDay(inquiry.day, "2026-03-10")
        self.assertEqual(inquiry.action_next()["res_model"], INQUIRY)

    def test_the_kind_is_that_of_the_customer_at_that_time(self):
        potential = self._create_customer(
            "Soon", self.manager, key_account_state="potential"
        )
        for customer, kind in ((self.acme, "group"), (potential, "potential")):
            self.assertEqual(self._inquiry(partner_id=customer.id).customer_kind, kind)
        with self.assertRaisesRegex(ValidationError, "is a customer"):
            self._inquiry(partner_id=self.acme.id, customer_kind="anonymous")

    def test_unknown_callers_belong_to_who_answers(self):
        """Everybody's total is the sum of the rows he may open."""
        ours = self._inquiry(user=self.manager)
        central = self._inquiry()
        known = self._inquiry(partner_id=self.acme.id)
        cases = (
            (self.manager, ours | known),
            (self.head, ours | known),
            (self.company, ours | known),
            (self.head_b, self.env[INQUIRY]),
            (self.agent, ours | central | known),
        )
        rows = (ours | central | known).ids
        for user, expected in cases:
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                seen = self.env[INQUIRY].with_user(user)
                domain = [("id", "in", rows)]
                self.assertEqual(seen.search(domain).ids, expected.sudo().sorted().ids)
                [[count]] = seen._read_group(domain, [], ["inquiry_count:sum"])
                self.assertEqual(count or 0, len(expected))

    def test_whose_it_is_may_be_said_later(self):
        inquiry = self._inquiry()
        inquiry.partner_id = self.acme
        inquiry.invalidate_recordset()
        self.assertRecordValues(
            inquiry,
            [
                {
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "customer_kind": "group",
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "not taken back"):
            inquiry.partner_id = False
        with self.assertRaisesRegex(UserError, "said once"):
            inquiry.user_id = self.manager

    def test_inquiries_stand_in_the_month_with_their_cost(self):
        self.env["key.account.cost.rule"].search([("state", "=", "approved")])._write(
            {"date_to": "2025-12-31"}
        )
        self.env.invalidate_all()
        self._cost_rule({"source": "inquiry", "fixed": 1, "per_hour": 60})
        inquiry = self._inquiry(
            partner_id=self.acme.id, duration=3, date_asked="2026-02-03 08:00:00"
        )
        self.assertEqual(inquiry.cost, 4)
        [month] = self._months().values()
        self.assertEqual(month, (0, 0, 1, 4))

    def test_what_cannot_be_answered_becomes_a_request_once(self):
        inquiry = self._inquiry(partner_id=self.acme.id, question="When?")
        for _twice in range(2):
            action = inquiry.action_register_request()
        request = self.env["key.account.request"].browse(action["res_id"])
        self.assertEqual(inquiry.request_id, request)
        self.assertFalse(inquiry.is_answered)
        self.assertEqual(request.subject, "When?")

    def test_focus_by_content_channel_kind_and_hour(self):
        """ANA-15: the pivot's figures are those of the rows, branches count below."""
        for channel, minute in ((self.hall, 0), (self.hall, 10), (None, 20)):
            self._inquiry(
                date_asked=f"2026-03-02 02:{minute:02}:00",
                **({"channel_id": channel.id} if channel else {}),
            )
        tariffs = self.offer.parent_id
        found = self.env[INQUIRY]._read_group(
            [
                ("content_id", "child_of", tariffs.id),
                ("day", "=", "2026-03-02"),
            ],
            ["content_id", "channel_id", "customer_kind", "hour"],
            ["inquiry_count:sum"],
        )
        figures = {(c.code, ch.code, kind, hour): n for c, ch, kind, hour, n in found}
        self.assertEqual(
            figures,
            {
                ("tariff_offer", "hall", "anonymous", 10): 2,
                ("tariff_offer", "call_centre", "anonymous", 10): 1,
            },
        )

    def test_look_ups_are_counted_from_their_logs(self):
        """ANA-14: nothing is stored twice; who reads the logs reads the count."""
        attempts = self.env["key.account.card.attempt"]
        lookups = self.env["key.account.lookup"]
        before = lookups.search_count([("way", "=", "card")])
        found = {
            "card_id": None,
            "partner_id": self.acme.id,
            "unit_id": self.post_1.id,
        }
        attempts._log("valid", "user:1", found)
        attempts._log("unknown", "user:1")
        self.assertEqual(lookups.search_count([("way", "=", "card")]), before + 2)
        row = lookups.with_user(self.company).search(
            [("partner_id", "=", self.acme.id)]
        )
        self.assertRecordValues(
            row, [{"customer_kind": "group", "outcome": "valid", "lookup_count": 1}]
        )
        self.assertFalse(
            lookups.with_user(self.company_b).search(
                [("partner_id", "=", self.acme.id)]
            )
        )
        with self.assertRaises(AccessError):
            lookups.with_user(self.manager).search([])

    # ---- by codes -------------------------------------------------------------------

    def test_register_by_codes(self):
        inquiries = self.env[INQUIRY].with_user(self.agent)
        by_code = inquiries.register(
            "tariff_offer", "hall", customer=self.acme.key_account_code, minutes=2
        )
        by_number = inquiries.register("tariff_offer", "hall", number="075512345678")
        unknown = inquiries.register("tariff_offer", "hall", number="1")
        self.assertEqual(by_code["customer"], self.acme.key_account_code)
        self.assertEqual(by_number["customer"], self.acme.key_account_code)
        self.assertIsNone(unknown["customer"])
        for vals, word in (
            ({"content": "nothing", "channel": "hall"}, "content"),
            ({"content": "tariff_offer", "channel": "moon"}, "channel"),
            (
                {"content": "tariff_offer", "channel": "hall", "customer": "X"},
                "customer",
            ),
        ):
            with self.subTest(word=word), self.assertRaisesRegex(UserError, word):
                inquiries.register(**vals)


@tagged("post_install", "-at_install")
class TestInquiryEndpoint(InquiryCommon, HttpCase):
    """The call centre counts over HTTP with its key (COL-04)."""

    def test_post_by_api_key(self):
        with freeze_time(NOW):
            expiry = self.env.cr.now().replace(year=2099)
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.agent)
            .sudo()
            ._generate("rpc", "Call centre", expiry)
        )
        answer = self.url_open(
            f"/json/2/{INQUIRY}/register",
            data=json.dumps({"content": "tariff_offer", "channel": "call_centre"}),
            headers={
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        inquiry = self.env[INQUIRY].browse(answer.json()["id"])
        self.assertEqual(inquiry.user_id, self.agent)
