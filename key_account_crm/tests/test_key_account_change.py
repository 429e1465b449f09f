# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountChange(KeyAccountCommon):
    """Key fields change by a proposal that another person decides (COL-05, COL-06)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.visit = cls.env.ref("key_account_crm.key_account_term_channel_visit")
        cls.manual = cls.env.ref("key_account_crm.key_account_term_method_manual")

    def _propose(self, vals=None, user=None, customer=None):
        customer = (customer or self.customer).with_user(user or self.manager)
        return customer._key_account_propose(
            vals or {"name": "Acme Renamed"}, "New licence", self.visit, self.manual
        )

    # -- the guard

    @users("ka_manager", "ka_head", "ka_company", "ka_centre")
    def test_a_key_field_is_not_written_directly(self):
        customer = self.customer.with_env(self.env)
        with self.assertRaisesRegex(UserError, "Name, Credit Code of Acme"):
            customer.write({"name": "Other", "key_account_credit_code": "X1"})
        customer.write({"name": "Acme", "key_account_staff_count": 7})
        self.assertEqual(customer.key_account_staff_count, 7)

    @users("ka_manager")
    def test_the_same_value_is_no_change(self):
        self.customer.key_account_credit_limit = 100
        customer = self.customer.with_env(self.env)
        customer.write({"key_account_credit_limit": 100.0, "key_account_kind": "group"})
        with self.assertRaisesRegex(UserError, "Credit Limit"):
            customer.key_account_credit_limit = 100.01

    @users("ka_manager")
    def test_potential_customers_and_new_files_are_free(self):
        customer = self.env["res.partner"].create(
            {
                "name": "Maybe",
                "key_account_kind": "group",
                "key_account_state": "potential",
            }
        )
        customer.name = "Maybe Ltd"
        customer.key_account_credit_code = "X9"
        self.assertRecordValues(
            customer.key_account_change_ids.sorted("id"),
            [
                {"field_name": "name", "old_value": "Maybe", "state": "applied"},
                {
                    "field_name": "key_account_credit_code",
                    "old_value": False,
                    "state": "applied",
                },
            ],
        )

    @users("ka_manager")
    def test_a_client_cannot_keep_a_change_out_of_the_log(self):
        self.customer.sudo().key_account_state = "potential"
        customer = self.customer.with_env(self.env)
        for forged in (True, "LOGGED", {}, 1):
            customer.with_context(key_account_change=forged).name = f"Acme {forged}"
        self.assertEqual(len(customer.key_account_change_ids), 4)

    @users("ka_admin")
    def test_which_fields_are_key_fields_is_data(self):
        self.assertNotIn("phone", self.env["key.account.change"]._get_key_fields())
        key_field = self.env["key.account.key.field"].create({"field_name": "phone"})
        with self.assertRaisesRegex(UserError, "Phone"):
            self.customer.with_user(self.manager).phone = "123"
        key_field.active = False
        self.customer.with_user(self.manager).phone = "123"
        with self.assertRaisesRegex(ValidationError, "not a fact"):
            self.env["key.account.key.field"].create(
                {"field_name": "key_account_state"}
            )

    # -- proposals

    def test_a_proposal_is_approved_by_another_person_and_applied(self):
        change = self._propose({"name": "Acme Renamed"})
        self.assertEqual(self.customer.name, "Acme")
        self.assertRecordValues(
            change,
            [
                {
                    "field_name": "name",
                    "old_value": "Acme",
                    "new_value": "Acme Renamed",
                    "state": "proposed",
                    "channel_id": self.visit.id,
                    "method_id": self.manual.id,
                    "proposed_by_id": self.manager.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                }
            ],
        )
        change.with_user(self.head).action_approve()
        self.assertEqual(self.customer.name, "Acme Renamed")
        self.assertRecordValues(
            change, [{"state": "applied", "decided_by_id": self.head.id}]
        )
        self.assertEqual(len(self.customer.key_account_change_ids), 1)

    def test_every_kind_of_field_is_applied(self):
        parent = self._create_customer("Parent", self.manager)
        vals = {
            "key_account_parent_id": parent.id,
            "key_account_kind": "professional",
            "key_account_is_unified": True,
            "key_account_credit_limit": 1234.5,
            "key_account_legal_person": "Ada",
        }
        changes = self._propose(vals)
        self.assertEqual(
            {change.field_name: change.new_text for change in changes},
            {
                "key_account_parent_id": parent.display_name,
                "key_account_kind": "Professional",
                "key_account_is_unified": "Yes",
                "key_account_credit_limit": "1234.50",
                "key_account_legal_person": "Ada",
            },
        )
        changes.with_user(self.company).action_approve()
        self.assertRecordValues(self.customer, [vals])
        back = {name: False for name in vals if name != "key_account_kind"}
        self._propose(back).with_user(self.company).action_approve()
        self.assertRecordValues(self.customer, [back])

    def test_nobody_decides_about_his_own_proposal(self):
        change = self._propose(user=self.head)
        for act in (change._approve, lambda: change._refuse("no")):
            with self.assertRaisesRegex(AccessError, "his own proposal"):
                act()
        self.assertFalse(change.can_decide)
        self.assertTrue(change.with_user(self.company).can_decide)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_an_approver_of_the_customer_decides(self):
        change = self._propose()
        for user in (
            self.manager_2,
            self.manager_b,
            self.colleague,
            self.company_b,
            self.head_b,
            self.finance,
            self.office,
            self.agent,
            self.admin,
            self.operator,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                change.with_user(user).action_approve()
        self.assertEqual(change.state, "proposed")

    def test_a_shared_customers_home_unit_decides(self):
        """A company that serves a line reads the file; it does not decide about it."""
        self._create_line_file(self.customer, self.express, self.manager_b)
        change = self._propose()
        with self.assertRaises(AccessError):
            change.with_user(self.company_b).action_approve()
        with self.assertRaises(AccessError):
            self._propose({"name": "Taken"}, user=self.manager_b)

    def test_a_refusal_says_why_and_the_row_stays(self):
        change = self._propose().with_user(self.head)
        with self.assertRaisesRegex(UserError, "Say why"):
            change._refuse(" ")
        change._refuse("No licence was shown")
        self.assertRecordValues(
            change, [{"state": "refused", "refusal": "No licence was shown"}]
        )
        self.assertEqual(self.customer.name, "Acme")
        with self.assertRaisesRegex(UserError, "decided already"):
            change.action_approve()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            change.sudo().reason = "Other"
        with self.assertRaisesRegex(UserError, "are a log"):
            change.sudo().unlink()

    def test_only_the_proposer_withdraws(self):
        change = self._propose()
        with self.assertRaises(AccessError):
            change.with_user(self.head).action_withdraw()
        change.action_withdraw()
        self.assertEqual(change.state, "withdrawn")
        self._propose()

    def test_one_proposal_per_field_waits(self):
        self._propose()
        with self.assertRaisesRegex(UserError, "waiting for a decision"):
            self._propose({"name": "Another"})

    def test_the_approver_is_told_when_the_value_changed_meanwhile(self):
        change = self._propose()
        self.customer.name = "Acme by Feed"
        answer = change.with_user(self.head).action_approve()
        self.assertIn("Name changed after", answer["params"]["message"])
        self.assertRecordValues(
            change,
            [{"state": "proposed", "old_value": "Acme by Feed", "is_outdated": True}],
        )
        self.assertEqual(self.customer.name, "Acme by Feed")
        self.assertTrue(change.with_user(self.head).action_approve())
        self.assertEqual(self.customer.name, "Acme Renamed")

    def test_a_proposal_is_complete(self):
        customer = self.customer.with_user(self.manager)
        for vals, reason, channel, message in (
            ({"name": "B"}, "", self.visit, "Say why"),
            ({"name": "B"}, "Why", None, "how you know"),
            ({"name": "Acme"}, "Why", self.visit, "says so already"),
            ({"name": " "}, "Why", self.visit, "has a name"),
            ({"phone": "1"}, "Why", self.visit, "no key fields"),
            ({"key_account_kind": "x"}, "Why", self.visit, "no choice"),
        ):
            with (
                self.subTest(message=message),
                self.assertRaisesRegex(UserError, message),
            ):
                customer._key_account_propose(vals, reason, channel, self.manual)

    @users("ka_manager", "ka_head", "ka_centre", "ka_admin")
    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_the_log_himself(self):
        change = self._propose(user=self.colleague, customer=self._colleagues())
        with self.assertRaises(AccessError):
            change.with_env(self.env).write({"state": "applied"})
        with self.assertRaises(AccessError):
            self.env["key.account.change"].create(
                {"partner_id": self.customer.id, "field_name": "name"}
            )

    def _colleagues(self):
        return self._create_customer("Colleague's", self.colleague)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_reads_the_changes_of_a_customer(self):
        """The scope of a fact: own, unit and below, all (domain 3.2)."""
        change = self._propose()
        changes = self.env["key.account.change"]
        for user, sees in (
            (self.manager, True),
            (self.head, True),
            (self.company, True),
            (self.director, True),
            (self.office, True),
            (self.finance, True),
            (self.agent, True),
            (self.colleague, False),
            (self.manager_2, False),
            (self.head_b, False),
            (self.company_b, False),
        ):
            with self.subTest(user=user.login):
                found = changes.with_user(user).search([("id", "=", change.id)])
                self.assertEqual(bool(found), sees)
        for user in (self.operator, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                changes.with_user(user).search([])

    @users("ka_manager", "ka_head", "ka_company", "ka_centre")
    def test_a_customer_is_registered_on_the_form(self):
        """What a form leaves empty is filled in: state, unit, manager, source."""
        new = self.env["res.partner"].with_context(default_key_account_kind="group")
        form = Form(new, "key_account_crm.res_partner_view_form_key_account")
        form.name = f"Fresh {self.env.user.login}"
        is_manager = self.env.user == self.manager
        self.assertRecordValues(
            form.save(),
            [
                {
                    "key_account_state": "active",
                    "key_account_unit_id": self.env.user.key_account_unit_id.id,
                    "key_account_manager_id": self.manager.id if is_manager else False,
                    "key_account_channel_id": self.env.ref(
                        "key_account_crm.key_account_term_channel_department"
                    ).id,
                    "key_account_method_id": self.manual.id,
                }
            ],
        )

    def test_every_file_has_a_channel_and_a_method(self):
        """COL-02, COL-03: named at registration, or those of the screen."""
        customer = (
            self.env["res.partner"]
            .with_user(self.manager)
            .create({"name": "Screen", "key_account_kind": "group"})
        )
        self.assertEqual(customer.key_account_channel_id.code, "department")
        self.assertEqual(customer.key_account_method_id.code, "manual")
        loaded = (
            self.env["res.partner"]
            .with_context(import_file=True)
            .create(
                {
                    "name": "Loaded",
                    "key_account_kind": "group",
                    "key_account_unit_id": self.post_1.id,
                    "key_account_channel_id": self.visit.id,
                }
            )
        )
        self.assertEqual(loaded.key_account_channel_id, self.visit)
        self.assertEqual(loaded.key_account_method_id.code, "import")

    # -- duplicates that came up meanwhile

    def _find_twin(self, field, value):
        """A proposal, and another customer that has the same value by then."""
        change = self._propose({field: value})
        twin = self._create_customer(manager=self.manager_b, **{field: value})
        return change, twin

    def test_an_approval_that_makes_a_duplicate_is_refused(self):
        """FILE-20, COL-05: the duplicate check is repeated when it is decided."""
        for field, value, old in (
            ("key_account_credit_code", "91110000600037341L", False),
            ("name", "Twin Works Ltd", "Acme"),
        ):
            with self.subTest(field), self.env.cr.savepoint() as savepoint:
                change, twin = self._find_twin(field, value)
                decided = change.with_user(self.head)
                self.assertIn("Parcel-1", decided.duplicate_alert, "whom to ask")
                self.assertNotIn(twin.key_account_code, decided.duplicate_alert)
                with self.assertRaisesRegex(UserError, "would be a duplicate"):
                    decided.action_approve()
                self.assertEqual(self.customer[field], old)
                self.assertEqual(change.state, "proposed")
                above = change.with_user(self.director)
                self.assertIn(twin.key_account_code, above.duplicate_alert)
                savepoint.rollback()

    def test_the_decider_says_why_it_is_another_customer(self):
        change, _twin = self._find_twin("name", "Twin Works Ltd")
        action = change.with_user(self.head).action_confirm()
        model = self.env[action["res_model"]].with_user(self.head)
        form = Form(model.with_context(**action["context"]))
        self.assertIn("Parcel-1", form.duplicate_alert)
        with self.assertRaises(AssertionError):
            form.save()
        form.note = "Two brothers, two works"
        form.save().action_confirm()
        self.assertRecordValues(
            change,
            [{"state": "applied", "duplicate_note": "Two brothers, two works"}],
        )
        self.assertRecordValues(
            self.customer,
            [
                {
                    "name": "Twin Works Ltd",
                    "key_account_duplicate_note": "Two brothers, two works",
                }
            ],
        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_confirming_is_deciding(self):
        """Nobody confirms his own proposal, one out of his reach, or in silence."""
        change, _twin = self._find_twin("name", "Twin Works Ltd")
        for user, note, error in (
            (self.manager, "Mine", AccessError),
            (self.head_b, "Not mine", AccessError),
            (self.office, "Reader", AccessError),
            (self.head, " ", UserError),
        ):
            with self.subTest(user.login), self.assertRaises(error):
                change.with_user(user)._confirm(note)
        with self.assertRaises(AccessError):
            change.with_user(self.head).write({"duplicate_note": "By hand"})
        self.assertEqual(self.customer.name, "Acme")
        self.assertFalse(change.duplicate_note)

    def test_a_value_of_nobody_else_needs_no_word(self):
        change = self._propose({"name": "Nobody Else Ltd"})
        self.assertFalse(change.with_user(self.head).duplicate_alert)
        change.with_user(self.head).action_approve()
        self.assertEqual(self.customer.name, "Nobody Else Ltd")
