# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
import logging
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged, users
from odoo.tools import SQL, file_path, mute_logger

from .. import vault
from . import server
from .common import PASSWORD, SmsGatewayCase


@tagged("post_install", "-at_install")
class TestSecrets(SmsGatewayCase):
    """A secret goes in and never comes out: by no screen, call, file, log or error."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "sms_admin", "base.group_system")
        cls.clerk = new_test_user(cls.env, "sms_clerk", "base.group_user")

    def _hidden(self, found):
        text = json.dumps(found, default=str, ensure_ascii=False)
        self.assertNotIn(PASSWORD, text)
        self.assertNotIn("p4ss", text)

    @users("sms_admin")
    def test_no_call_gives_it_back(self):
        gateway = self.gateway.with_env(self.env)
        secret = gateway.secret_ids.filtered(lambda row: row.code == "password")
        self.assertTrue(secret.is_set)
        names = list(secret._fields)
        self._hidden(secret.read(names))
        self._hidden(secret.export_data([n for n in names if n != "id"])["datas"])
        spec = {name: {} for name in names}
        self._hidden(secret.web_read(spec))
        self._hidden(secret.web_save({"value": "p4ss again"}, spec))
        self._hidden(
            gateway.web_save(
                {"secret_ids": [Command.update(secret.id, {"value": PASSWORD})]},
                {"secret_ids": {"fields": {"value": {}}}},
            )
        )
        self._hidden(gateway.copy().secret_ids.read())
        self._hidden(secret.copy_data())
        self._hidden(secret.search_read([], names))
        with self.assertRaises(ValueError):
            secret.search([("content", "like", "p4")])
        with self.assertRaises(ValueError):
            secret._read_group([], ["content"])
        with mute_logger("odoo.orm.domains", "odoo.fields", "odoo.orm.fields"):
            known = self._try_search(secret, PASSWORD)
            self.assertEqual(known, self._try_search(secret, "another"))

    def _try_search(self, secret, value):
        try:
            return secret.search([("value", "=", value)])
        except ValueError as error:
            return str(error).replace(value, "")

    @users("sms_admin")
    def test_a_form_shows_nothing_and_keeps_what_is_not_typed(self):
        gateway = self.gateway.with_env(self.env)
        with Form(gateway) as form, form.secret_ids.edit(0) as row:
            self.assertFalse(row.value)
        self.assertEqual(gateway.secret_ids._reveal()["password"], PASSWORD)
        with Form(gateway) as form, form.secret_ids.edit(0) as row:
            row.value = "new one"
        self.assertEqual(gateway.secret_ids._reveal()["password"], "new one")

    def test_it_is_no_public_method(self):
        for name in ("_reveal", "_keep"):
            with self.assertRaises(AccessError):
                call_kw(
                    self.gateway.secret_ids, name, [self.gateway.secret_ids.ids], {}
                )

    @users("sms_clerk")
    def test_nobody_else_reads_gateways(self):
        for name in (
            "gateway",
            "secret",
            "field",
            "rule",
            "delivery",
            "attempt",
            "report",
            "profile",
            "test",
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.env[f"key.account.sms.{name}"].search([])

    @users("sms_clerk")
    def test_everybody_who_may_write_messages_sends_them(self):
        partner = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Customer", "phone": "+8613812345678"})
        )
        partner.with_user(self.env.user)._message_sms("您好")
        self._commit()
        self.assertEqual(len(self.server.asked), 1)

    def test_no_log_and_no_error_names_it(self):
        """With everything logged that can be, whatever the gateway does."""
        echo = (
            200,
            {"code": 1, "msg": f"password {PASSWORD} p4ss%26word%3D1%2F%C3%BC"},
        )
        with self.assertLogs("odoo", logging.DEBUG) as logged:
            for step in (server.reset, server.slow, server.malformed, echo, (500, b"")):
                self.server.plan.append(step)
                self._send(self._create_sms())
        self._hidden(logged.output)
        for name in ("delivery", "attempt"):
            self._hidden(self.env[f"key.account.sms.{name}"].search_read([]))

    def test_no_table_but_its_own_holds_it(self):
        self._send(self._create_sms())
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND data_type IN
                      ('text', 'character varying', 'jsonb', 'json')
                  AND (table_name LIKE 'key_account%' OR table_name IN
                       ('mail_message', 'mail_tracking_value', 'ir_logging',
                        'ir_config_parameter', 'sms_sms', 'sms_tracker'))"""
        )
        found = set()
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE strpos(%s::text, %s) > 0 LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    PASSWORD,
                )
            )
            if self.env.cr.rowcount:
                found.add((table, column))
        self.assertEqual(found, {("key_account_sms_secret", "content")})

    def _stored(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT code, content FROM key_account_sms_secret")
        return dict(self.env.cr.fetchall())

    def _set_keys(self, *keys):
        """The keys of the server, as its environment names them."""
        joined = ",".join(keys)
        environment = patch.dict("os.environ", {vault.VARIABLE: joined})
        environment.start()
        self.addCleanup(environment.stop)

    def test_with_a_key_the_database_alone_is_worth_nothing(self):
        """Stored before or after there was one; and sent all the same."""
        secrets = self.gateway.secret_ids
        self.assertEqual(self._stored()["password"], PASSWORD)
        self._set_keys(vault.make_key())
        secrets._seal()
        secrets.filtered(lambda row: row.code != "password").write({"value": "other"})
        for content in self._stored().values():
            self.assertTrue(vault.is_sealed(content) or not content)
            self.assertNotIn(PASSWORD, content or "")
        self.assertEqual(secrets._reveal()["password"], PASSWORD)
        self._send(self._create_sms())
        self.assertEqual(len(self.server.asked), 1)

    def test_a_key_is_replaced(self):
        old, new = vault.make_key(), vault.make_key()
        secrets = self.gateway.secret_ids
        self._set_keys(old)
        secrets._seal()
        self._set_keys(new, old)
        secrets._seal()
        self._set_keys(new)
        self.assertEqual(secrets._reveal()["password"], PASSWORD)

    def test_a_lost_key_sends_nothing_and_says_so(self):
        secrets = self.gateway.secret_ids
        self._set_keys(vault.make_key())
        secrets._seal()
        for keys in ([vault.make_key()], []):
            self._set_keys(*keys)
            self.assertFalse(secrets._reveal()["password"])
            with self.assertRaisesRegex(UserError, "password.*key_account_secret_key"):
                self.gateway._get_spec()
        self._set_keys("no key")
        with self.assertRaisesRegex(ValueError, "no Fernet key") as caught:
            secrets._reveal()
        self.assertNotIn("no key:", str(caught.exception))

    def test_names_and_sizes(self):
        for vals in ({"code": "Pass word"}, {"code": "a", "value": "x" * 5000}):
            with self.assertRaises(ValidationError):
                self.gateway.secret_ids = [Command.create(vals)]

    def test_the_address_takes_no_secret(self):
        for url in (
            "https://user:pass@gateway.example/",
            "https://gateway.example/{secret:password}/send",
        ):
            with self.assertRaises(ValidationError):
                self.gateway.url = url

    def test_a_copy_of_the_database_is_harmless(self):
        path = file_path("key_account_sms_http/data/neutralize.sql")
        self.env.flush_all()
        self.env.cr.execute(Path(path).read_text())
        self.env.invalidate_all()
        self.assertFalse(any(self.gateway.secret_ids._reveal().values()))
        self._send(self._create_sms())
        self.assertFalse(self.server.asked)
