# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SmsGatewayCase


@tagged("post_install", "-at_install")
class TestGateway(SmsGatewayCase):
    """What a description may not say is refused with the remedy."""

    def test_addresses(self):
        for url, problem in (
            ("ftp://gateway.example/", "begins with https"),
            ("file:///etc/passwd", "begins with https"),
            ("gateway.example/send", "begins with https"),
            ("http://[::1", "begins with https"),
            ("https://{account}.example/", "is fixed"),
            ("https://gateway.example/{text.x}/#f", "fragment"),
            ("https://gateway.example/{password}", "path"),
            ("https://gateway.example/?a={text}", "are fields"),
            ("http://169.254.169.254/", "not allowed"),
        ):
            with (
                self.subTest(url=url),
                self.assertRaisesRegex(ValidationError, problem),
            ):
                self.gateway.url = url
        with self.assertRaisesRegex(ValidationError, "marked as such"):
            self.gateway.write({"is_internal": False, "url": "http://10.0.0.7/"})
        self.gateway.url = "https://gateway.example/v1/{account}/send?version=2"

    def test_bodies(self):
        for body_format, text in (
            ("json", "{"),
            ("json", '["{text}"]'),
            ("json", '{"a": "{password}"}'),
            ("json", '{"a": {text}}'),
            ("json", ""),
            ("xml", "<a>"),
            ("xml", "{text}"),
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.gateway.write({"body_format": body_format, "body_template": text})

    def test_fields_rules_and_paths(self):
        for vals in (
            {"field_ids": [Command.create({"name": "a", "value": "{password}"})]},
            {"field_ids": [Command.create({"place": "header", "name": "Host"})]},
            {"field_ids": [Command.create({"place": "header", "name": "a b"})]},
            {"rule_ids": [Command.create({"source": "path", "outcome": "accepted"})]},
            {
                "rule_ids": [
                    Command.create(
                        {"source": "path", "key": "a[?(@.b)]", "outcome": "accepted"}
                    )
                ]
            },
            {
                "rule_ids": [
                    Command.create(
                        {
                            "source": "body",
                            "test": "match",
                            "value": "(",
                            "outcome": "accepted",
                        }
                    )
                ]
            },
            {
                "rule_ids": [
                    Command.create(
                        {"use": "report", "source": "body", "outcome": "credit"}
                    )
                ]
            },
            {"reference_path": "a..b"},
            {"sign_algorithm": "md5", "sign_template": "{texts}"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.gateway.write(vals)

    def test_missing_secrets_are_named(self):
        self.assertFalse(self.gateway.missing_secrets)
        self.gateway.sign_key = "{secret:other}"
        self.gateway.sign_algorithm = "hmac_sha1"
        self.env.invalidate_all()
        self.assertEqual(self.gateway.missing_secrets, "other")

    def test_a_shape_keeps_address_and_secrets(self):
        before = self.gateway.secret_ids._reveal()
        self.gateway.profile_id = self.env.ref(
            "key_account_sms_http.key_account_sms_profile_query"
        )
        self.gateway.action_apply_profile()
        self.assertEqual(self.gateway.url, self.server.url)
        self.assertEqual(self.gateway.method, "GET")
        found = self.gateway.secret_ids._reveal()
        self.assertEqual(found, before | {"key": ""})

    def test_a_shape_says_nothing_of_other_things(self):
        profile = self.gateway.profile_id
        for content in (
            "{",
            "[]",
            '{"gateway": {"company_id": 1}}',
            '{"gateway": {"is_test": false}}',
            '{"fields": [{"gateway_id": 1}]}',
            '{"methods": []}',
        ):
            with self.subTest(content=content), self.assertRaises(ValidationError):
                profile.content = content

    def test_used_gateways_are_archived(self):
        self._send(self._create_sms())
        with self.assertRaisesRegex(UserError, "Archive"):
            self.gateway.unlink()
        self.gateway.action_archive()
        self._create_gateway("form").unlink()

    def test_statistics_agree_with_the_ledger(self):
        self.server.plan.extend([(200, {"code": 8}), (500, b"")])
        sms = self._create_sms("+8613812345678", body="bad")
        self._send(sms)
        self._send(self._create_sms("+8613812345678", body="lost"))
        self._send(self._create_sms("+8613812345678", body="款" * 71))
        self.assertRecordValues(
            self.gateway,
            [
                {
                    "sent_count": 1,
                    "delivered_count": 0,
                    "failed_count": 1,
                    "unknown_count": 1,
                    "cost_total": 0.1,
                }
            ],
        )
        attempts = self.env["key.account.sms.attempt"].search(
            [("gateway_id", "=", self.gateway.id)], order="id"
        )
        self.assertEqual(attempts.mapped("outcome"), ["rejected", "lost", "accepted"])
        self.assertEqual(attempts.mapped("status"), [200, 500, 200])

    def test_prices_are_shown_before_sending(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{i}", "phone": f"+861381234567{i}"} for i in range(3)]
        )
        self.gateway.text_prefix = "【公司】"
        for vals, wanted in (
            ({"body": "款" * 66}, "1 part(s), 70 characters (Unicode); 3"),
            ({"body": "款" * 67}, "2 part(s), 71 characters (Unicode); 3"),
            ({"body": "{{ object.name }}"}, "3 part(s) in 3 messages"),
        ):
            composer = self.env["sms.composer"].create(
                {
                    "res_model": "res.partner",
                    "res_ids": repr(partners.ids),
                    "composition_mode": "mass",
                    **vals,
                }
            )
            self.assertIn(wanted, composer.key_account_estimate)
            self.assertIn("Gateway form", composer.key_account_estimate)
        self.gateway.active = False
        composer.body = "other"
        self.assertFalse(composer.key_account_estimate)

    def test_test_messages_show_what_came(self):
        self.server.plan.append((200, {"code": 0, "msgid": "m77"}))
        wizard = self.env["key.account.sms.test"].create(
            {"gateway_id": self.gateway.id, "number": "+86 138 1234 5678"}
        )
        self.assertIn("1 part(s)", wizard.estimate)
        wizard.action_send()
        self.assertRecordValues(
            wizard, [{"state": "accepted", "reference": "m77", "status": 200}]
        )
        self.server.plan.append((200, {"code": 5, "msg": "empty"}))
        wizard.action_send()
        self.assertRecordValues(
            wizard, [{"state": "failed", "failure": "credit", "reason": "empty"}]
        )
        wizard.number = "none"
        with self.assertRaisesRegex(UserError, "is no number"):
            wizard.action_send()
