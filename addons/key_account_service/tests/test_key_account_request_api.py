# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRequestApi(ServiceCommon, HttpCase):
    """The call centre's system registers and looks up by /json/2 with an API key."""

    def _key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate(
            "rpc", "call centre", fields.Datetime.now() + timedelta(1)
        )

    def _call(self, user, method, **kwargs):
        return self.url_open(
            f"/json/2/key.account.request/{method}",
            json.dumps(kwargs),
            headers={
                "Authorization": f"Bearer {self._key(user)}",
                "Content-Type": "application/json",
            },
        )

    def test_an_agents_system_registers_by_codes(self):
        answer = self._call(
            self.agent,
            "register",
            customer=self.far.key_account_code,
            kind="fault",
            subject="No tone",
            channel="call_centre",
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        found = answer.json()
        request = self.env["key.account.request"].browse(found["id"])
        self.assertEqual(found["name"], request.name)
        self.assertEqual(found["date_due"], str(request.date_due))
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.far.id,
                    "kind_id": self.fault.id,
                    "state": "accepted",
                }
            ],
        )
        answer = self._call(
            self.agent,
            "search_read",
            domain=[["name", "=", request.name]],
            fields=["state", "clock_phase"],
        )
        self.assertEqual(answer.json()[0]["clock_phase"], "on_time")

    @mute_logger("odoo.http")
    def test_what_is_wrong_is_named(self):
        for kwargs, text in (
            ({"customer": "nobody"}, "customer"),
            ({"kind": "nonsense"}, "kind"),
            ({"channel": "nonsense"}, "channel"),
            ({"number": "nonsense"}, "number"),
            ({"subject": " "}, "subject"),
        ):
            given = {
                "customer": self.acme.key_account_code,
                "kind": "fault",
                "subject": "x",
            }
            answer = self._call(self.agent, "register", **{**given, **kwargs})
            self.assertGreaterEqual(answer.status_code, 400)
            self.assertIn(f"“{text}”", answer.json()["message"])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_manager_registers_for_his_own_customers_only(self):
        given = {"kind": "fault", "subject": "x"}
        code = self.far.key_account_code
        answer = self._call(self.manager, "register", customer=code, **given)
        self.assertGreaterEqual(answer.status_code, 400)
        code = self.acme.key_account_code
        answer = self._call(self.manager, "register", customer=code, **given)
        self.assertEqual(answer.status_code, 200, answer.text)

    @mute_logger("odoo.http")
    def test_without_a_key_nothing(self):
        answer = self.url_open(
            "/json/2/key.account.request/search_read",
            "{}",
            headers={"Content-Type": "application/json"},
        )
        self.assertIn(answer.status_code, (401, 403))
