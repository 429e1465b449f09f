# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestKeyAccountScope(KeyAccountCommon):
    """Who reads which customers and which of their facts (ORG-10, ORG-21, 3.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._create_customer("Own", cls.manager)
        cls.colleagues = cls._create_customer("Colleague's", cls.colleague)
        cls.other_department = cls._create_customer("Next Door", cls.manager_2)
        cls.other_company = cls._create_customer("Elsewhere", cls.manager_b)
        cls.shared = cls._create_customer("Shared", cls.manager)
        cls._create_line_file(cls.shared, cls.letter, cls.manager)
        cls._create_line_file(cls.shared, cls.express, cls.manager_b)
        cls.customers = (
            cls.own
            | cls.colleagues
            | cls.other_department
            | cls.other_company
            | cls.shared
        )
        cls.bill_letter = cls._create_bill(cls.shared, 100, cls.letter)
        cls.bill_express = cls._create_bill(cls.shared, 30, cls.express)
        cls.bill_other = cls._create_bill(cls.other_company, 7)
        cls.bills = cls.bill_letter | cls.bill_express | cls.bill_other

    def _visible(self, records):
        model = self.env[records._name]
        return model.search([("id", "in", records.ids)], order="id")

    def _assert_reads(self, user, customers, bills):
        env = self.env(user=user)
        found = env["res.partner"].search([("key_account_kind", "!=", False)])
        self.assertEqual(found & self.customers.with_env(env), customers.with_env(env))
        found = env["key.account.bill"].search([("id", "in", self.bills.ids)])
        self.assertEqual(set(found.ids), set(bills.ids))
        [[total]] = env["key.account.bill"]._read_group(
            [("id", "in", self.bills.ids)], aggregates=["amount:sum"]
        )
        self.assertEqual(total or 0, sum(bills.mapped("amount")))

    def test_each_role_reads_its_own_part(self):
        none = self.env["key.account.bill"]
        everything = (self.customers, self.bills)
        home = self.own | self.colleagues | self.shared
        for user, customers, bills in (
            (self.manager, self.own | self.shared, self.bill_letter),
            (self.colleague, self.colleagues, none),
            (self.head, home, self.bill_letter),
            (self.company, home | self.other_department, self.bill_letter),
            (self.finance, home | self.other_department, self.bill_letter),
            (self.manager_2, self.other_department, none),
            (
                self.manager_b,
                self.other_company | self.shared,
                self.bill_express | self.bill_other,
            ),
            (
                self.company_b,
                self.other_company | self.shared,
                self.bill_express | self.bill_other,
            ),
            (self.director, *everything),
            (self.office, *everything),
            (self.agent, *everything),
        ):
            with self.subTest(user=user.login):
                self._assert_reads(user, customers, bills)

    @users("ka_admin")
    @mute_logger(*RULE_LOGGERS)
    def test_administrator_reads_lists_but_no_bills(self):
        self.assertEqual(
            set(self._visible(self.customers).ids), set(self.customers.ids)
        )
        with self.assertRaises(AccessError):
            self._visible(self.bills)

    @users("ka_operator")
    def test_operator_reads_no_customer(self):
        self.assertFalse(self._visible(self.customers))

    def test_user_without_a_role_reads_no_customer(self):
        user = self._create_roleless_user()
        env = self.env(user=user)
        self.assertFalse(env["res.partner"].search([("id", "in", self.customers.ids)]))

    def _create_roleless_user(self):
        return self.env["res.users"].create(
            {
                "login": "ka_nobody",
                "name": "Nobody",
                "group_ids": [
                    (4, self.env.ref("base.group_user").id),
                    (4, self.env.ref("base.group_partner_manager").id),
                ],
            }
        )

    @mute_logger(*RULE_LOGGERS)
    def test_partner_manager_without_a_role_cannot_write_customers(self):
        env = self.env(user=self._create_roleless_user())
        with self.assertRaises(AccessError):
            self.own.with_env(env).name = "Mine"

    def test_contacts_follow_their_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.own.id}
        )
        self.assertRecordValues(
            contact,
            [
                {
                    "key_account_unit_id": self.post_1.id,
                    "key_account_manager_id": self.manager.id,
                    "key_account_scope_id": self.own.key_account_scope_id.id,
                }
            ],
        )
        self.assertFalse(
            self.env["res.partner"]
            .with_user(self.manager_b)
            .search([("id", "=", contact.id)])
        )

    @users("ka_manager")
    def test_manager_registers_a_contact_and_a_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.own.id}
        )
        self.assertEqual(contact.key_account_manager_id, self.env.user)
        customer = self.env["res.partner"].create(
            {"name": "New", "key_account_kind": "professional"}
        )
        self.assertRecordValues(
            customer,
            [
                {
                    "key_account_manager_id": self.env.uid,
                    "key_account_unit_id": self.post_1.id,
                    "key_account_state": "active",
                }
            ],
        )
        self.assertTrue(customer.key_account_code)

    @users("ka_manager_b")
    @mute_logger(*RULE_LOGGERS)
    def test_a_serving_company_reads_the_basic_file_but_does_not_write_it(self):
        shared = self.shared.with_env(self.env)
        self.assertEqual(shared.name, "Shared")
        with self.assertRaises(AccessError):
            shared.name = "Taken"

    def test_figures_of_a_shared_customer_are_the_sum_of_the_readers_rows(self):
        for user, expected in (
            (self.manager, 100),
            (self.company, 100),
            (self.manager_b, 30),
            (self.office, 130),
        ):
            with self.subTest(user=user.login):
                shared = self.shared.with_user(user)
                self.assertEqual(shared.key_account_total, expected)
                self.assertEqual(shared.key_account_open, expected)
                for operator, value, found in (
                    (">", expected - 1, True),
                    (">", expected, False),
                    ("<", expected, False),
                    ("<=", expected, True),
                    ("<", 1000, True),
                ):
                    domain = [
                        ("id", "=", shared.id),
                        ("key_account_total", operator, value),
                    ]
                    self.assertEqual(bool(shared.search_count(domain)), found, domain)

    def test_a_moved_department_changes_scope_at_once(self):
        self.assertFalse(self.own.with_user(self.company_b)._filtered_access("read"))
        self.post_1.parent_id = self.parcel
        self.assertTrue(self.own.with_user(self.company_b)._filtered_access("read"))
        self.assertFalse(self.own.with_user(self.company)._filtered_access("read"))
        self.assertTrue(self.own.with_user(self.head)._filtered_access("read"))

    def test_a_user_moved_to_another_unit_reads_there_at_once(self):
        self.assertFalse(self.own.with_user(self.head_b)._filtered_access("read"))
        self.head_b.key_account_unit_id = self.post_1
        self.assertTrue(self.own.with_user(self.head_b)._filtered_access("read"))

    def test_a_changed_role_takes_effect_at_once(self):
        self.assertFalse(
            self.colleagues.with_user(self.manager)._filtered_access("read")
        )
        self.manager.key_account_role = "head"
        self.assertTrue(
            self.colleagues.with_user(self.manager)._filtered_access("read")
        )

    def test_facts_follow_a_reassignment(self):
        bill = self._create_bill(self.own, 5)
        self.own.with_user(self.director).write(
            {
                "key_account_unit_id": self.parcel_1.id,
                "key_account_manager_id": self.manager_b.id,
            }
        )
        month = self.env["key.account.month"].search([("partner_id", "=", self.own.id)])
        for rows in (bill, month):
            self.assertRecordValues(
                rows,
                [{"unit_id": self.parcel_1.id, "manager_id": self.manager_b.id}],
            )
        self.assertTrue(bill.with_user(self.manager_b)._filtered_access("read"))
        self.assertFalse(bill.with_user(self.head)._filtered_access("read"))

    def test_facts_of_a_line_follow_the_line_file(self):
        self.assertEqual(self.bill_express.unit_id, self.parcel_1)
        file = self.shared.key_account_line_file_ids.filtered(
            lambda file: file.line_id == self.express
        )
        file.write({"unit_id": self.post_2.id, "manager_id": self.manager_2.id})
        self.assertEqual(self.bill_express.unit_id, self.post_2)
        self.assertFalse(self.shared.with_user(self.company_b)._filtered_access("read"))
        self.assertTrue(self.shared.with_user(self.manager_2)._filtered_access("read"))

    @mute_logger(*RULE_LOGGERS)
    def test_assignment_stays_inside_the_assigners_units(self):
        with self.assertRaises(AccessError):
            self.own.with_user(self.manager).key_account_manager_id = self.colleague
        with self.assertRaises(AccessError):
            self.own.with_user(self.head).key_account_unit_id = self.parcel_1
        self.own.with_user(self.head).key_account_manager_id = self.colleague
        self.assertEqual(self.own.key_account_manager_id, self.colleague)
        self.own.with_user(self.company).key_account_unit_id = self.post_2
        self.assertEqual(self.own.key_account_unit_id, self.post_2)

    @mute_logger(*RULE_LOGGERS)
    def test_a_forged_owner_is_not_taken(self):
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.manager).create(
                {
                    "name": "Forged",
                    "key_account_kind": "group",
                    "key_account_unit_id": self.parcel_1.id,
                    "key_account_manager_id": self.manager_b.id,
                }
            )
        number = self.env["key.account.number"].create(
            {
                "name": "13900000000",
                "partner_id": self.own.id,
                "unit_id": self.parcel_1.id,
                "manager_id": self.manager_b.id,
            }
        )
        self.assertEqual(number.unit_id, self.post_1)
        number.write({"unit_id": self.parcel_1.id})
        self.assertEqual(number.unit_id, self.post_1)

    @users("ka_manager")
    @mute_logger(*RULE_LOGGERS)
    def test_the_state_is_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self.own.with_env(self.env).key_account_state = "churned"
