# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountMerge(KeyAccountCommon):
    """Two files of one customer become one with everything they own (FILE-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls._create_customer(
            "Acme", cls.manager, key_account_code="T1", phone="111"
        )
        cls.source = cls._create_customer(
            "Acme Ltd",
            cls.manager_2,
            key_account_code="S1",
            phone="222",
            key_account_credit_code="9111",
        )

    def _merge(self, user=None, sources=None):
        self.target.with_user(user or self.company)._key_account_merge(
            sources or self.source, "One licence"
        )
        self.env.invalidate_all()

    def _money(self, partners):
        """Every figure of these customers, from the ledgers and from what is kept."""
        return {
            (model, name): round(
                sum(
                    self.env[model]
                    .search([("partner_id", "in", partners.ids)])
                    .mapped(name)
                ),
                2,
            )
            for model, names in (
                ("key.account.bill", ("amount", "amount_paid", "amount_open")),
                ("key.account.payment", ("amount",)),
                ("key.account.month", ("amount_billed", "amount_paid", "bill_count")),
                (
                    "key.account.line.standing",
                    ("amount_open", "amount_total", "amount_year"),
                ),
            )
            for name in names
        }

    def _bill_both(self):
        for customer, amounts in (
            (self.target, (100.1, 0.07)),
            (self.source, (33.33, 66.67, -5.55)),
        ):
            for amount in amounts:
                line = self.letter if amount > 50 else None
                self._create_bill(customer, amount, line)
        bills = self.env["key.account.bill"].search(
            [("partner_id", "in", (self.target | self.source).ids)]
        )
        self._pay(bills[0], 0.03)
        self.env["key.account.payment"].create(
            {
                "name": "ACCOUNT",
                "partner_id": self.source.id,
                "date_payment": "2026-02-01",
                "amount": 7.77,
            }
        )
        return bills

    def test_money_is_conserved_to_the_cent(self):
        bills = self._bill_both()
        before = self._money(self.target | self.source)
        self._merge()
        self.assertEqual(self._money(self.target), before)
        self.assertEqual(bills.partner_id, self.target)
        self.assertEqual(bills.unit_id, self.post_1)
        months = self.env["key.account.month"].search([])
        kept = months.read(["partner_id", "amount_billed", "amount_paid"])
        months._refresh(self.target.ids)
        self.assertEqual(
            months.read(["partner_id", "amount_billed", "amount_paid"]), kept
        )

    def test_bills_of_the_same_number_are_both_kept(self):
        for customer, amount in ((self.target, 10), (self.source, 20)):
            self._create_bill(customer, amount, name="000001")
        before = self._money(self.target | self.source)
        self._merge()
        bills = self.env["key.account.bill"].search(
            [("partner_id", "=", self.target.id)], order="amount"
        )
        self.assertRecordValues(
            bills,
            [{"name": "000001", "amount": 10}, {"name": "000001/S1", "amount": 20}],
        )
        self.assertEqual(self._money(self.target), before)

    def test_everything_owned_moves(self):
        contact = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.source.id}
        )
        number = self.env["key.account.number"].create(
            {"name": "0077", "partner_id": self.source.id}
        )
        below = self._create_customer(
            "Below", self.manager, key_account_parent_id=self.source.id
        )
        group = self._create_customer("Group", self.manager)
        member = self.env["key.account.member"].create(
            {"partner_id": group.id, "name": "M", "member_id": self.source.id}
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "licence.txt",
                "datas": base64.b64encode(b"x"),
                "res_model": "res.partner",
                "res_id": self.source.id,
            }
        )
        message = self.source.message_post(body="Called")
        self._merge()
        self.assertFalse(self.source.exists())
        self.assertEqual(contact.parent_id, self.target)
        self.assertRecordValues(
            contact,
            [
                {
                    "commercial_partner_id": self.target.id,
                    "key_account_unit_id": self.post_1.id,
                    "key_account_manager_id": self.manager.id,
                    "key_account_scope_id": self.target.key_account_scope_id.id,
                }
            ],
        )
        self.assertRecordValues(
            number, [{"partner_id": self.target.id, "manager_id": self.manager.id}]
        )
        self.assertEqual(below.key_account_parent_id, self.target)
        self.assertEqual(member.member_id, self.target)
        self.assertEqual(attachment.res_id, self.target.id)
        self.assertEqual(message.res_id, self.target.id)

    def test_the_last_move_says_the_state_of_the_file_that_stays(self):
        self.source._key_account_move("suspended", reason="Owes too much")
        self._merge()
        self.assertEqual(self.target.key_account_state, "active")
        moves = self.env["key.account.state.move"].search(
            [("partner_id", "=", self.target.id)]
        )
        self.assertEqual(moves[0].state_to, "active")

    def test_the_target_keeps_its_answers_and_takes_in_what_it_lacks(self):
        self._merge()
        self.assertRecordValues(
            self.target,
            [
                {
                    "name": "Acme",
                    "phone": "111",
                    "key_account_credit_code": "9111",
                    "key_account_code": "T1",
                    "key_account_unit_id": self.post_1.id,
                    "key_account_manager_id": self.manager.id,
                    "key_account_state": "active",
                }
            ],
        )

    def test_the_former_code_leads_to_the_customer(self):
        partners = self.env["res.partner"]
        self.assertEqual(
            partners._key_account_by_code(["T1", "S1", "X"]),
            {"T1": self.target.id, "S1": self.source.id},
        )
        self._merge()
        third = self._create_customer("Third", self.manager, key_account_code="Z1")
        self.assertEqual(
            partners._key_account_by_code(["T1", "S1", "Z1"]),
            {"T1": self.target.id, "S1": self.target.id, "Z1": third.id},
        )
        third.with_user(self.company)._key_account_merge(self.target, "Again")
        self.assertEqual(
            partners._key_account_by_code(["T1", "S1", "Z1"]),
            dict.fromkeys(["T1", "S1", "Z1"], third.id),
        )

    def test_a_former_code_is_not_given_again(self):
        self._merge()
        with self.assertRaisesRegex(UserError, "S1 leads to T1"):
            self._create_customer("New", self.manager, key_account_code="S1")

    def test_of_two_files_of_a_line_the_targets_stays(self):
        mine = self._create_line_file(
            self.target, self.express, self.manager_b, agreement_number="A-1"
        )
        other = self._create_line_file(
            self.source,
            self.express,
            self.manager_b,
            agreement_number="A-2",
            volume="9 t",
        )
        moved = self._create_line_file(self.source, self.letter, self.manager_2)
        self.env.flush_all()
        self._merge()
        self.assertFalse(other.exists())
        self.assertEqual(self.target.key_account_line_file_ids, mine | moved)
        self.assertRecordValues(mine, [{"agreement_number": "A-1", "volume": "9 t"}])
        self.assertIn("S1:\nAgreement Number: A-2", mine.product_data)
        units = self.target.key_account_scope_id.unit_ids
        self.assertEqual(units, self.post_1 | self.post_2 | self.parcel_1)

    def test_private_data_of_two_persons_are_one_row(self):
        persons = self.env["key.account.person"]
        (self.target | self.source).write({"is_company": False})
        mine = persons.create({"partner_id": self.target.id, "hobbies": "Chess"})
        persons.create(
            {"partner_id": self.source.id, "hobbies": "Go", "family": "Two sons"}
        )
        self._merge()
        self.assertRecordValues(
            persons.search([("partner_id", "=", self.target.id)]),
            [{"id": mine.id, "hobbies": "Chess", "family": "Two sons"}],
        )

    def test_the_log_tells_what_happened(self):
        self.source.name = "Acme Limited"
        visit = self.env.ref("key_account_crm.key_account_term_channel_visit")
        manual = self.env.ref("key_account_crm.key_account_term_method_manual")
        waiting = self.source.with_user(self.manager_2)._key_account_propose(
            {"key_account_legal_person": "Ada"}, "Why", visit, manual
        )
        self._merge()
        self.assertEqual(waiting.sudo().state, "withdrawn")
        changes = self.target.key_account_change_ids
        self.assertRecordValues(
            changes.filtered(lambda change: change.kind == "merge"),
            [
                {
                    "old_value": "S1 Acme Limited",
                    "new_value": "T1",
                    "reason": "One licence",
                    "decided_by_id": self.company.id,
                }
            ],
        )
        self.assertIn("One licence", self.target.message_ids[0].body)
        history = changes.filtered(lambda change: change.former_code == "S1")
        self.assertEqual(
            set(history.mapped("field_name")), {"name", "key_account_legal_person"}
        )
        rows = self.target._key_account_get_version(self.target.create_date.date())
        self.assertNotIn("Acme Ltd", [row["then"] for row in rows])

    def test_three_files_become_one(self):
        third = self._create_customer("Acme Inc", self.manager, key_account_code="S2")
        for customer in (self.target, self.source, third):
            self._create_bill(customer, 10.01, name="1")
        before = self._money(self.target | self.source | third)
        self._merge(sources=self.source | third)
        self.assertEqual(self._money(self.target), before)
        self.assertFalse((self.source | third).exists())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_an_approver_of_all_the_files_merges(self):
        for user in (
            self.manager,
            self.head,  # of post_1: the source belongs to post_2
            self.company_b,
            self.office,
            self.finance,
            self.agent,
            self.admin,
            self.operator,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._merge(user)
        own = self._create_customer("Acme Two", self.manager)
        with self.assertRaisesRegex(AccessError, "head of your department"):
            self._merge(self.manager, own)
        self._merge(self.head, own)
        self.assertFalse(own.exists())

    def test_what_makes_no_sense_is_refused(self):
        target = self.target.with_user(self.company)
        plain = self.env["res.partner"].create({"name": "Plain"})
        self.source.key_account_parent_id = self.target
        for sources, reason, message in (
            (self.target, "Why", "at least two"),
            (self.source, " ", "Say why"),
            (self.source, "Why", "stands below"),
        ):
            with (
                self.subTest(message=message),
                self.assertRaisesRegex(UserError, message),
            ):
                target._key_account_merge(sources, reason)
        with self.assertRaises(AccessError):
            target._key_account_merge(plain, "Why")

    def test_the_wizard_shows_what_would_move_and_merges(self):
        self._create_bill(self.source, 10)
        wizard = self.env["key.account.merge"].with_user(self.company)
        form = Form(
            wizard.with_context(
                active_model="res.partner", active_ids=(self.target | self.source).ids
            )
        )
        form.target_id = self.target
        self.assertIn("1 × Customer Bill", form.preview)
        form.reason = "One licence"
        action = form.save().action_merge()
        self.assertEqual(action["res_id"], self.target.id)
        self.assertFalse(self.source.exists())

    def test_the_preview_is_closed_to_others(self):
        """It counts what a stranger may not see: nothing before the right to write."""
        merge = self.env["key.account.merge"].with_user(self.head)
        values = {
            "partner_ids": (self.target | self.source).ids,
            "target_id": self.target.id,
        }
        with self.assertRaises(AccessError):
            self.assertTrue(merge.new(values).preview)
