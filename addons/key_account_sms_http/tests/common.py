# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Command
from odoo.tests import HttpCase

from .server import Gateway

PASSWORD = "p4ss&word=1/ü"
KEY = "k3y-of-the-reports"


class SmsGatewayCase(HttpCase):
    """A gateway of the company, described by the shape "form", behind it a real server.

    ``HttpCase`` makes the transactions of the ledger parts of the test's own; what only
    real ones can show is in ``tests/scenarios`` of the repository.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(Gateway())
        cls.env["key.account.sms.gateway"].search([]).active = False
        cls.env["sms.sms"].search([("state", "=", "outgoing")]).to_delete = True
        cls.gateway = cls._create_gateway("form")

    @classmethod
    def _create_gateway(cls, shape, **vals):
        profile = cls.env.ref(f"key_account_sms_http.key_account_sms_profile_{shape}")
        gateway = cls.env["key.account.sms.gateway"].create(
            {
                "name": f"Gateway {shape}",
                "url": cls.server.url,
                "is_internal": True,
                "account": "acme",
                "profile_id": profile.id,
                "price": 0.05,
                "rate_limit": 0,
                "timeout": 1.0,
                **vals,
            }
        )
        gateway.action_apply_profile()
        for secret in gateway.secret_ids:
            secret.value = KEY if secret.code == "report" else PASSWORD
        return gateway

    def setUp(self):
        super().setUp()
        self.server.asked.clear()
        self.server.plan.clear()

    def _create_sms(self, *numbers, body="您好"):
        return self.env["sms.sms"].create(
            [
                {"number": number, "body": body}
                for number in numbers or ["+8613812345678"]
            ]
        )

    def _send(self, messages):
        """Ask for it as a person does; what follows the commit follows here."""
        messages.send(unlink_sent=False)
        self._commit()

    def _commit(self):
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()

    def _deliveries(self, messages):
        return self.env["key.account.sms.delivery"].search(
            [("sms_uuid", "in", messages.mapped("uuid"))], order="id"
        )

    def _run_queue(self):
        self.env.flush_all()
        self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()

    def _make_due(self, messages):
        """The wait is over."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_sms_delivery SET date_next = now() - interval '1 day'"
            " WHERE sms_uuid = ANY(%s)",
            [messages.mapped("uuid")],
        )
        messages.key_account_date_next = False
        self.env.invalidate_all()

    @classmethod
    def _add_rule(cls, gateway, **vals):
        gateway.rule_ids = [Command.create({"sequence": 0, **vals})]
