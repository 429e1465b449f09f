# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import socket
import time

from odoo.fields import Command
from odoo.tests import tagged

from ..sms_api import SmsApiHttp
from . import server
from .common import PASSWORD, SmsGatewayCase

BUSY = (503, {"code": 99, "msg": "busy"})


@tagged("post_install", "-at_install")
class TestDispatch(SmsGatewayCase):
    """ARR-03: messages through gateways that behave, and that do not."""

    def test_a_message_leaves_after_the_commit(self):
        sms = self._create_sms(body="您好 & {secret:password}")
        sms.send(unlink_sent=False)
        self.assertFalse(self.server.asked)
        self._commit()
        [asked] = self.server.asked
        self.assertEqual(
            asked.form,
            {
                "account": "acme",
                "password": PASSWORD,
                "mobile": "13812345678",
                "content": "您好 & {secret:password}",
            },
        )
        self.assertEqual(sms.state, "pending")
        self.assertRecordValues(
            self._deliveries(sms),
            [{"state": "accepted", "tries": 1, "parts": 1, "cost": 0.05}],
        )
        self.assertTrue(self._deliveries(sms).reference)

    def test_numbers_of_one_text_share_a_request(self):
        numbers = [f"+86138123456{i:02}" for i in range(5)]
        self.gateway.batch_size = 2
        sms = self._create_sms(*numbers)
        self._send(sms)
        sent = [asked.form["mobile"] for asked in self.server.asked]
        self.assertEqual([len(one.split(",")) for one in sent], [2, 2, 1])
        self.assertEqual(
            sorted(",".join(sent).split(",")), [number[3:] for number in numbers]
        )
        self.assertEqual(set(sms.mapped("state")), {"pending"})

    def test_an_answer_to_several_says_it_of_each(self):
        self.gateway.write({"items_path": "list", "item_number_path": "@.to"})
        self._add_rule(self.gateway, key="@.s", value="bad", outcome="number")
        self._add_rule(self.gateway, key="@.s", value="ok", outcome="accepted")
        sms = self._create_sms("+8613812345671", "+8613812345672", "+8613812345673")
        answered = [{"to": "13812345672", "s": "bad"}, {"to": "13812345671", "s": "ok"}]
        self.server.plan.append((200, {"list": answered}))
        self._send(sms)
        self.assertEqual(
            self._deliveries(sms).mapped("state"), ["accepted", "failed", "unknown"]
        )
        self.assertEqual(
            sms.mapped("failure_type"), [False, "sms_number_format", "unknown"]
        )

    def test_refusals_are_told_as_odoo_calls_them(self):
        for code, state in (
            (1, "sms_acc"),
            (4, "sms_credit"),
            (6, "sms_number_format"),
            (8, "unknown"),  # Odoo knows no refused texts but in notifications
        ):
            with self.subTest(code=code):
                self.server.plan.append((200, {"code": code, "msg": f"no {PASSWORD}"}))
                sms = self._create_sms()
                self._send(sms)
                self.assertEqual((sms.state, sms.failure_type), ("error", state))
                self.assertEqual(self._deliveries(sms).reason, "no •••")

    def test_a_refusal_reaches_the_notification(self):
        partner = self.env["res.partner"].create(
            {"name": "Customer", "phone": "+8613812345678"}
        )
        self.server.plan.append((200, {"code": 8, "msg": "spam"}))
        message = partner._message_sms("您好")
        self._commit()
        self.assertRecordValues(
            message.notification_ids,
            [
                {
                    "notification_status": "bounce",
                    "failure_type": "sms_rejected",
                    "failure_reason": "spam",
                }
            ],
        )

    def test_nothing_is_sent_twice_when_nobody_knows(self):
        """After a lost answer neither a retry, nor the queue, nor another gateway."""
        self._create_gateway("form", name="Second", sequence=20)
        for step in (
            server.slow,
            server.reset,
            server.truncated,
            server.huge,
            server.malformed,
            server.html,
            (500, b"oops"),
            (200, {"code": "something new"}),
        ):
            with self.subTest(step=step):
                self.server.asked.clear()
                self.server.plan.clear()
                self.server.plan.append(step)
                sms = self._create_sms()
                self._send(sms)
                self._run_queue()
                self._send(sms)
                self.assertEqual(len(self.server.asked), 1)
                self.assertEqual(self._deliveries(sms).state, "unknown")
                self.assertEqual((sms.state, sms.failure_type), ("error", "unknown"))

    def test_a_transaction_that_is_lost_sends_nothing_twice(self):
        """Asked again for the same message, the ledger answers, not the gateway."""
        sms = self._create_sms()
        self._send(sms)
        sms.state = "outgoing"  # what a rolled back transaction leaves
        self._send(sms)
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual(sms.state, "pending")

    def test_what_hung_is_given_up_and_not_sent_again(self):
        sms = self._create_sms()
        self._send(sms)
        delivery = self._deliveries(sms)
        self.env.cr.execute(
            "UPDATE key_account_sms_delivery SET state = 'sending',"
            " date_try = now() - interval '1 hour' WHERE id = %s",
            [delivery.id],
        )
        self.env.invalidate_all()
        sms.state = "outgoing"
        self._send(sms)
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual((delivery.state, sms.state), ("unknown", "error"))

    def test_a_gateway_that_recognises_repetitions_is_asked_again(self):
        self.gateway.is_idempotent = True
        self.server.plan.append(server.reset)
        sms = self._create_sms()
        self._send(sms)
        self.assertEqual(self._deliveries(sms).state, "waiting")
        self._make_due(sms)
        self._run_queue()
        self.assertEqual(len(self.server.asked), 2)
        self.assertEqual((sms.state, self._deliveries(sms).tries), ("pending", 2))

    def test_what_is_refused_for_the_moment_is_tried_again(self):
        self.gateway.write({"retry_tries": 3, "retry_seconds": 100})
        self.server.plan.extend([BUSY, BUSY, BUSY])
        sms = self._create_sms()
        self._send(sms)
        for wait in (100, 200):
            delivery = self._deliveries(sms)
            self.assertEqual((sms.state, delivery.state), ("outgoing", "waiting"))
            seconds = (delivery.date_next - delivery.date_try).total_seconds()
            self.assertTrue(wait * 0.5 <= seconds <= wait * 1.1, seconds)
            self._run_queue()  # not due yet
            self._make_due(sms)
            self._run_queue()
        self.assertEqual(len(self.server.asked), 3)
        self.assertEqual((sms.state, sms.failure_type), ("error", "sms_server"))

    def test_the_gateway_may_say_how_long_to_wait(self):
        self.server.plan.append((429, {"code": 99}, {"Retry-After": "600"}))
        sms = self._create_sms()
        self._send(sms)
        delivery = self._deliveries(sms)
        seconds = (delivery.date_next - delivery.date_try).total_seconds()
        self.assertTrue(599 <= seconds < 660, seconds)

    def test_what_waits_holds_up_nobody(self):
        self.server.plan.append(BUSY)
        first = self._create_sms()
        self._send(first)
        second = self._create_sms("+8613812345679")
        self._run_queue()
        self.assertEqual((first.state, second.state), ("outgoing", "pending"))

    def test_the_next_gateway_takes_over_what_was_certainly_not_taken(self):
        second = self._create_gateway("form", name="Second", sequence=20, price=0.08)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
        for url, step in (
            (closed, None),
            (self.server.url, BUSY),
            (self.server.url, (200, {"code": 4})),
            (self.server.url, (403, b"")),
        ):
            with self.subTest(url=url, step=step):
                self.gateway.url = url
                if step:
                    self.server.plan.append(step)
                sms = self._create_sms()
                self._send(sms)
                delivery = self._deliveries(sms)
                self.assertEqual(sms.state, "pending")
                self.assertEqual((delivery.gateway_id, delivery.cost), (second, 0.08))

    def test_a_wrong_number_is_not_offered_to_the_next_one(self):
        self._create_gateway("form", name="Second", sequence=20)
        self.server.plan.append((200, {"code": 6}))
        sms = self._create_sms()
        self._send(sms)
        self.assertEqual(len(self.server.asked), 1)
        self.assertEqual(sms.failure_type, "sms_number_format")

    def test_gateways_serve_countries(self):
        self.gateway.country_ids = self.env.ref("base.be")
        sms = self._create_sms("+8613812345678", "+32456001122")
        self._send(sms)
        self.assertEqual(sms[0].failure_type, "sms_country_not_supported")
        self.assertEqual(sms[1].state, "pending")
        self.assertEqual(len(self.server.asked), 1)

    def test_test_mode_sends_to_test_numbers_only(self):
        self.gateway.write({"is_test": True, "test_numbers": "+8613812345678"})
        sms = self._create_sms("+8613812345678", "+8613812345679")
        self._send(sms)
        self.assertEqual([a.form["mobile"] for a in self.server.asked], ["13812345678"])
        self.assertEqual(sms.mapped("state"), ["pending", "error"])

    def test_the_limit_is_waited_for_and_then_left_to_the_queue(self):
        self.gateway.write({"rate_limit": 2, "rate_seconds": 0.5, "batch_size": 1})
        sms = self._create_sms(*[f"+861381234567{i}" for i in range(5)])
        start = time.monotonic()
        self._send(sms)
        self.assertGreaterEqual(time.monotonic() - start, 1.0)
        moments = [asked.moment for asked in self.server.asked]
        self.assertEqual(len(moments), 5)
        for early, late in zip(moments, moments[2:], strict=False):
            self.assertGreater(late - early, 0.45)
        self.gateway.rate_seconds = 3600.0
        late = self._create_sms()
        self._send(late)
        self.assertEqual(len(self.server.asked), 5)
        self.assertEqual(late.state, "outgoing")
        self.assertEqual(self._deliveries(late).state, "waiting")
        self.assertEqual(self._deliveries(late).tries, 0)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("sms.ir_cron_sms_scheduler_action").id)]
        )
        self.assertIn(late.key_account_date_next, triggers.mapped("call_at"))

    def test_a_person_may_decide_to_send_again(self):
        self.server.plan.append(server.reset)
        sms = self._create_sms()
        self._send(sms)
        self.assertEqual(sms.state, "error")
        sms.resend_failed()
        self._commit()
        self.assertEqual(len(self.server.asked), 2)
        self.assertEqual(sms.state, "pending")

    def test_the_text_is_signed_once(self):
        self.gateway.text_prefix = "【公司】"
        for body in ("您好", "【公司】您好"):
            self._send(self._create_sms(body=body))
        self.assertEqual(
            {asked.form["content"] for asked in self.server.asked}, {"【公司】您好"}
        )

    def test_a_missing_secret_is_told_and_nothing_is_sent(self):
        self.gateway.field_ids = [
            Command.create({"place": "form", "name": "k", "value": "{secret:other}"})
        ]
        sms = self._create_sms()
        self._send(sms)
        self.assertFalse(self.server.asked)
        self.assertEqual(sms.failure_type, "sms_acc")
        self.assertIn("secret:other", self._deliveries(sms).reason)

    def test_wrong_numbers_never_leave(self):
        sms = self._create_sms(False, "no number", "+86138&to=10086")
        self._send(sms)
        self.assertFalse(self.server.asked)
        self.assertEqual(
            sms.mapped("failure_type"),
            ["sms_number_missing", "sms_number_format", "sms_number_format"],
        )

    def test_the_door_answers_who_calls_it_directly(self):
        """As the test of a mailing does."""
        provider = self.env.company._get_sms_api_class()(self.env)
        self.assertIsInstance(provider, SmsApiHttp)
        entry = {"number": "+8613812345678", "uuid": "0" * 32}
        message = {"content": "您好", "numbers": [entry]}
        for _turn in range(2):
            [found] = provider._send_sms_batch([message])
            self.assertEqual((found["uuid"], found["state"]), ("0" * 32, "success"))
        self.assertEqual(len(self.server.asked), 1)

    def test_json_and_signed_queries(self):
        for shape in ("json", "query"):
            self.gateway.active = False
            self.gateway = self._create_gateway(shape)
            answered = {"status": "queued", "id": "j1", "cost": "0.031"}
            self.server.plan.append((200, answered | {"Code": "OK", "BizId": "j1"}))
            sms = self._create_sms()
            self._send(sms)
            asked = self.server.asked[-1]
            delivery = self._deliveries(sms)
            self.assertEqual((delivery.state, delivery.reference), ("accepted", "j1"))
            if shape == "json":
                content = asked.json["messages"]
                self.assertEqual(content["to"], ["+8613812345678"])
                self.assertEqual(content["client_ref"], sms.uuid)
                self.assertEqual(content["callback"], self.gateway.report_url)
                bearer = asked.headers["authorization"].encode("latin1").decode()
                self.assertEqual(bearer, f"Bearer {PASSWORD}")
                self.assertEqual(delivery.cost, 0.031)
            else:
                self.assertEqual(asked.query["PhoneNumbers"], "13812345678")
                self.assertEqual(asked.query["OutId"], sms.uuid)
                self.assertEqual(len(asked.query["Signature"]), 28)

    def test_companies_send_through_their_own_gateways(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._create_gateway("form", company_id=company.id, account="other")
        mine = self._create_sms()
        theirs = mine.with_company(company).create(
            {"number": "+8613812345679", "body": "您好"}
        )
        self._run_queue()
        self.assertEqual(self._deliveries(mine).gateway_id, self.gateway)
        self.assertEqual(self._deliveries(theirs).gateway_id, other)

    def test_without_a_gateway_odoo_sends(self):
        self.gateway.active = False
        provider = self.env.company._get_sms_api_class()
        self.assertFalse(issubclass(provider, SmsApiHttp))
        self.assertFalse(self._create_sms()._filter_by_gateway())
