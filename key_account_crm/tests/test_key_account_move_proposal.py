# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountMoveProposal(KeyAccountCommon):
    """What a manager may not decide he proposes, and another decides (FILE-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            "Acme", cls.manager, key_account_date_from="2026-01-05"
        )
        ref = cls.env.ref
        cls.reason = ref("key_account_crm.key_account_term_move_given_up")
        term = cls.env["key.account.term"]
        cls.kind = term.search([("category", "=", "churn_kind")], limit=1)
        cls.cause = term.search([("category", "=", "churn_cause")], limit=1)

    def _propose(self, state="churned", user=None, customer=None, **vals):
        customer = (customer or self.customer).with_user(user or self.manager)
        return customer._key_account_propose_move(
            state, **{"reason": "Closed its office", "date": "2026-03-05", **vals}
        )

    def _open_wizard(self, user, state="churned"):
        customer = self.customer.with_user(user)
        action = customer.with_context(
            key_account_state_to=state
        ).action_key_account_move()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _attach(self, user):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": "letter.txt", "raw": b"We leave", "res_model": False})
        )

    def test_a_departure_is_proposed_on_the_screen_and_approved_by_the_head(self):
        """FILE-19, COL-05: nothing moves before, everything is dated as proposed."""
        letter = self._attach(self.manager)
        form = self._open_wizard(self.manager)
        self.assertTrue(form.is_proposal)
        self.assertTrue(form.is_departure)
        form.date = "2026-03-05"
        form.reason_id = self.reason
        form.reason = "Closed its office"
        form.document = "Letter 7"
        form.kind_id, form.cause_id = self.kind, self.cause
        form.win_back_chance = 30
        form.attachment_ids.add(letter)
        form.save().action_propose()
        proposal = self.customer.key_account_move_proposal_ids
        self.assertEqual(self.customer.key_account_state, "active")
        self.assertFalse(self.customer.key_account_churn_ids)
        self.assertEqual(len(self.customer.key_account_move_ids), 1)
        proposal.with_user(self.head).action_approve()
        move = self.customer.key_account_move_ids.sorted("id")[-1]
        self.assertRecordValues(
            move,
            [
                {
                    "state_from": "active",
                    "state_to": "churned",
                    "date": date(2026, 3, 5),
                    "reason": "Closed its office",
                    "document": "Letter 7",
                    "user_id": self.head.id,
                    "attachment_ids": letter.ids,
                }
            ],
        )
        self.assertEqual((letter.res_model, letter.res_id), (move._name, move.id))
        self.assertRecordValues(
            proposal,
            [
                {
                    "state": "applied",
                    "proposed_by_id": self.manager.id,
                    "decided_by_id": self.head.id,
                    "move_id": move.id,
                }
            ],
        )
        self.assertRecordValues(
            self.customer.key_account_churn_ids,
            [
                {
                    "date": date(2026, 3, 5),
                    "kind_id": self.kind.id,
                    "cause_id": self.cause.id,
                    "win_back_chance": 30,
                }
            ],
        )
        self.assertEqual(
            letter.with_user(self.manager).raw, b"We leave", "its reader still opens it"
        )

    def test_the_head_gets_a_task_and_the_proposer_hears_of_a_refusal(self):
        proposal = self._propose()
        self.assertRecordValues(
            proposal.activity_ids,
            [{"user_id": self.head.id, "date_deadline": date(2026, 3, 10)}],
        )
        wizard = (
            self.env["key.account.refuse"]
            .with_user(self.head)
            .with_context(active_model=proposal._name, active_ids=proposal.ids)
            .create({"reason": "They only moved house"})
        )
        self.assertFalse(wizard.change_ids)
        wizard.action_refuse()
        self.assertRecordValues(
            proposal,
            [
                {
                    "state": "refused",
                    "refusal": "They only moved house",
                    "decided_by_id": self.head.id,
                }
            ],
        )
        self.assertEqual(proposal.activity_ids.user_id, self.manager)
        self.assertIn("moved house", proposal.activity_ids.note)
        self.assertEqual(self.customer.key_account_state, "active")

    def test_who_is_asked_is_never_the_proposer(self):
        self.post_1.head_id = self.manager
        proposal = self._propose()
        self.assertEqual(proposal.activity_ids.user_id, self.head)
        proposal.with_user(self.manager).action_withdraw()
        self.assertFalse(proposal.activity_ids)
        self.head.active = False
        proposal = self._propose()
        self.assertEqual(proposal.activity_ids.user_id, self.company, "the next above")

    def test_nobody_decides_about_his_own_proposal(self):
        """ORG-19: not even when he has become a head meanwhile."""
        proposal = self._propose()
        for user, message in (
            (self.manager, "his own"),
            (self.manager_2, "not allowed|access"),
            (self.colleague, "not allowed|access"),
            (self.head_b, "not allowed|access"),
            (self.company_b, "not allowed|access"),
            (self.office, "Only a head"),
        ):
            with (
                self.subTest(user.login),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                with self.assertRaisesRegex(AccessError, f"(?i){message}"):
                    proposal.with_user(user).action_approve()
        self.manager.key_account_role = "head"
        with self.assertRaisesRegex(AccessError, "his own"):
            proposal.with_user(self.manager).action_approve()
        self.assertEqual(self.customer.key_account_state, "active")

    @users("ka_manager")
    def test_rows_are_not_written_by_hand(self):
        proposal = self._propose()
        mine = proposal.with_env(self.env)
        model = self.env["key.account.move.proposal"]
        for attempt in (
            lambda: mine.write({"state": "applied"}),
            lambda: mine.write({"state_to": "suspended"}),
            lambda: mine.unlink(),
            lambda: model.create(
                {
                    "partner_id": self.customer.id,
                    "state_from": "active",
                    "state_to": "churned",
                    "date": "2026-03-05",
                    "proposed_by_id": self.head.id,
                }
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        with self.assertRaisesRegex(UserError, "stay"), self.env.cr.savepoint():
            proposal.sudo().unlink()

    def test_a_decided_step_stays(self):
        proposal = self._propose()
        proposal.with_user(self.manager).action_withdraw()
        with self.assertRaisesRegex(UserError, "decided already"):
            proposal.with_user(self.head).action_approve()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            proposal.sudo().reason = "Other"
        self.assertEqual(self.customer.key_account_state, "active")

    def test_only_the_proposer_withdraws(self):
        proposal = self._propose()
        with self.assertRaisesRegex(AccessError, "Only the one who proposed"):
            proposal.with_user(self.head).action_withdraw()

    def test_one_step_waits_at_a_time(self):
        self._propose()
        with self.assertRaisesRegex(UserError, "waiting for a decision"):
            self._propose()

    def test_what_a_customer_did_meanwhile_voids_the_step(self):
        proposal = self._propose()
        self.customer.with_user(self.company)._key_account_move(
            "suspended", reason="Does not pay"
        )
        self.assertEqual(proposal.state, "refused")
        self.assertIn("moved meanwhile", proposal.refusal)
        other = self._create_customer("Other", self.manager)
        proposal = self._propose(customer=other, date="2026-03-10")
        self.env.cr.execute(  # as a batch that forgets what moves entail
            "UPDATE res_partner SET key_account_state = 'suspended' WHERE id = %s",
            [other.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Suspended meanwhile"):
            proposal.with_user(self.head).action_approve()

    def test_what_cannot_be_proposed(self):
        self.customer.with_user(self.company)._key_account_move(
            "suspended", reason="Does not pay", date="2026-03-08"
        )
        cases = (
            ({"state": "won_back"}, UserError, "cannot become Won Back"),
            ({"state": "active"}, UserError, "yourself"),
            ({"reason": False}, UserError, "has a reason"),
            ({"date": "2026-03-11"}, ValidationError, "in the future"),
            ({"date": "2026-03-07"}, ValidationError, "moved last on"),
            ({"user": self.head}, UserError, "yourself"),
            ({"user": self.manager_2}, AccessError, ""),
            ({"user": self.office}, AccessError, ""),
        )
        for case, error, message in cases:
            case = {"date": "2026-03-09", **case}
            with self.subTest(case), mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
                    self._propose(**case)

    def test_a_manager_proposes_a_qualification_the_score_does_not_give(self):
        """Domain 3.2: qualification: managers propose, the company decides."""
        lead = self._create_customer(
            "Lead", self.manager, key_account_state="potential"
        )
        self.assertEqual(
            lead.with_user(self.manager).key_account_proposable_states,
            "qualified,churned",
        )
        proposal = self._propose("qualified", customer=lead, date="2026-03-10")
        proposal.with_user(self.head).action_approve()
        self.assertEqual(lead.key_account_state, "qualified")

    def test_a_churned_customer_is_proposed_as_won_back(self):
        self._propose().with_user(self.head).action_approve()
        self._propose("won_back", date="2026-03-09").with_user(
            self.company
        ).action_approve()
        self.assertEqual(self.customer.key_account_state, "won_back")
        self.assertEqual(
            self.customer.key_account_churn_ids.date_won_back, date(2026, 3, 9)
        )

    def test_what_waits_is_told_on_the_file(self):
        customer = self.customer.with_user(self.manager)
        self.assertFalse(customer.key_account_move_waiting)
        proposal = self._propose()
        customer.invalidate_recordset()
        self.assertIn("Active → Churned", customer.key_account_move_waiting)
        action = customer.action_key_account_move_proposals()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, proposal)

    def test_a_merge_withdraws_what_waits_for_the_source(self):
        target = self._create_customer("Target", self.manager)
        kept = self._propose(customer=target, date="2026-03-10")
        proposal = self._propose()
        target.with_user(self.head)._key_account_merge(self.customer, "One customer")
        self.assertRecordValues(
            kept | proposal, [{"state": "proposed"}, {"state": "withdrawn"}]
        )
        self.assertEqual(proposal.partner_id, target)

    def test_an_approver_moves_at_once(self):
        form = self._open_wizard(self.head)
        self.assertFalse(form.is_proposal)
