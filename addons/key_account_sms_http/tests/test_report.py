# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hmac
import json
import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from . import server
from .common import KEY, SmsGatewayCase

LOGGER = "odoo.addons.key_account_sms_http.models.key_account_sms_gateway_report"


@tagged("post_install", "-at_install")
class TestReport(SmsGatewayCase):
    """Delivery reports over HTTP: true, late, repeated, unknown and forged ones."""

    def _post(self, data, headers=None, gateway=None):
        path = "/key_account_sms_http/report/" + (gateway or self.gateway).report_code
        return self.url_open(path, data=data, headers=headers, method="POST")

    def _report(self, reference, status="DELIVRD", secret=KEY, **fields):
        answer = self._post(
            {"secret": secret, "msgid": reference, "status": status, **fields}
        )
        self.env.invalidate_all()
        return answer

    def _sent(self):
        partner = self.env["res.partner"].create(
            {"name": "Customer", "phone": "+8613812345678"}
        )
        message = partner._message_sms("您好")
        self._commit()
        delivery = self.env["key.account.sms.delivery"].search([], limit=1)
        self.assertEqual(delivery.state, "accepted")
        return delivery, message.notification_ids

    def test_delivered(self):
        delivery, notification = self._sent()
        answer = self._report(delivery.reference)
        self.assertEqual((answer.status_code, answer.text), (200, "0"))
        self.assertEqual(delivery.state, "delivered")
        self.assertTrue(delivery.date_report)
        self.assertEqual(notification.notification_status, "sent")

    def test_not_delivered(self):
        for status, failure, notified in (
            ("EXPIRED", "expired", "exception"),
            ("BLACK", "rejected", "bounce"),
            ("UNDELIV", "not_delivered", "exception"),
        ):
            with self.subTest(status=status):
                delivery, notification = self._sent()
                self._report(delivery.reference, status)
                self.assertEqual(
                    (delivery.state, delivery.failure), ("failed", failure)
                )
                self.assertEqual(notification.notification_status, notified)
                self.assertEqual(notification.failure_type, f"sms_{failure}")

    def test_repeated_and_late_reports_change_nothing(self):
        delivery, notification = self._sent()
        self._report(delivery.reference)
        before = delivery.date_report, delivery.cost
        for status in ("DELIVRD", "EXPIRED", "UNDELIV"):
            answer = self._report(delivery.reference, status, ts=status)
            self.assertEqual(answer.status_code, 200)
        self.assertEqual(delivery.state, "delivered")
        self.assertEqual((delivery.date_report, delivery.cost), before)
        self.assertEqual(notification.notification_status, "sent")
        kept = self.env["key.account.sms.report"].search([])
        self.assertEqual(kept.sorted("id").mapped("applied"), [1, 0, 0, 0])
        self._report(delivery.reference)  # the very same once more
        self.assertEqual(len(self.env["key.account.sms.report"].search([])), 4)

    def test_a_failure_may_turn_out_delivered(self):
        delivery, _notification = self._sent()
        self._report(delivery.reference, "UNDELIV")
        self._report(delivery.reference)
        self.assertEqual((delivery.state, delivery.failure), ("delivered", False))

    def test_a_report_decides_what_nobody_knew(self):
        self.gateway.write({"report_uuid_path": "ref", "report_reference_path": False})
        self.server.plan.append(server.reset)
        sms = self._create_sms()
        self._send(sms)
        delivery = self._deliveries(sms)
        self.assertEqual((delivery.state, delivery.cost), ("unknown", 0.0))
        self._report("", ref=sms.uuid)
        self.assertEqual((delivery.state, delivery.cost), ("delivered", 0.05))

    @mute_logger(LOGGER)
    def test_forged_reports_are_refused(self):
        delivery, _notification = self._sent()
        for secret in ("", "wrong", KEY[:-1], KEY + "x", "ключ"):
            with self.subTest(secret=secret):
                answer = self._report(delivery.reference, secret=secret)
                self.assertEqual(answer.status_code, 403)
                self.assertNotIn(KEY, answer.text)
        self.assertEqual(delivery.state, "accepted")
        self.assertFalse(self.env["key.account.sms.report"].search([]))

    def test_the_secret_of_a_forger_is_not_logged(self):
        with self.assertLogs(LOGGER, "WARNING") as logged:
            self._report("m1", secret=KEY + "x")
        self.assertNotIn(KEY, "".join(logged.output))

    def test_a_report_of_another_gateway_is_nothing_of_ours(self):
        delivery, _notification = self._sent()
        other = self._create_gateway("form", name="Other", sequence=30)
        data = {"secret": KEY, "msgid": delivery.reference, "status": "DELIVRD"}
        self.assertEqual(self._post(data, gateway=other).status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(delivery.state, "accepted")
        report = self.env["key.account.sms.report"].search([])
        self.assertEqual((report.gateway_id, report.unknown), (other, 1))

    def test_unknown_addresses_and_methods(self):
        path = "/key_account_sms_http/report/"
        self.assertEqual(self.url_open(path + "0" * 32, data="{}").status_code, 404)
        self.assertEqual(
            self.url_open(path + self.gateway.report_code).status_code, 405
        )
        self.gateway.report_auth = "none"
        self.assertEqual(self._post({"secret": KEY}).status_code, 404)

    def test_archived_gateways_are_deaf(self):
        self.gateway.active = False
        self.assertEqual(self._post({"secret": KEY}).status_code, 404)

    def test_a_report_before_its_answer_is_asked_for_again(self):
        """The gateway was quicker than its own answer: its number is unknown yet."""
        delivery, _notification = self._sent()
        self.env.cr.execute(
            "UPDATE key_account_sms_delivery SET state = 'sending', reference = NULL,"
            " date_try = now() at time zone 'UTC' WHERE id = %s",
            [delivery.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._report("m-new").status_code, 503)
        delivery.reference = "m-new"
        self.env.flush_all()
        self.assertEqual(self._report("m-new").status_code, 200)
        self.assertEqual(delivery.state, "delivered")

    def test_one_number_of_a_batch(self):
        sms = self._create_sms("+8613812345678", "+8613812345679")
        self._send(sms)
        first, second = self._deliveries(sms)
        self.assertEqual(first.reference, second.reference)
        self._report(first.reference, mobile="13812345679")
        self.assertEqual((first.state, second.state), ("accepted", "delivered"))

    @mute_logger(LOGGER)
    def test_malformed_reports(self):
        for data in (b"", b"{", b"[[[", b"\xff\xfe", b"%%%", b'{"secret": {"a": 1}}'):
            with self.subTest(data=data):
                headers = {"Content-Type": "application/json"}
                self.assertEqual(self._post(data, headers).status_code, 403)
        large = b'{"a": "' + b"x" * 1_100_000 + b'"}'
        headers = {"Content-Type": "application/json"}
        self.assertEqual(self._post(large, headers).status_code, 413)

    def _signed(self, gateway, data, moment=None, key=KEY, sent=None):
        body = json.dumps(data).encode()
        moment = str(int(moment or time.time()))
        signature = hmac.new(
            key.encode(), moment.encode() + b"." + body, "sha256"
        ).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": moment,
            "X-Signature": signature,
        }
        answer = self._post(sent or body, headers, gateway)
        self.env.invalidate_all()
        return answer.status_code

    @mute_logger(LOGGER)
    def test_signed_reports(self):
        self.gateway.active = False
        gateway = self._create_gateway("json")
        self.server.plan.append((200, {"status": "queued", "id": "j7"}))
        sms = self._create_sms()
        self._send(sms)
        delivery = self._deliveries(sms)
        part = {"client_ref": sms.uuid, "id": "j7", "status": "delivered"}
        data = {"reports": [part, {"client_ref": "f" * 32, "status": "delivered"}]}
        changed = json.dumps(data).replace("j7", "j8").encode()
        for wanted, vals in (
            (403, {"key": "guessed"}),
            (403, {"sent": changed}),
            (403, {"moment": time.time() - 3600}),
            (403, {"moment": time.time() + 3600}),
            (200, {}),
            (200, {}),
        ):
            self.assertEqual(self._signed(gateway, data, **vals), wanted)
        self.assertEqual(delivery.state, "delivered")
        report = self.env["key.account.sms.report"].search([])
        self.assertEqual(sum(report.mapped("applied")), 1)
        self.assertEqual(set(report.mapped("unknown")), {1})
