# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAuditOrigin(KeyAccountCommon, HttpCase):
    """From where a change came, each by its real way (LOG-01, ORG-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.env.flush_all()

    def _get_entry(self, record=None, action="write"):
        self.env.invalidate_all()
        record = record or self.customer
        return self.env["key.account.audit"].search(
            [
                ("model", "=", record._name),
                ("res_id", "in", record.ids),
                ("action", "=", action),
            ],
            limit=1,
        )

    def _assert_entry(self, entry, origin, user, changes=None):
        self.assertRecordValues(
            entry, [{"origin": origin, "user_id": user.id, "partner_id": entry.res_id}]
        )
        if changes is not None:
            self.assertEqual(entry.changes, changes)

    def _call(self, model, method, args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def test_the_screen(self):
        self.authenticate("ka_manager", "ka_manager")
        self._call("res.partner", "web_save", [self.customer.ids, {"phone": "1"}, {}])
        self._assert_entry(
            self._get_entry(), "screen", self.manager, {"phone": [None, "1"]}
        )

    def test_an_interface_with_an_api_key(self):
        keys = self.env["res.users.apikeys"].with_user(self.manager).sudo()
        key = keys._generate("rpc", "test", self.env.cr.now().replace(year=2099))
        answer = self.url_open(
            "/json/2/res.partner/write",
            data=json.dumps({"ids": self.customer.ids, "vals": {"phone": "2"}}),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {key}",
            },
        )
        self.assertEqual(answer.status_code, 200)
        self._assert_entry(
            self._get_entry(), "rpc", self.manager, {"phone": [None, "2"]}
        )

    def test_an_interface_with_a_password(self):
        self._call_xmlrpc({"phone": "3"})
        self._assert_entry(
            self._get_entry(), "rpc", self.manager, {"phone": [None, "3"]}
        )

    def test_an_interface_cannot_say_that_it_is_another(self):
        for key in ("cron_id", "import_file"):
            with self.subTest(key):
                self._call_xmlrpc({"phone": key}, context={key: 1})
                entry = self._get_entry()
                self.assertEqual(
                    (entry.origin, entry.changes["phone"][1]), ("rpc", key)
                )

    def _call_xmlrpc(self, vals, **kwargs):
        database, password = self.env.cr.dbname, "ka_manager"
        uid = self.xmlrpc_common.login(database, "ka_manager", password)
        return self.xmlrpc_object.execute_kw(
            database,
            uid,
            password,
            "res.partner",
            "write",
            [self.customer.ids, vals],
            kwargs,
        )

    def test_an_import_of_a_file(self):
        """The dialog of the web client: file, columns, import."""
        self.authenticate("ka_manager", "ka_manager")
        dialog = self._call(
            "base_import.import", "create", [{"res_model": "res.partner"}]
        )
        dialog = dialog[0] if isinstance(dialog, list) else dialog
        answer = self.url_open(
            "/base_import/set_file",
            data={"id": dialog, "csrf_token": Request.csrf_token(self)},
            files={"ufile": ("new.csv", "name,kind\nImported,group\n", "text/csv")},
        )
        self.assertEqual(answer.status_code, 200)
        options = {
            "has_headers": True,
            "separator": ",",
            "quoting": '"',
            "encoding": "utf-8",
        }
        result = self._call(
            "base_import.import",
            "execute_import",
            [[dialog], ["name", "key_account_kind"], ["name", "kind"], options],
        )
        self.assertFalse(result["messages"])
        made = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(made.name, "Imported")
        self._assert_entry(self._get_entry(made, "create"), "import", self.manager)

    def test_a_scheduled_action(self):
        cron = self.env["ir.cron"].create(
            {
                "name": "Test",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": f"model.browse({self.customer.id}).write({{'phone': '4'}})",
                "user_id": self.director.id,
            }
        )
        cron.method_direct_trigger()
        self._assert_entry(
            self._get_entry(), "cron", self.director, {"phone": [None, "4"]}
        )

    def test_a_batch(self):
        """A set-based statement under the name of its run, whoever started it."""
        run = self.env["key.account.run"].create(
            {"name": "Night", "kind": "test", "unit_id": self.centre.id}
        )
        audit = self.env["key.account.audit"].with_user(self.operator)
        audit._set_origin("feed", run_id=run.id)
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '5' WHERE id = %s", [self.customer.id]
        )
        entry = self._get_entry()
        self._assert_entry(entry, "feed", self.operator, {"phone": [None, "5"]})
        self.assertEqual(entry.run_id, run)

    def test_the_server_itself(self):
        self.customer.with_user(self.manager).phone = "6"
        self.env.flush_all()
        self._assert_entry(
            self._get_entry(), "system", self.manager, {"phone": [None, "6"]}
        )
