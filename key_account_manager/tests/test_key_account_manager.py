# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountManager(ManagerCommon):
    """The files of managers (MGR-01 to MGR-08), and what these allow (ORG-12)."""

    def test_a_manager_keeps_part_of_his_own_file(self):
        file = self.files[self.manager].with_user(self.manager)
        file.write({"mobile": "13900000001", "personal_note": "Plays Go"})
        self.assertEqual(file.sudo().employee_id.mobile_phone, "13900000001")
        for vals in ({"load_max": 9}, {"kind": "professional"}, {"state": "left"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                file.write(vals)
        with self.assertRaises(AccessError):
            self.files[self.colleague].with_user(self.manager).mobile = "1"

    def test_the_rest_he_proposes(self):
        card = self.env.ref("key_account_manager.key_account_operation_card")
        file = self.files[self.manager]
        file.operation_ids -= card
        proposals = self.env["key.account.manager.proposal"].with_user(self.manager)
        proposal = proposals.create(
            {
                "file_id": file.id,
                "reason": "More customers",
                "load_max": 50,
                "operation_ids": [Command.set(card.ids)],
            }
        )
        with self.assertRaises(AccessError):
            proposal.action_approve()
        with self.assertRaises(AccessError):
            proposal.with_user(self.head_b).action_approve()
        proposal.with_user(self.head).action_approve()
        self.assertRecordValues(file, [{"load_max": 50, "kind": "comprehensive"}])
        self.assertIn(card, file.operation_ids)
        self.assertEqual(proposal.state, "applied")
        with self.assertRaises(UserError):
            proposal.with_user(self.head).action_approve()

    def test_a_refusal_says_why(self):
        proposal = (
            self.env["key.account.manager.proposal"]
            .with_user(self.manager)
            .create(
                {"file_id": self.files[self.manager].id, "reason": "x", "load_max": 9}
            )
        )
        action = proposal.with_user(self.head).action_refuse()
        wizard = self.env["key.account.refuse"].with_user(self.head)
        wizard = wizard.with_context(**action["context"]).create({"reason": "Not yet"})
        wizard.action_refuse()
        self.assertRecordValues(proposal, [{"state": "refused", "refusal": "Not yet"}])

    def test_proposals_for_others_are_refused(self):
        with self.assertRaises(AccessError):
            self.env["key.account.manager.proposal"].with_user(self.manager).create(
                {"file_id": self.files[self.colleague].id, "reason": "x", "load_max": 1}
            )

    def test_what_the_file_does_not_allow_is_refused(self):
        """ORG-12: in one place, for whatever the dictionary calls an operation."""
        customer = self._create_customer("Acme", self.manager)
        number = self.env.ref("key_account_manager.key_account_operation_number")
        vals = {"name": "13800000001", "partner_id": customer.id}
        numbers = self.env["key.account.number"]
        numbers.with_user(self.manager).create(vals)
        self.files[self.manager].with_user(self.head).operation_ids -= number
        with self.assertRaisesRegex(AccessError, "Service numbers"):
            numbers.with_user(self.manager).create({**vals, "name": "13800000002"})
        numbers.with_user(self.head).create({**vals, "name": "13800000003"})
        number.active = False
        numbers.with_user(self.manager).create({**vals, "name": "13800000004"})

    def test_line_files_cards_and_redemptions_ask_too(self):
        customer = self._create_customer("Acme", self.manager)
        self.files[self.manager].operation_ids = False
        for model in (
            "key.account.line.file",
            "key.account.card",
            "key.account.point.redemption",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.manager).create(
                    {"partner_id": customer.id}
                )

    def test_an_operation_may_mean_some_kinds_only(self):
        kind = self.env["key.account.term"].create(
            {"category": "brand", "code": "b1", "name": "B1"}
        )
        operation = self.env["key.account.operation"].create(
            {
                "name": "Numbers of B1",
                "code": "b1",
                "model_names": "key.account.number",
                "term_ids": [Command.set(kind.ids)],
            }
        )
        operations = self.env["key.account.operation"]
        needed = operations._find_needed("key.account.number", [{"brand_id": kind.id}])
        self.assertIn(operation.id, needed)
        needed = operations._find_needed("key.account.number", [{"name": "1"}])
        self.assertNotIn(operation.id, needed)

    def test_load_counts_each_customer_once(self):
        """ASG-08."""
        for number in range(3):
            customer = self._create_customer(f"C{number}", self.manager)
        self._create_line_file(customer, self.letter, self.manager)
        file = self.files[self.manager]
        self.assertRecordValues(
            file,
            [{"customer_count": 3, "line_count": 1, "load": 3, "is_overloaded": False}],
        )
        self._create_customer("C4", self.manager)
        file.invalidate_recordset()
        self.assertTrue(file.is_overloaded)
        found = self.env["key.account.manager"].search([("is_overloaded", "=", True)])
        self.assertIn(file, found)
        self.assertNotIn(self.files[self.colleague], found)

    def test_history_is_the_employees(self):
        """MGR-01: training, posts, languages and certificates through hr_skills."""
        kind = self.env["hr.skill.type"].create(
            {
                "name": "Tongues",
                "skill_ids": [Command.create({"name": "Klingon"})],
                "skill_level_ids": [
                    Command.create({"name": "C1", "level_progress": 80})
                ],
            }
        )
        records = self.env["key.account.manager.record"]
        file = self.files[self.manager]
        for user, vals in (
            (self.head, {"name": "Complaint course", "date_start": "2026-01-01"}),
            (
                self.manager,
                {
                    "kind": "skill",
                    "skill_type_id": kind.id,
                    "skill_id": kind.skill_ids.id,
                    "skill_level_id": kind.skill_level_ids.id,
                },
            ),
        ):
            records.with_user(user).create({"file_id": file.id, **vals}).action_add()
        self.env.invalidate_all()
        mine = file.with_user(self.head)
        self.assertIn("Complaint course", mine.resume_line_ids.mapped("name"))
        self.assertEqual(mine.skill_text, "Klingon (C1)")
        found = file.search([("skill_text", "ilike", "kling")])
        self.assertEqual(found, file)
        self.assertFalse(
            self.env["hr.resume.line"]
            .with_user(self.colleague)
            .search([("name", "=", "Complaint course")])
        )
        with self.assertRaises(AccessError):
            records.with_user(self.head_b).create(
                {"file_id": file.id, "name": "x"}
            ).action_add()

    def test_private_data_of_employees_stay_with_human_resources(self):
        """No role of the suite reads or writes an employee more than anybody does."""
        employee = self.files[self.manager].employee_id
        employee.write({"birthday": "1980-01-02", "private_phone": "555-SECRET"})
        employee.message_post(body="Warned in private")
        people = (self.manager, self.head, self.company, self.director, self.office)
        for user in (*people, self.finance, self.agent, self.operator, self.admin):
            with self.subTest(user.login):
                mine = self.env["hr.employee"].with_user(user).browse(employee.id)
                for name in ("birthday", "private_phone", "legal_name"):
                    with self.assertRaises(AccessError):
                        mine.read([name])
                self.assertFalse(mine.has_access("write"))
                with self.assertRaises(AccessError):
                    mine.write({"name": "x"})
                found = (
                    self.env["mail.message"]
                    .with_user(user)
                    .search(
                        [("model", "=", "hr.employee"), ("res_id", "=", employee.id)]
                    )
                )
                self.assertFalse(found)

    def test_files_are_for_managers(self):
        with self.assertRaises(ValidationError):
            self.env["key.account.manager"].create({"user_id": self.finance.id})
        self._create_customer("Acme", self.manager)
        with self.assertRaises(UserError):
            self.files[self.manager].unlink()
        self.files[self.manager_2].unlink()

    def test_a_list_of_files_costs_the_same_however_many(self):
        files = self.env["key.account.manager"].browse(
            [file.id for file in self.files.values()]
        )
        names = ["load", "load_percent", "skill_text", "substitution_text"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.director).read(names)
            return self.env.cr.sql_log_count - before

        count(files)
        self.assertLessEqual(count(files), count(files[:1]) + 2)
