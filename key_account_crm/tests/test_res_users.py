# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ROLES, KeyAccountCommon


@tagged("post_install", "-at_install")
class TestResUsers(KeyAccountCommon):
    """One role and one unit per user (ORG-09, ORG-10, ORG-17)."""

    def test_each_group_is_one_role(self):
        for role in ROLES:
            with self.subTest(role=role):
                user = self.env["res.users"].search([("login", "=", f"ka_{role}")])
                self.assertEqual(user.key_account_role, role)
                self.assertEqual(
                    user.search([("key_account_role", "=", role)]) & user, user
                )

    def test_a_second_role_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "several key account roles"):
            self.manager.group_ids += self.env.ref(
                "key_account_crm.group_key_account_office"
            )

    def test_a_role_needs_a_unit(self):
        with self.assertRaisesRegex(ValidationError, "no unit"):
            self.manager.key_account_unit_id = False

    def test_the_role_field_replaces_the_group(self):
        self.manager.key_account_role = "company"
        self.assertTrue(
            self.manager.has_group("key_account_crm.group_key_account_company")
        )
        self.assertFalse(
            self.manager.has_group("key_account_crm.group_key_account_manager")
        )
        self.manager.key_account_role = False
        self.assertFalse(
            self.manager.has_group("key_account_crm.group_key_account_user")
        )

    def test_role_and_unit_come_by_import(self):
        result = self.env["res.users"].load(
            ["name", "login", "key_account_role", "key_account_unit_id"],
            [["Imported", "ka_imported", "Department Head", "T-Post-2"]],
        )
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        user = self.env["res.users"].browse(result["ids"])
        self.assertRecordValues(
            user,
            [{"key_account_role": "head", "key_account_unit_id": self.post_2.id}],
        )
