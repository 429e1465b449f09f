# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import HttpCase, tagged

from .. import masking
from ..models.res_partner_person import SHOWN
from .common import KeyAccountCommon

NUMBER = "310101198006121234"
OPEN = {
    "key_account_birthday": "1980-06-12",
    "key_account_birthdate": Date.to_date("1980-06-12"),
    "key_account_identity_kind": "id_card",
    "key_account_identity_number": NUMBER,
    "key_account_mobile": "13812345678",
    "key_account_sex": "female",
    "key_account_hobbies": "Go",
    "key_account_reading": "Lu Xun",
    "key_account_family": "One son",
}
MASKED = {
    "key_account_birthday": "****-06-**",
    "key_account_birthdate": False,
    "key_account_identity_kind": False,
    "key_account_identity_number": "**************1234",
    "key_account_mobile": "138****5678",
    "key_account_sex": False,
    "key_account_hobbies": "•••",
    "key_account_reading": "•••",
    "key_account_family": "•••",
}


class PersonCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {
            name: value for name, value in OPEN.items() if "birthdate" not in name
        }
        cls.wang = cls._create_customer(
            "Wang", cls.manager, key_account_kind="individual", **values
        )
        # served by parcel too, which keeps no private data of a customer of post
        cls._create_line_file(cls.wang, cls.express, cls.manager_b)
        cls.person = cls.env["key.account.person"].search(
            [("partner_id", "=", cls.wang.id)]
        )
        cls.insiders = cls.manager | cls.head | cls.company | cls.director
        cls.outsiders = (
            cls.office
            | cls.finance
            | cls.agent
            | cls.admin
            | cls.company_b
            | cls.head_b
            | cls.manager_b
        )
        cls.env.flush_all()
        cls.last = cls._get_accesses().ids

    @classmethod
    def _get_accesses(cls):
        return cls.env["key.account.access"].search([], order="id")

    def _new_accesses(self):
        return self._get_accesses().filtered(lambda log: log.id not in self.last)


@tagged("post_install", "-at_install")
class TestKeyAccountPerson(PersonCommon):
    """Private data, open inside the owning unit, masked outside (ORG-21, FILE-17)."""

    def test_masks(self):
        self.assertFalse(doctest.testmod(masking).failed)

    def test_open_inside_the_owning_unit(self):
        for user in self.insiders:
            with self.subTest(user.login):
                wang = self.wang.with_user(user)
                row = wang.read([*SHOWN, "key_account_is_private"])[0]
                self.assertEqual({name: row[name] for name in SHOWN}, OPEN)
                self.assertTrue(row["key_account_is_private"])

    def test_masked_outside(self):
        for user in self.outsiders:
            with self.subTest(user.login):
                wang = self.wang.with_user(user)
                row = wang.web_read({name: {} for name in SHOWN})[0]
                masked = {name: row[name] for name in SHOWN}
                self.assertEqual(masked, MASKED)
                self.assertFalse(wang.key_account_is_private)
        self.assertFalse(self._new_accesses())

    def test_another_manager_of_the_unit_does_not_even_read_the_customer(self):
        with self.assertRaises(AccessError):
            self.wang.with_user(self.colleague).read(["key_account_mobile"])

    def test_the_private_table_is_closed_outside(self):
        persons = self.env["key.account.person"]
        for user in self.outsiders:
            with self.subTest(user.login):
                try:
                    found = persons.with_user(user).search([])
                except AccessError:
                    continue
                self.assertNotIn(self.person, found)
                with self.assertRaises(AccessError):
                    self.person.with_user(user).read(["mobile"])

    def test_lists_and_exports_are_masked_alike(self):
        export = self.env.ref("base.group_allow_export")
        for user, values in ((self.director, OPEN), (self.agent, MASKED)):
            user.group_ids = [Command.link(export.id)]
            partners = self.env["res.partner"].with_user(user)
            domain = [("id", "=", self.wang.id)]
            names = ["key_account_mobile", "key_account_identity_number"]
            listed = partners.web_search_read(domain, {name: {} for name in names})
            searched = partners.search_read(domain, names)
            wang = self.wang.with_user(user)
            # Whoever is shown the masks may not export: the values the export would
            # take, all the same.
            exported = wang._export_rows([[name] for name in names])
            expected = [values[name] for name in names]
            with self.subTest(user.login):
                for row in (listed["records"][0], searched[0]):
                    self.assertEqual([row[name] for name in names], expected)
                self.assertEqual(exported, [expected])

    def test_a_bill_does_not_lead_to_the_values(self):
        """Neither a path in an export nor a nested specification opens them."""
        bill = self._create_bill(self.wang)
        finance = self.finance
        finance.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        bill = bill.with_user(finance)
        with self.assertRaises(AccessError):
            bill.export_data(["partner_id/key_account_mobile"])
        rows = bill._export_rows([["partner_id", "key_account_mobile"]])
        self.assertEqual(rows, [["138****5678"]])
        nested = bill.web_read(
            {"partner_id": {"fields": {"key_account_identity_number": {}}}}
        )
        self.assertEqual(
            nested[0]["partner_id"]["key_account_identity_number"],
            "**************1234",
        )

    def test_search_is_no_oracle(self):
        cases = [
            ("key_account_identity_number", "=", NUMBER),
            ("key_account_identity_number", "ilike", "1980"),
            ("key_account_identity_number", "like", "31%"),
            ("key_account_mobile", "=", "13812345678"),
            ("key_account_mobile", "in", ["13812345678"]),
            ("key_account_birthdate", ">=", "1980-06-12"),
            ("key_account_birthday", "=", "1980-06-12"),
            ("key_account_hobbies", "!=", False),
            ("key_account_sex", "=", "female"),
        ]
        for case in cases:
            for user, count in (
                (self.manager, 1),
                (self.director, 1),
                (self.agent, 0),
                (self.admin, 0),
                (self.company_b, 0),
                (self.manager_b, 0),
            ):
                partners = self.env["res.partner"].with_user(user)
                domain = [("id", "=", self.wang.id), case]
                with self.subTest(case=case, user=user.login):
                    self.assertEqual(partners.search_count(domain), count)
                    self.assertEqual(
                        len(partners.name_search("", domain)),
                        count,
                    )
                    # Asked the other way round, the answer is the same for any value.
                    others = ["&", ("id", "=", self.wang.id), "!", case]
                    self.assertEqual(partners.search_count(others), 1 - count)

    def test_search_by_name_does_not_look_at_private_values(self):
        partners = self.env["res.partner"].with_user(self.agent)
        for text in (NUMBER, "13812345678", "1980-06-12"):
            self.assertFalse(partners.name_search(text))

    def test_private_values_do_not_group_or_sort(self):
        for user in (self.agent, self.manager):
            partners = self.env["res.partner"].with_user(user)
            for name in SHOWN:
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(ValueError):
                        partners.search([], order=name)
                    with self.assertRaises(ValueError):
                        partners.formatted_read_group([], [name], ["__count"])

    def test_the_person_does_not_group_either(self):
        persons = self.env["key.account.person"].with_user(self.manager)
        with self.assertRaises(UserError):
            persons.formatted_read_group([], ["mobile"], ["__count"])
        with self.assertRaises(UserError):
            persons.formatted_read_group([], [], ["mobile:array_agg"])
        with self.assertRaises(UserError):
            persons.formatted_read_grouping_sets([], [["birthday:month"]], ["__count"])
        groups = persons.formatted_read_group([], ["unit_id"], ["__count"])
        self.assertEqual(len(groups), 1)

    def test_insiders_write(self):
        self.wang.with_user(self.manager).write(
            {"key_account_mobile": "13900000000", "key_account_birthdate": "1981-01-02"}
        )
        self.assertRecordValues(
            self.person,
            [{"mobile": "13900000000", "birthday": Date.to_date("1981-01-02")}],
        )
        self.wang.with_user(self.head).key_account_birthday = "1982-02-03"
        self.assertEqual(self.person.birthday, Date.to_date("1982-02-03"))
        with self.assertRaisesRegex(ValidationError, "1980-06-12"):
            self.wang.with_user(self.head).key_account_birthday = "3 Feb"

    def test_outsiders_do_not_write(self):
        for user in self.outsiders:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wang.with_user(user).key_account_mobile = "1"
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wang.with_user(user)._key_account_set_private("key_account_family")
        self.assertEqual(self.person.mobile, "13812345678")

    def test_masked_values_are_not_written_back(self):
        """An export of an outsider, imported by an insider, spoils nothing."""
        with self.assertRaisesRegex(ValidationError, "masked"):
            self.wang.with_user(self.manager).key_account_mobile = "138****5678"

    def test_private_data_follow_the_assignment(self):
        self.wang.with_user(self.director).write(
            {
                "key_account_unit_id": self.parcel_1.id,
                "key_account_manager_id": self.manager_b.id,
            }
        )
        self.assertEqual(self.person.unit_id, self.parcel_1)
        wang = self.wang.with_user(self.manager_b)
        self.assertEqual(wang.key_account_mobile, "13812345678")
        self.env.invalidate_all()
        self.assertEqual(
            self.wang.with_user(self.company).search(
                [("key_account_mobile", "=", "13812345678")]
            ),
            self.env["res.partner"],
        )

    def test_contacts_have_private_data_too(self):
        """Table 1.2.6: birthday and hobbies of a key person."""
        group = self._create_customer("Acme", self.manager)
        contact = (
            self.env["res.partner"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Li",
                    "parent_id": group.id,
                    "is_company": False,
                    "phone": "021-1",
                    "key_account_birthday": "1970-12-01",
                    "key_account_hobbies": "Tea",
                }
            )
        )
        row = contact.with_user(self.office).read(
            ["phone", "key_account_birthday", "key_account_hobbies"]
        )[0]
        self.assertEqual(row["phone"], "021-1", "business data")
        self.assertEqual(row["key_account_birthday"], "****-12-**")
        self.assertEqual(row["key_account_hobbies"], "•••")

    def test_units_have_no_birthday(self):
        group = self._create_customer("Acme", self.manager)
        with self.assertRaisesRegex(ValidationError, "persons"):
            group.key_account_birthday = "1970-12-01"

    def test_identity_numbers_are_comparable(self):
        self.wang.key_account_identity_number = " 11010519491231002x "
        self.assertEqual(self.person.identity_number, "11010519491231002X")


@tagged("post_install", "-at_install")
class TestKeyAccountAccess(PersonCommon):
    """Who was shown unmasked values leaves a trace (ORG-13, ORG-21)."""

    def test_reading_unmasked_values_is_logged(self):
        self.wang.with_user(self.manager).web_read(
            {"name": {}, "key_account_mobile": {}, "key_account_birthdate": {}}
        )
        self.assertRecordValues(
            self._new_accesses(),
            [
                {
                    "user_id": self.manager.id,
                    "partner_id": self.wang.id,
                    "unit_id": self.post_1.id,
                    "field_names": "birthday,mobile",
                    "field_labels": "Birthday, Mobile",
                    "way": "form",
                }
            ],
        )

    def test_every_way_is_logged(self):
        self._create_customer(
            "Zhao", self.manager, key_account_kind="individual", key_account_mobile="1"
        )
        bill = self._create_bill(self.wang)
        reader = self.director  # who may export files
        wang, person = self.wang.with_user(reader), self.person.with_user(reader)
        field = "key_account_mobile"
        domain = [(field, "!=", False)]
        ways = {
            "read": lambda: wang.read([field]),
            "everything": lambda: person.read(),
            "list": lambda: wang.web_search_read(domain, {field: {}}),
            "search_read": lambda: wang.search_read(domain, [field]),
            "export": lambda: wang.export_data([field]),
            "path": lambda: bill.with_user(reader).export_data([f"partner_id/{field}"]),
            "nested": lambda: bill.with_user(reader).web_read(
                {"partner_id": {"fields": {field: {}}}}
            ),
            "save": lambda: wang.web_save({"city": "Xi'an"}, {field: {}}),
            "person": lambda: person.web_read({"mobile": {}}),
            "persons": lambda: person.search_read([], ["mobile"]),
            "person exported": lambda: person.export_data(["mobile"]),
        }
        for name, read in ways.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                read()
                seen = self._new_accesses()
                self.assertIn(self.wang, seen.partner_id)
                self.assertEqual(seen.user_id, reader)
                self.assertIn("mobile", seen[0].field_names)
                savepoint.rollback()

    def test_what_is_not_shown_is_not_logged(self):
        manager = self.manager
        self.wang.with_user(manager).web_read({"name": {}, "phone": {}})
        self.wang.with_user(manager).search([("key_account_mobile", "ilike", "138")])
        self.wang.with_user(self.agent).read(["key_account_mobile"])
        self.wang.with_user(manager).sudo().read(["key_account_mobile"])
        empty = self._create_customer(
            "Zhao", self.manager, key_account_kind="individual"
        )
        empty.with_user(manager).read(["key_account_mobile"])
        self.assertFalse(self._new_accesses())

    def test_one_row_per_reader_person_and_request(self):
        for user in (self.manager, self.manager, self.head):
            self.wang.with_user(user).read(["key_account_mobile"])
        self.assertEqual(self._new_accesses().user_id, self.manager | self.head)
        self.assertEqual(len(self._new_accesses()), 2)

    def test_a_user_record_is_no_back_door(self):
        """A contact who is a portal user shows the same values."""
        portal = self.env["res.users"].create(
            {"login": "wang", "partner_id": self.wang.id}
        )
        row = portal.with_user(self.director).read(["key_account_mobile"])[0]
        self.assertEqual(row["key_account_mobile"], "13812345678")
        self.assertEqual(self._new_accesses().partner_id, self.wang)

    def test_who_reads_the_trace(self):
        """Domain 3.2, audit log: admin and centre all, company its own."""
        self.wang.with_user(self.manager).read(["key_account_mobile"])
        log = self._new_accesses()
        accesses = self.env["key.account.access"]
        for user in (self.director, self.company, self.admin):
            self.assertIn(log, accesses.with_user(user).search([]))
        self.assertNotIn(log, accesses.with_user(self.company_b).search([]))
        for user in (self.manager, self.head, self.office, self.agent, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                accesses.with_user(user).search([])


@tagged("post_install", "-at_install")
class TestKeyAccountAccessHttp(HttpCase, PersonCommon):
    """The same through the web client's own address."""

    def test_a_form_that_is_opened_leaves_a_trace(self):
        self.set_registry_readonly_mode(False)
        self.addCleanup(self.set_registry_readonly_mode, True)
        self.authenticate("ka_manager", "ka_manager")
        result = self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.partner/web_read",
            {
                "model": "res.partner",
                "method": "web_read",
                "args": [self.wang.ids],
                "kwargs": {"specification": {"key_account_mobile": {}}},
            },
        )
        self.assertEqual(result[0]["key_account_mobile"], "13812345678")
        self.assertRecordValues(
            self._new_accesses(), [{"user_id": self.manager.id, "way": "form"}]
        )

    def test_a_reading_from_a_replica_is_logged_on_the_primary(self):
        with self.registry.cursor(readonly=True) as cr:
            wang = self.env(cr=cr, user=self.manager.id)["res.partner"].browse(
                self.wang.id
            )
            wang.read(["key_account_mobile"])
            hooks = list(cr.postcommit._funcs)  # a test cursor does not run them
        self.assertEqual(len(hooks), 1)
        hooks[0]()
        self.assertEqual(self._new_accesses().user_id, self.manager)

    def test_a_screen_is_the_origin_of_a_change(self):
        """ORG-14: screen, import and interface are told apart."""
        self.authenticate("ka_manager", "ka_manager")
        self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.partner/web_save",
            {
                "model": "res.partner",
                "method": "web_save",
                "args": [self.wang.ids, {"city": "Xi'an"}],
                "kwargs": {"specification": {}},
            },
        )
        log = self.env["key.account.audit"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.wang.id)], limit=1
        )
        self.assertRecordValues(
            log,
            [
                {
                    "origin": "screen",
                    "user_id": self.manager.id,
                    "changes": {"city": [None, "Xi'an"]},
                }
            ],
        )
