# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import SQL, mute_logger

from odoo.addons.key_account_crm.models.key_account_state_move import STEPS
from odoo.addons.key_account_crm.models.res_partner import STATES

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
# The shortest way from the registration to each state.
WAYS = {
    "potential": ("potential",),
    "qualified": ("potential", "qualified"),
    "active": ("active",),
    "suspended": ("active", "suspended"),
    "churned": ("active", "churned"),
    "won_back": ("active", "churned", "won_back"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15")
class TestKeyAccountLifecycle(KeyAccountCommon):
    """States of a customer, and the dated moves between them (FILE-19, 2.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.request = cls.env.ref("key_account_crm.key_account_term_move_request")

    def _customer_in(self, state):
        first, *steps = WAYS[state]
        customer = self._create_customer(
            f"In {state} {self.env['res.partner'].search_count([])}",
            self.manager,
            key_account_state=first,
        )
        for step in steps:
            customer._key_account_move(step, reason="On the way")
        return customer

    def _wizard(self, customer, user, state):
        model = self.env["key.account.move"].with_user(user)
        return Form(
            model.with_context(
                customer.with_user(user)
                .with_context(key_account_state_to=state)
                .action_key_account_move()["context"]
            )
        )

    def test_a_new_customer_gets_its_first_move(self):
        for user in (self.manager, self.head, self.director):
            with self.subTest(user=user.login):
                customer = (
                    self.env["res.partner"]
                    .with_user(user)
                    .create(
                        {
                            "name": f"New of {user.login}",
                            "key_account_kind": "group",
                            "key_account_state": "potential",
                        }
                    )
                )
                self.assertRecordValues(
                    customer.key_account_move_ids,
                    [
                        {
                            "state_from": False,
                            "state_to": "potential",
                            "date": date(2026, 1, 15),
                            "user_id": user.id,
                            "reason_id": self.env.ref(
                                "key_account_crm.key_account_term_move_registration"
                            ).id,
                            "unit_id": customer.key_account_unit_id.id,
                            "manager_id": customer.key_account_manager_id.id,
                        }
                    ],
                )

    def test_the_first_move_is_dated_on_the_day_the_file_was_opened(self):
        old = self._create_customer("Old", key_account_date_from="2024-05-01")
        soon = self._create_customer("Soon", key_account_date_from="2026-05-01")
        self.assertEqual(old.key_account_move_ids.date, date(2024, 5, 1))
        self.assertEqual(soon.key_account_move_ids.date, date(2026, 1, 15))

    def test_a_contact_that_becomes_a_customer_gets_its_first_move(self):
        partner = self.env["res.partner"].create({"name": "Walk-in"})
        self.assertFalse(partner.key_account_move_ids)
        self.director.group_ids += self.env.ref("base.group_partner_manager")
        partner.with_user(self.director).key_account_kind = "individual"
        self.assertRecordValues(
            partner.key_account_move_ids,
            [{"state_to": "active", "user_id": self.director.id}],
        )

    def test_import_gives_first_moves(self):
        result = (
            self.env["res.partner"]
            .with_user(self.head)
            .load(
                ["name", "key_account_kind"],
                [["One Imported", "Group"], ["Two Imported", "Individual"]],
            )
        )
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        moves = self.env["key.account.state.move"].search(
            [("partner_id", "in", result["ids"])]
        )
        self.assertEqual(moves.mapped("state_to"), ["active", "active"])

    def test_a_state_written_by_the_system_leaves_a_move(self):
        self.customer.key_account_state = "suspended"
        self.assertRecordValues(
            self.customer.key_account_move_ids[0],
            [
                {
                    "state_from": "active",
                    "state_to": "suspended",
                    "reason_id": self.env.ref(
                        "key_account_crm.key_account_term_move_system"
                    ).id,
                }
            ],
        )
        count = len(self.customer.key_account_move_ids)
        self.env["key.account.state.move"]._complete(self.customer.ids)
        self.customer.invalidate_recordset()
        self.assertEqual(len(self.customer.key_account_move_ids), count)

    def test_exactly_the_steps_of_the_table_are_allowed(self):
        states = [state for state, _label in STATES]
        for state in states:
            for wanted in states:
                with self.subTest(state=state, wanted=wanted):
                    customer = self._customer_in(state).with_user(self.director)
                    if wanted in STEPS[state]:
                        move = customer._key_account_move(wanted, reason="Asked")
                        self.assertEqual(customer.key_account_state, wanted)
                        self.assertRecordValues(
                            move, [{"state_from": state, "state_to": wanted}]
                        )
                    else:
                        with (
                            self.assertRaisesRegex(UserError, "What may follow"),
                            self.env.cr.savepoint(),
                        ):
                            customer._key_account_move(wanted, reason="Asked")
                        self.assertEqual(customer.key_account_state, state)

    def test_who_may_take_which_step(self):
        """Domain 3.2: managers write, approvers decide departures and returns."""
        approver_only = {
            ("potential", "qualified"),
            ("potential", "churned"),
            ("qualified", "active"),
            ("active", "churned"),
            ("suspended", "churned"),
            ("churned", "won_back"),
            ("won_back", "churned"),
        }
        for state, steps in STEPS.items():
            if state is None:
                continue
            for wanted in steps:
                with self.subTest(state=state, wanted=wanted):
                    customer = self._customer_in(state).with_user(self.manager)
                    offered = customer.key_account_next_states.split(",")
                    if (state, wanted) in approver_only:
                        self.assertNotIn(wanted, offered)
                        with self.assertRaises(AccessError):
                            customer._key_account_move(wanted, reason="Mine")
                        customer = customer.with_user(self.head)
                        offered = customer.key_account_next_states.split(",")
                    self.assertIn(wanted, offered)
                    move = customer._key_account_move(wanted, reason="Decided")
                    self.assertEqual(move.user_id, customer.env.user)

    @mute_logger(*RULE_LOGGERS)
    def test_who_may_not_write_the_customer_moves_nothing(self):
        for user in (
            self.colleague,
            self.head_b,
            self.company_b,
            self.office,
            self.finance,
            self.agent,
            self.operator,
            self.admin,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user)._key_account_move(
                    "suspended", reason="Not mine"
                )
        self.assertFalse(self.customer.with_user(self.office).key_account_next_states)

    def test_a_move_is_named_by_its_step_and_day(self):
        move = self.customer._key_account_move("suspended", reason="Why")
        self.assertEqual(move.display_name, "Active → Suspended (01/15/2026)")
        first = self.customer.key_account_move_ids - move
        self.assertEqual(first.display_name, "Active (01/15/2026)")

    def test_a_move_needs_a_reason(self):
        with self.assertRaisesRegex(UserError, "reason"), self.env.cr.savepoint():
            self.customer._key_account_move("suspended")

    def test_dates_lie_between_the_previous_move_and_today(self):
        customer = self._create_customer("Dated", key_account_date_from="2025-06-01")
        for day, message in (
            ("2026-01-16", "future"),
            ("2025-05-31", "moved last on"),
        ):
            with (
                self.subTest(day=day),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                customer._key_account_move("suspended", reason="Why", date=day)
        customer._key_account_move("suspended", reason="Why", date="2025-06-01")
        customer._key_account_move("active", reason="Why", date="2026-01-15")
        self.assertEqual(
            customer.key_account_move_ids.mapped("date"),
            [date(2026, 1, 15), date(2025, 6, 1), date(2025, 6, 1)],
        )
        self.assertEqual(customer.key_account_move_ids[0].state_to, "active")

    def test_moves_stay(self):
        move = self.customer._key_account_move("suspended", reason="Arrears")
        with self.assertRaisesRegex(UserError, "another move"), self.env.cr.savepoint():
            move.reason = "Something else"
        with self.assertRaisesRegex(UserError, "another move"), self.env.cr.savepoint():
            move.unlink()

    @mute_logger(*RULE_LOGGERS)
    def test_nobody_writes_moves_past_the_life_cycle(self):
        for user in (self.manager, self.head, self.director, self.admin, self.finance):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["key.account.state.move"].with_user(user).create(
                    {
                        "partner_id": self.customer.id,
                        "state_from": "active",
                        "state_to": "churned",
                        "reason": "Forged",
                    }
                )

    def test_the_wizard_moves_with_document_and_attachment(self):
        form = self._wizard(self.customer, self.manager, "suspended")
        self.assertEqual(form.next_states, "suspended,churned", "the second: proposed")
        self.assertFalse(form.is_proposal)
        form.reason_id = self.request
        form.reason = "Moves house"
        form.document = "No. 0012"
        form.date = "2026-01-15"
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create(
                {
                    "name": "letter.txt",
                    "raw": b"Please",
                    "res_model": "key.account.move",
                }
            )
        )
        form.attachment_ids.add(attachment)
        form.save().action_move()
        move = self.customer.key_account_move_ids[0]
        self.assertRecordValues(
            move,
            [
                {
                    "state_from": "active",
                    "state_to": "suspended",
                    "reason_id": self.request.id,
                    "reason": "Moves house",
                    "document": "No. 0012",
                    "user_id": self.manager.id,
                }
            ],
        )
        self.assertEqual(move.attachment_ids, attachment)
        self.assertEqual(
            attachment.with_user(self.head).raw, b"Please", "readers of the move see it"
        )
        with mute_logger(*RULE_LOGGERS), self.assertRaises(AccessError):
            attachment.with_user(self.head_b).read(["raw"])

    def test_the_wizard_asks_for_a_reason(self):
        form = self._wizard(self.customer, self.manager, "suspended")
        with self.assertRaises(AssertionError):
            form.save()

    def test_the_wizard_proposes_the_only_step(self):
        churned = self._customer_in("churned")
        form = self._wizard(churned, self.head, False)
        self.assertEqual(form.state_to, "won_back")
        form = self._wizard(churned, self.manager, False)
        self.assertEqual((form.state_to, form.is_proposal), ("won_back", True))

    @mute_logger(*RULE_LOGGERS)
    def test_an_attachment_of_others_is_not_taken_over(self):
        secret = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"Secret",
                "res_model": "res.partner",
                "res_id": self._create_customer("Else", self.manager_b).id,
            }
        )
        with self.assertRaises(AccessError):
            self.customer.with_user(self.manager)._key_account_move(
                "suspended",
                reason="Grab",
                attachments=secret.with_user(self.manager),
            )

    def test_the_header_offers_what_may_follow(self):
        action = (
            self.customer.with_user(self.manager)
            .with_context(key_account_state_to="suspended")
            .action_key_account_move()
        )
        self.assertEqual(action["context"]["default_state_to"], "suspended")
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)

    def test_sets_of_moves_are_recorded_in_one_statement(self):
        customers = self._create_customer("S1", self.manager) | self._create_customer(
            "S2", self.manager_b
        )
        rows = SQL(
            """
            SELECT id, key_account_state, 'suspended', DATE '2026-01-10', 'Feed', NULL
              FROM res_partner WHERE id = ANY(%s)
            """,
            customers.ids,
        )
        moves = self.env["key.account.state.move"]._record(rows)
        self.assertRecordValues(
            moves.sorted("partner_id"),
            [
                {
                    "partner_id": customer.id,
                    "state_from": "active",
                    "state_to": "suspended",
                    "date": date(2026, 1, 10),
                    "reason": "Feed",
                    "user_id": self.env.uid,
                    "unit_id": customer.key_account_unit_id.id,
                    "manager_id": customer.key_account_manager_id.id,
                    "create_uid": self.env.uid,
                }
                for customer in customers
            ],
        )

    def test_the_steps_query_is_the_table(self):
        rows = self.env.execute_query(
            self.env["key.account.state.move"]._get_steps_query()
        )
        table = {(state, step) for state, steps in STEPS.items() for step in steps}
        self.assertEqual(set(rows), table)

    def test_moves_are_read_by_scope(self):
        other = self._create_customer("Elsewhere", self.manager_b)
        moves = (self.customer | other).key_account_move_ids
        for user, expected in (
            (self.manager, self.customer),
            (self.colleague, self.env["res.partner"]),
            (self.head, self.customer),
            (self.company, self.customer),
            (self.finance, self.customer),
            (self.manager_b, other),
            (self.company_b, other),
            (self.director, self.customer | other),
            (self.office, self.customer | other),
            (self.agent, self.customer | other),
        ):
            with self.subTest(user=user.login):
                found = moves.with_user(user).search([("id", "in", moves.ids)])
                self.assertEqual(found.sudo().partner_id.sorted("id"), expected)

    @users("ka_admin")
    @mute_logger(*RULE_LOGGERS)
    def test_administrators_read_no_moves(self):
        with self.assertRaises(AccessError):
            self.env["key.account.state.move"].search([])

    @mute_logger(*RULE_LOGGERS)
    def test_the_blacklist_is_kept_by_approvers(self):
        with self.assertRaisesRegex(AccessError, "blacklist"), self.env.cr.savepoint():
            self.customer.with_user(self.manager).key_account_is_blacklisted = True
        self.customer.with_user(self.head).key_account_is_blacklisted = True
        self.assertTrue(self.customer.key_account_is_blacklisted)
