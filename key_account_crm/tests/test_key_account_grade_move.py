# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .grade_common import GradeCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestGradeMove(GradeCommon):
    """Proposed by one person, decided by another, kept for ever (GRD-06, GRD-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_rule(confirm_up=True, confirm_down=True)
        cls.customer = cls._create_customer("Acme", cls.manager)

    def _propose(self, user=None, customer=None, grade="T-A", **vals):
        moves = self.env["key.account.grade.move"].with_user(user or self.manager)
        customer = (customer or self.customer).with_user(user or self.manager)
        grade_id = self.grades[grade].id if grade else False
        return moves._propose(
            customer, {"grade_to_id": grade_id, **vals}, "Signed a large contract"
        )

    def test_manager_proposes_company_decides(self):
        move = self._propose()
        self.assertFalse(self.customer.key_account_grade_id)
        move.with_user(self.company).action_confirm()
        self.assertEqual(self._grade_of(self.customer), "T-A")
        self.assertRecordValues(
            move,
            [
                {
                    "state": "applied",
                    "trigger": "manual",
                    "user_id": self.manager.id,
                    "decided_by_id": self.company.id,
                    "date_effective": date(2026, 6, 15),
                    "date_expiry": date(2027, 5, 31),
                    "reason": "Signed a large contract",
                }
            ],
        )

    def test_nobody_decides_about_his_own_proposal(self):
        for user in (self.company, self.director):
            move = self._propose(user)
            self.assertFalse(move.can_decide)
            with self.assertRaisesRegex(AccessError, "his own proposal"):
                move.action_confirm()
            move.action_withdraw()
            self.assertEqual(move.state, "withdrawn")

    def test_heads_managers_and_readers_decide_nothing(self):
        """Domain 3.2: the company for its own, the centre for all."""
        move = self._propose()
        for user in (self.head, self.colleague, self.office, self.finance, self.agent):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                move.with_user(user).action_confirm()
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            move.with_user(self.company_b).action_confirm()
        self.assertEqual(move.state, "proposed")

    def test_only_who_may_write_the_file_proposes(self):
        for user in (self.manager_b, self.office, self.finance, self.admin):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                self._propose(user)

    def test_a_proposal_needs_a_reason_and_a_fitting_grade(self):
        moves = self.env["key.account.grade.move"].with_user(self.manager)
        customer = self.customer.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Say why"):
            moves._propose(customer, {"grade_to_id": self.grades["T-A"].id}, "  ")
        person = self.env["key.account.grade"].create(
            {"code": "T-P", "name": "P", "rank": 9, "is_group": False}
        )
        with self.assertRaisesRegex(UserError, "no grade for customers like"):
            moves._propose(customer, {"grade_to_id": person.id}, "why")
        with self.assertRaisesRegex(UserError, "has this grade already"):
            moves._propose(customer, {"grade_to_id": False}, "why")
        potential = self._create_customer(
            "P", self.manager, key_account_state="potential"
        )
        with self.assertRaisesRegex(UserError, "not in service"):
            self._propose(customer=potential)

    def test_one_proposal_waits_at_a_time(self):
        self._propose()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._propose(grade="T-B")

    def test_refused_with_a_reason(self):
        move = self._propose().with_user(self.company)
        with self.assertRaisesRegex(UserError, "Say why"):
            move._refuse("")
        wizard = self.env["key.account.grade.refuse"].with_user(self.company)
        wizard = wizard.with_context(active_ids=move.ids)
        wizard.create({"reason": "Not signed yet"}).action_refuse()
        self.assertRecordValues(
            move, [{"state": "refused", "refusal": "Not signed yet"}]
        )
        with self.assertRaisesRegex(UserError, "decided already"):
            move.action_confirm()

    def test_the_ledger_is_neither_edited_nor_deleted(self):
        move = self._propose()
        move.with_user(self.company).action_confirm()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            move.sudo().write({"reason": "other"})
        with self.assertRaisesRegex(UserError, "stay"):
            move.sudo().unlink()
        for user in (self.manager, self.company, self.director):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                move.with_user(user).write({"reason": "other"})

    def test_a_run_proposes_where_the_rule_says_so(self):
        """Suggested by the run, confirmed by a person; repeated it waits once."""
        self._bill_months(self.customer, [500, 500])
        run = self._run(1, self.director)
        self.assertFalse(self.customer.key_account_grade_id)
        self.assertEqual(run.proposed_count, 1)
        self._run(1, self.director)
        move = self.customer.key_account_grade_move_ids
        self.assertRecordValues(
            move,
            [{"state": "proposed", "trigger": "run", "user_id": self.director.id}],
        )
        with self.assertRaisesRegex(AccessError, "his own proposal"):
            move.with_user(self.director).action_confirm()
        move.with_user(self.company).action_confirm()
        self.assertEqual(self._grade_of(self.customer), "T-B")
        self._run(2, self.director)
        self.assertEqual(self.customer.key_account_grade_move_count, 1)

    def test_a_run_takes_back_what_the_figures_no_longer_bear_out(self):
        self._bill_months(self.customer, [500])
        self._run(1)
        self._bill_months(self.customer, [500], start=1)
        self._run(1)
        self.assertRecordValues(
            self.customer.key_account_grade_move_ids,
            [
                {"state": "proposed", "grade_to_id": self.grades["T-A"].id},
                {"state": "withdrawn", "grade_to_id": self.grades["T-B"].id},
            ],
        )

    def test_a_refused_upgrade_begins_a_new_row_of_months(self):
        self.env["key.account.grade.move"].search([]).filtered(
            lambda m: m.state == "proposed"
        )
        self._bill_months(self.customer, [100, 500, 500, 500, 500])
        self._run(1)
        self.customer.key_account_grade_move_ids.with_user(
            self.company
        ).action_confirm()
        for place in (2, 3):
            self._run(place)
        move = self.customer.key_account_grade_move_ids[0]
        self.assertEqual((move.state, move.direction), ("proposed", "up"))
        move.with_user(self.company)._refuse("not yet")
        self._run(4)
        self.assertEqual(self.customer.key_account_grade_streak, 1)
        self._run(5)
        self.assertEqual(self.customer.key_account_grade_move_ids[0].state, "proposed")

    def test_confirmed_many_at_once_the_overtaken_are_void(self):
        others = [self._create_customer(f"O{n}", self.manager) for n in range(3)]
        moves = self._propose()
        for customer in others:
            moves |= self._propose(customer=customer)
        standing = others[0].key_account_standing_ids
        standing.grade_id = self.grades["T-D"]
        self.env.flush_all()
        answer = moves.with_user(self.company).action_confirm()
        self.assertIn("O0", answer["params"]["message"])
        states = {move.partner_id.name: move.state for move in moves}
        self.assertEqual(
            states,
            {"Acme": "applied", "O0": "withdrawn", "O1": "applied", "O2": "applied"},
        )

    def test_protection_needs_grade_and_end(self):
        floor = self.grades["T-B"].id
        with self.assertRaisesRegex(UserError, "give both"):
            self._propose(floor_id=floor)
        with self.assertRaisesRegex(UserError, "ended already"):
            self._propose(floor_id=floor, floor_until="2026-06-14")
        move = self._propose(grade=None, floor_id=floor, floor_until="2027-06-30")
        move.with_user(self.company).action_confirm()
        self.assertEqual(self.customer.key_account_grade_floor_id.code, "T-B")
        with freeze_time("2027-07-01"):
            self.customer.invalidate_recordset()
            self.assertFalse(self.customer.key_account_grade_floor_id)

    def test_the_wizard_asks_for_the_grades_of_the_kind(self):
        wizard = Form(
            self.env["key.account.grade.propose"]
            .with_user(self.manager)
            .with_context(default_partner_ids=self.customer.ids)
        )
        wizard.grade_id = self.grades["T-A"]
        wizard.reason = "why"
        wizard.trigger = "correction"
        wizard.save().action_propose()
        move = self.customer.key_account_grade_move_ids
        self.assertRecordValues(
            move, [{"trigger": "correction", "state": "proposed", "direction": "new"}]
        )

    def test_a_suggestion_is_confirmed_by_a_person(self):
        """The value score suggests, whatever else the rule confirms (GRD-14)."""
        rule = self._create_rule(
            [
                self._prepare_criterion(),
                self._prepare_criterion(
                    "value_score", "score", is_suggestion=True, months=12, sequence=20
                ),
            ],
            self._prepare_thresholds()
            + self._prepare_thresholds("score", {"T-A": (60, 0)}, None),
            [{"criterion": "score", "measure": "own", "weight": 100, "full": 1000}],
            date_from="2025-06-01",
        )
        self._put_in_force(rule)
        rich = self._create_customer("Rich", self.manager)
        self._bill_months(rich, [100] * 6)
        run = self._run(6)
        self.assertEqual(run.proposed_count, 1)
        self.assertRecordValues(
            rich.key_account_grade_move_ids,
            [
                {
                    "state": "proposed",
                    "cause": "value_score",
                    "grade_to_id": self.grades["T-A"].id,
                }
            ],
        )
        self.assertEqual(self._grade_of(self.customer), "T-D")

    def test_merged_files_keep_both_histories_and_the_higher_grade(self):
        other = self._create_customer("Acme Ltd", self.manager)
        for customer, grade in ((self.customer, "T-C"), (other, "T-A")):
            move = self._propose(customer=customer, grade=grade)
            move.with_user(self.company).action_confirm()
        waiting = self._propose(customer=other, grade="T-B")
        self.customer.with_user(self.head)._key_account_merge(
            other.with_user(self.head), "one customer"
        )
        self.assertEqual(self._grade_of(self.customer), "T-A")
        self.assertEqual(waiting.state, "withdrawn")
        triggers = self.customer.key_account_grade_move_ids.sorted("id")
        self.assertEqual(
            triggers.mapped("trigger"), ["manual", "manual", "manual", "merge"]
        )
        self.assertEqual(self.customer.key_account_grade_valid_to, date(2027, 5, 31))

    def test_merged_into_the_higher_one_nothing_moves(self):
        other = self._create_customer("Acme Ltd", self.manager)
        for customer, grade in ((self.customer, "T-A"), (other, "T-C")):
            move = self._propose(customer=customer, grade=grade)
            move.with_user(self.company).action_confirm()
        self.customer.with_user(self.head)._key_account_merge(
            other.with_user(self.head), "one customer"
        )
        self.assertEqual(self._grade_of(self.customer), "T-A")
        self.assertEqual(self.customer.key_account_grade_move_count, 2)
