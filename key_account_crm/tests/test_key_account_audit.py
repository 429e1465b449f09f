# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import Error
from psycopg2.errors import RaiseException

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.base import DERIVED
from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAudit(KeyAccountCommon):
    """Every change is found, by whatever way it came (ORG-13, ORG-14, LOG-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.bill = cls._create_bill(cls.customer, 100)
        cls.env.flush_all()
        cls.last = cls._get_last()

    @classmethod
    def _get_last(cls):
        return cls.env["key.account.audit"].search([], limit=1).id

    def _logs(self, record=None, **kwargs):
        """Entries since the set-up, oldest first."""
        self.env.flush_all()
        domain = [("id", ">", self.last)]
        if record is not None:
            domain += [("model", "=", record._name), ("res_id", "in", record.ids)]
        domain += [(name, "=", value) for name, value in kwargs.items()]
        return self.env["key.account.audit"].search(domain, order="id")

    def _create_person(self):
        return self._create_customer(
            "Wang", self.manager, key_account_kind="individual"
        )

    def _execute(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all(flush=False)

    def test_create_change_and_deletion_are_found_by_record(self):
        member = self.env["key.account.member"].with_user(self.manager)
        member = member.create({"partner_id": self.customer.id, "name": "Li"})
        self.env.flush_all()
        member.importance = "1"
        member.flush_recordset()
        model, res_id = member._name, member.id
        member.unlink()
        logs = self._logs(model=model, res_id=res_id)
        customer, unit = self.customer.id, self.post_1.id
        common = {"user_id": self.manager.id, "partner_id": customer, "unit_id": unit}
        self.assertRecordValues(
            logs,
            [
                {"action": "create", "changes": False, **common},
                {"action": "write", "changes": {"importance": ["3", "1"]}, **common},
                {"action": "unlink", "changes": logs[2].changes, **common},
            ],
        )
        self.assertEqual(logs[2].changes["name"], ["Li", None])

    def test_only_the_columns_that_changed(self):
        self.customer.with_user(self.manager).write({"phone": "021", "city": False})
        log = self._logs(self.customer)
        self.assertEqual(log.changes, {"phone": [None, "021"]})
        self.customer.with_user(self.manager).write({"phone": "021"})
        self.assertEqual(self._logs(self.customer), log)

    def test_set_based_statements_are_logged_under_the_batch(self):
        run = self.env["key.account.run"].create(
            {"name": "Test", "kind": "test", "unit_id": self.centre.id}
        )
        self.last = self._get_last()
        feed = self.env["key.account.audit"].with_user(self.operator)
        feed._set_origin("feed", run_id=run.id)
        self._execute(
            "UPDATE key_account_bill SET date_due = date_due + 1 WHERE id = %s",
            self.bill.id,
        )
        log = self._logs(self.bill)
        self.assertRecordValues(
            log,
            [
                {
                    "action": "write",
                    "user_id": self.operator.id,
                    "origin": "feed",
                    "run_id": run.id,
                    "partner_id": self.customer.id,
                    "changes": {"date_due": ["2026-02-15", "2026-02-16"]},
                }
            ],
        )
        self.customer.with_user(self.manager).phone = "1"
        self.assertEqual(self._logs(self.customer).origin, "feed")

    def test_thousand_rows_in_one_statement_are_a_thousand_entries(self):
        self._execute(
            """
            INSERT INTO key_account_member
                   (partner_id, name, importance, create_uid, write_uid)
            SELECT %(partner)s, i::text, '3', %(uid)s, %(uid)s
              FROM generate_series(1, 1000) AS i
            """.replace("%(partner)s", str(self.customer.id)).replace(
                "%(uid)s", str(self.manager.id)
            )
        )
        logs = self._logs(model="key.account.member", action="create")
        self.assertEqual(len(logs), 1000)
        self.assertEqual(logs.user_id, self.manager)
        self.assertEqual(logs.partner_id, self.customer)

    def test_figures_that_follow_from_others_are_not_logged(self):
        self._pay(self.bill, 60)
        self.assertEqual(self.bill.amount_open, 40)
        self.assertFalse(self._logs(self.bill))
        self.assertEqual(
            set(self._logs().mapped("model")), {"key.account.payment"}, "no months"
        )

    def test_other_partners_are_none_of_our_business(self):
        partner = self.env["res.partner"].create({"name": "Supplier"})
        partner.phone = "1"
        self.assertFalse(self._logs(partner))
        partner.unlink()
        self.assertFalse(self._logs())

    def test_a_contact_is_logged_under_its_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Wang", "parent_id": self.customer.id, "is_company": False}
        )
        self.env.flush_all()
        contact.function = "Buyer"
        logs = self._logs(contact)
        self.assertEqual(logs.partner_id, self.customer)
        self.assertEqual(logs.mapped("action"), ["create", "write"])

    def test_tags_are_logged(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.customer.category_id = [Command.link(tag.id)]
        self.customer.category_id = [Command.clear()]
        changes = self._logs(self.customer).mapped("changes")
        self.assertEqual(
            changes,
            [{"category_id": [None, [tag.id]]}, {"category_id": [[tag.id], None]}],
        )

    def test_role_and_unit_of_a_user_are_logged(self):
        """ORG-13: who gave whom which role."""
        self.colleague.key_account_unit_id = self.post_2
        self.colleague.key_account_role = "head"
        changes = self._logs(self.colleague).mapped("changes")
        head = self.env.ref("key_account_crm.group_key_account_head").id
        self.assertIn(
            {"key_account_unit_id": [self.post_1.id, self.post_2.id]}, changes
        )
        self.assertIn({"group_ids": [None, [head]]}, changes)
        self.last = self._get_last()
        self.colleague.group_ids = [
            Command.link(self.env.ref("base.group_allow_export").id)
        ]
        self.assertFalse(self._logs(self.colleague))

    def test_private_values_are_not_in_the_log(self):
        """ORG-21"""
        wang = self._create_person()
        wang.key_account_mobile = "13812345678"
        person = self.env["key.account.person"].search([("partner_id", "=", wang.id)])
        self.env.flush_all()
        person.mobile = "13900000000"
        self.env.flush_all()
        name, res_id = person._name, person.id
        person.unlink()
        logs = self._logs(model=name, res_id=res_id)
        self.assertEqual(logs.mapped("action"), ["create", "write", "unlink"])
        self.assertEqual(logs[1].changes, {"mobile": ["•••", "•••"]})
        self.assertEqual(logs[2].changes["mobile"], ["•••", None])
        self.assertNotIn("139", str(logs.mapped("changes")))

    def test_sudo_and_other_users_keep_their_names(self):
        self.customer.with_user(self.manager).sudo().phone = "1"
        self.env.flush_all()
        self.customer.with_user(self.head).phone = "2"
        writers = self._logs(self.customer).mapped("user_id")
        self.assertEqual(writers.ids, [self.manager.id, self.head.id])

    def test_a_deletion_names_its_user_after_a_savepoint_rolled_back(self):
        members = self.env["key.account.member"].create(
            [{"partner_id": self.customer.id, "name": name} for name in "ab"]
        )
        try:
            with self.env.cr.savepoint():
                members[0].with_user(self.manager).unlink()
                raise UserError("stop")
        except UserError:
            pass
        self.assertFalse(self._logs(model="key.account.member", action="unlink"))
        members[0].with_user(self.head).unlink()
        log = self._logs(model="key.account.member", action="unlink")
        self.assertEqual(log.user_id, self.head)

    def test_deleting_what_the_log_names_neither_fails_nor_edits_it(self):
        wang = self._create_person()
        contact = self.env["res.partner"].create(
            {"name": "Zhao", "parent_id": wang.id, "is_company": False}
        )
        self.env.flush_all()
        contact_id = contact.id
        contact.with_user(self.manager).unlink()
        logs = self._logs(model="res.partner", res_id=contact_id)
        self.assertEqual(logs.mapped("action"), ["create", "unlink"])
        for table in ("key_account_standing", "key_account_state_move"):
            self._execute(f"DELETE FROM {table} WHERE partner_id = %s", wang.id)  # noqa
        self._execute("DELETE FROM res_partner WHERE id = %s", wang.id)
        read = logs.web_read({"partner_id": {"fields": {"display_name": {}}}})
        self.assertEqual([row["partner_id"] for row in read], [False, False])
        grouped = self.env["key.account.audit"].web_read_group(
            [("id", "in", logs.ids)], ["partner_id"], ["__count"]
        )
        self.assertEqual(grouped["groups"][0]["partner_id"], False)

    @mute_logger("odoo.sql_db")
    def test_nobody_edits_or_deletes_an_entry(self):
        """ORG-13: not the administrator, not the superuser, not SQL."""
        self.customer.phone = "1"
        log = self._logs(self.customer)
        for env in (self.env, self.env(user=self.admin), self.env(su=True)):
            entry = log.with_env(env)
            for attempt in (
                lambda entry=entry: entry.write({"origin": "x"}),
                lambda entry=entry: entry._write({"origin": "x"}),
                lambda entry=entry: entry.unlink(),
                lambda entry=entry: entry.create({"model": "x"}),
                lambda entry=entry: entry.copy(),
            ):
                with self.assertRaises(UserError):  # or AccessError
                    attempt()
        for query in (
            "UPDATE key_account_audit SET origin = 'x'",
            "DELETE FROM key_account_audit",
            "TRUNCATE key_account_audit",
            "UPDATE key_account_access SET way = 'x'",
            "DELETE FROM key_account_access",
        ):
            with self.subTest(query), self.assertRaises(RaiseException):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query)
        self.assertEqual(log.changes, {"phone": [None, "1"]})

    def test_found_by_person_time_and_field(self):
        self.customer.with_user(self.manager).write({"phone": "1", "city": "Xi'an"})
        self.env.flush_all()
        self.customer.with_user(self.head).website = "https://acme.example"
        logs = self._logs(self.customer)
        audit = self.env["key.account.audit"].with_user(self.director)
        mine = [("id", "in", logs.ids)]
        cases = [
            ([("user_id", "=", self.manager.id)], logs[0]),
            ([("user_id.login", "=", "ka_head")], logs[1]),
            ([("date", ">=", logs[0].date)], logs),
            ([("date", "<", "2020-01-01")], logs.browse()),
            ([("field_names", "=", "phone")], logs[0]),
            ([("field_names", "ilike", "websi")], logs[1]),
            ([("field_names", "ilike", "Phone")], logs[0]),
            ([("field_names", "=", "vat")], logs.browse()),
            ([("model_label", "ilike", "Contact")], logs),
        ]
        for domain, found in cases:
            with self.subTest(domain):
                self.assertEqual(audit.search(mine + domain, order="id"), found)

    def test_text_names_fields_and_values(self):
        tag = self.env["key.account.term"].create(
            {"name": "Mobile Co", "code": "t-mob", "category": "tax"}
        )
        self.env.flush_all()
        self.customer.write({"phone": "1", "key_account_tax_id": tag.id})
        log = self._logs(self.customer)
        text = log.with_user(self.director).change_text
        self.assertIn("Phone: – → 1", text)
        self.assertIn("Tax Kind: – → Mobile Co", text)

    def test_who_reads_the_log(self):
        """Domain 3.2, audit log: admin A r (masked), centre A r e, company C r."""
        self.customer.phone = "1"
        log = self._logs(self.customer)
        other = self._create_customer("Other", self.manager_b)
        self.env.flush_all()
        other.phone = "2"
        both = log | self._logs(other, action="write")
        self.assertEqual(len(both), 2)
        audit = self.env["key.account.audit"]
        domain = [("id", "in", both.ids)]
        expected = {
            self.director: both,
            self.admin: both,
            self.company: log,
            self.company_b: both - log,
        }
        for user, found in expected.items():
            with self.subTest(user.login):
                self.assertEqual(audit.with_user(user).search(domain), found[::-1])
        for user in (
            self.manager,
            self.head,
            self.office,
            self.finance,
            self.agent,
            self.operator,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                audit.with_user(user).search(domain)

    def test_the_administrator_reads_names_of_fields_only(self):
        self.customer.phone = "13800001111"
        log = self._logs(self.customer).with_user(self.admin)
        self.assertEqual(log.field_names, "Phone")
        self.assertEqual(log.change_text, "Phone: •••")
        with self.assertRaises(AccessError):
            log.read(["changes"])
        with self.assertRaises(AccessError):
            log.search([("changes", "ilike", "1380")])

    def test_only_the_centre_exports_the_log(self):
        self.customer.phone = "1"
        log = self._logs(self.customer)
        export = self.env.ref("base.group_allow_export")
        for user in (self.director, self.company, self.admin):
            user.group_ids = [Command.link(export.id)]
        rows = log.with_user(self.director).export_data(["origin", "change_text"])
        self.assertEqual(rows["datas"], [["system", "Phone: – → 1"]])
        for user in (self.company, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                log.with_user(user).export_data(["origin"])

    def test_an_interactive_write_costs_one_query_more(self):
        model = self.env["key.account.member"]
        member = model.create({"partner_id": self.customer.id, "name": "Li"})
        self.env.flush_all()
        with self.assertQueryCount(3):  # two writes, and once who writes
            for name in ("Zhang", "Wang"):
                member.name = name
                member.flush_recordset()

    def test_every_table_of_the_suite_is_logged(self):
        """A new model that forgets itself fails here."""
        functions = self.env["key.account.audit"]._get_functions()
        derived = DERIVED | {"key.account.audit", "key.account.access"}
        for name, model in self.env.items():
            if not name.startswith("key.account.") or not model._auto:
                continue
            if model._abstract or model._transient:
                continue
            if name in derived or not model._key_account_logged:
                continue
            with self.subTest(name):
                _signature, triggers = functions[f"key_account_log_{model._table}"]
                self.assertEqual(triggers, 3)


@tagged("post_install", "-at_install")
class TestKeyAccountAuditColumns(KeyAccountCommon):
    """Columns that come and go with other addons."""

    def test_columns_may_come_and_go(self):
        model = self.env["ir.model"]._get("key.account.member")
        customer = self._create_customer("Acme", self.manager)
        member = self.env["key.account.member"].create(
            {"partner_id": customer.id, "name": "Li"}
        )
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_shoe_size",
                "model_id": model.id,
                "ttype": "integer",
                "field_description": "Shoe Size",
            }
        )
        self.env.flush_all()
        member.x_shoe_size = 43
        self.env.flush_all()
        domain = [("model", "=", member._name), ("res_id", "=", member.id)]
        logs = self.env["key.account.audit"].search(domain)
        self.assertIn({"x_shoe_size": [None, 43]}, logs.mapped("changes"))
        field.unlink()
        member.name = "Wang"
        self.env.flush_all()
        log = self.env["key.account.audit"].search(domain, limit=1)
        self.assertEqual(log.changes, {"name": ["Li", "Wang"]})
        gone = logs.filtered(lambda log: "x_shoe_size" in (log.changes or {}))
        self.assertEqual(gone.change_text, "x_shoe_size: – → 43")

    def test_uninstalling_leaves_no_trigger(self):
        self.env["key.account.audit"]._drop_all()
        self.assertFalse(self.env["key.account.audit"]._get_functions())
        customer = self._create_customer("Acme", self.manager)
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute("DELETE FROM key_account_audit")
        except Error as error:
            self.fail(f"the log still refuses: {error}")
        self.assertTrue(customer.exists())
