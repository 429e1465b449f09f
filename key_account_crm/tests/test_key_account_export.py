# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ROLES, KeyAccountCommon

FIGURES = (
    "key.account.bill",
    "key.account.payment",
    "key.account.month",
    "key.account.line.standing",
)
EXPORTERS = {"centre", "office", "company", "head", "finance"}
LOGGERS = ("odoo.http", "odoo.addons.web.controllers.export")


@tagged("post_install", "-at_install")
class TestKeyAccountExport(KeyAccountCommon, HttpCase):
    """Export is a right of its own, by role and kind of data (ORG-21, domain 3.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager, phone="0317")
        cls.bill = cls._create_bill(cls.customer, 100)
        cls._pay(cls.bill, 60)
        cls.allow = cls.env.ref("base.group_allow_export")
        cls.env.flush_all()

    def _user(self, role):
        user = self.director if role == "centre" else getattr(self, role)
        user.group_ids = [Command.link(self.allow.id)]  # the group alone opens nothing
        return user

    def _may_export(self, records, names):
        try:
            return bool(records.export_data(names)["datas"])
        except (AccessError, UserError):
            return False

    def test_which_roles_bring_the_right(self):
        """Domain 3.2: no "e" for manager, agent and operator."""
        found = {
            role
            for role in ROLES
            if (self.director if role == "centre" else getattr(self, role)).has_group(
                "base.group_allow_export"
            )
        }
        self.assertEqual(found, EXPORTERS | {"admin"})

    def test_figures_are_exported_by_those_who_answer_for_them(self):
        for role in ROLES:
            user = self._user(role)
            for name in FIGURES:
                rows = self.env[name].search([("partner_id", "=", self.customer.id)])
                self.assertTrue(rows)
                rows = rows.with_user(user)
                with (
                    self.subTest(role=role, model=name),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    wanted = role in EXPORTERS
                    self.assertEqual(self._may_export(rows, ["display_name"]), wanted)

    def test_customer_files_leave_through_the_centre(self):
        for role in ROLES:
            customer = self.customer.with_user(self._user(role))
            with self.subTest(role), mute_logger("odoo.addons.base.models.ir_rule"):
                self.assertEqual(
                    self._may_export(customer, ["name", "phone"]), role == "centre"
                )

    def test_other_contacts_are_exported_as_ever(self):
        supplier = self.env["res.partner"].create({"name": "Supplier"})
        head = supplier.with_user(self._user("head"))
        self.assertEqual(head.export_data(["name"])["datas"], [["Supplier"]])

    def test_a_path_leads_to_no_file_that_may_not_be_exported(self):
        """A bill's list shows whose it is, and no more of the file."""
        bill = self.bill.with_user(self._user("head"))
        for path in (
            "partner_id",
            "partner_id/name",
            "partner_id/id",
            "partner_id/.id",
        ):
            with self.subTest(path):
                self.assertTrue(bill.export_data([path])["datas"])
        for path in (
            "partner_id/phone",
            "partner_id/key_account_credit_code",
            "payment_ids/partner_id/street",
            "partner_id/child_ids/email",
            "partner_id/key_account_number_ids/line_id/display_name",
        ):
            with self.subTest(path):
                if path.endswith("display_name"):
                    bill.export_data([path])
                    continue
                contact = {
                    "name": "Li",
                    "parent_id": self.customer.id,
                    "email": "a@b.c",
                }
                self.env["res.partner"].create(contact)
                with self.assertRaisesRegex(AccessError, "ask Centre"):
                    bill.export_data([path])
        supplier_path = ["user_id/partner_id/phone"]  # a colleague, no customer
        self.customer.user_id = self.head
        self.assertTrue(
            self.customer.with_user(self.director).export_data(supplier_path)["datas"]
        )

    def test_dictionaries_are_exported_by_their_keepers(self):
        terms = self.env["key.account.term"].search([], limit=1)
        for role in ROLES:
            found = self._may_export(terms.with_user(self._user(role)), ["name"])
            self.assertEqual(found, role in ("centre", "admin"), role)

    def test_lists_do_not_offer_what_is_refused(self):
        view = self.env.ref("key_account_crm.key_account_bill_view_list").id
        for role, is_offered in (("head", True), ("manager", False)):
            bills = self.env["key.account.bill"].with_user(self._user(role))
            arch = bills.get_view(view, "list")["arch"]
            self.assertEqual('export_xlsx="0"' not in arch, is_offered, role)

    def test_cards_do_not_offer_what_is_refused(self):
        """ORG-21: the customers' cards; what the client makes of it is tested there
        (static/tests/key_account_export.test.js)."""
        view = self.env.ref("key_account_crm.res_partner_view_kanban_key_account").id
        for role, is_offered in (("centre", True), ("head", False)):
            partners = self.env["res.partner"].with_user(self._user(role))
            arch = partners.get_view(view, "kanban")["arch"]
            self.assertEqual('export_xlsx="0"' not in arch, is_offered, role)

    def _export(self, login, ids, path="/web/export/csv", **params):
        self.authenticate(f"ka_{login}", f"ka_{login}")
        data = {
            "model": "res.partner",
            "fields": [{"name": "name", "label": "Name", "type": "char"}],
            "ids": ids,
            "domain": [["id", "=", self.customer.id]],
            "import_compat": False,
            **params,
        }
        return self.url_open(
            path,
            data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
        )

    @mute_logger(*LOGGERS)
    def test_the_dialogs_are_closed_too(self):
        """The endpoints of the web client, as a client would call them."""
        for role in ("head", "manager", "office"):
            self._user(role)
            for path in ("/web/export/csv", "/web/export/xlsx"):
                with self.subTest(role=role, path=path):
                    answer = self._export(role, self.customer.ids, path)
                    self.assertNotEqual(answer.status_code, 200)
                    self.assertNotIn(b"Acme", answer.content)
        answer = self._export("centre", False)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(b"Acme", answer.content)

    def test_an_export_is_logged_with_fields_count_and_filter(self):
        """ORG-13: who exported what, found by person and time."""
        domain = [
            ["id", "=", self.customer.id],
            ["key_account_mobile", "!=", "13800001111"],
        ]
        self.assertEqual(self._export("centre", False, domain=domain).status_code, 200)
        event = self.env["key.account.event"].search(
            [("kind", "=", "export"), ("user_id", "=", self.director.id)]
        )
        self.assertRecordValues(
            event,
            [
                {
                    "model": "res.partner",
                    "field_names": "name",
                    "row_count": 1,
                    "unit_id": self.centre.id,
                    "condition": json.dumps(
                        [domain[0], ["key_account_mobile", "!=", "•••"]]
                    ),
                }
            ],
        )
        self.assertTrue(event.address)
        self.assertEqual(event.model_label, "Contact")
        self.assertEqual(event.field_labels, "Name")

    @mute_logger(*LOGGERS)
    def test_lists_as_json_are_an_export(self):
        # Without a replica the request writes: a test cursor runs no later hooks.
        self.set_registry_readonly_mode(False)
        self.addCleanup(self.set_registry_readonly_mode, True)
        self.env["ir.config_parameter"].set_param("web.json.enabled", "1")
        action = self.env.ref("key_account_crm.key_account_bill_action").id
        for role, status in (("head", 200), ("manager", 403)):
            user = self._user(role)
            keys = self.env["res.users.apikeys"].with_user(user).sudo()
            key = keys._generate("rpc", "test", self.env.cr.now().replace(year=2099))
            answer = self.url_open(
                f"/json/1/action-{action}?view_type=list&domain=[]&limit=5&offset=0",
                headers={"Authorization": f"Bearer {key}"},
            )
            self.assertEqual(answer.status_code, status, role)
        events = self.env["key.account.event"].search([("kind", "=", "export")])
        self.assertEqual(events.user_id, self.head)
        self.assertEqual(events.model, "key.account.bill")
