# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SuspensionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:00:00")
class TestKeyAccountSuspension(SuspensionCommon):
    """Suspension is proposed, approved by another person and answered by the branch;
    whoever is protected or pays is not cut off (ARR-05, ARR-10, ARR-12)."""

    def test_the_policy_proposes_and_orders_nothing(self):
        """ARR-05: a run of dunning proposes; the number stays in service."""
        run = self.env["key.account.dunning.run"].with_user(self.company).create({})
        run.action_preview()
        self.assertEqual(run.suspension_count, 1)
        wizard = self.env["key.account.suspension.propose"].browse(
            run.action_view_suspensions()["res_id"]
        )
        self.assertEqual(wizard.line_ids.number_id, self.number)
        self.assertFalse(self._steps())
        run.action_confirm()
        [step] = self._steps()
        self.assertRecordValues(
            step,
            [
                {
                    "kind": "one_way",
                    "source": "policy",
                    "state": "proposed",
                    "user_id": self.company.id,
                    "run_id": run.id,
                    "amount": 100,
                    "days_overdue": 33,
                    "policy_id": self.policy.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                }
            ],
        )
        self.assertEqual(self.number.state, "in_service")
        with self.assertRaisesRegex(AccessError, "of his own"):
            step.with_user(self.company).action_approve()
        step.with_user(self.head).action_approve()
        self.assertEqual(step.state, "approved")
        self.assertEqual(self.number.state, "in_service")

    def test_a_run_reaches_its_own_customers_only(self):
        self._create_bill(self.far, 70, date_due="2026-02-15")
        far = self._number(self.far, "900")
        run = self.env["key.account.dunning.run"].with_user(self.company).create({})
        run.action_preview()
        run.action_confirm()
        self.assertTrue(self._steps())
        self.assertFalse(self._steps(far))

    def test_preview_says_who_is_left_out_and_why(self):
        """ARR-05, ARR-10: each reason, and then the preview is what is proposed."""
        bill = self.bill

        def look():
            wizard = self._preview(self.head)
            [line] = wizard.line_ids.filtered(lambda one: one.number_id == self.number)
            return line.left_out

        self.assertFalse(look())
        dispute = self.env["key.account.dispute"].create(
            {"bill_id": bill.id, "amount": 100, "reason": "No", "decision": "Right"}
        )
        self.assertEqual(look(), "dispute")
        dispute.action_reject()
        promise = self._promise(self.manager, 100, "2026-03-25", date="2026-03-20")
        self.assertEqual(look(), "promise")
        promise.action_withdraw()
        exemption = self.env["key.account.dunning.exemption"].create(
            {"partner_id": self.acme.id, "date_to": "2026-03-25", "reason": "x"}
        )
        self.assertEqual(look(), "exempt")
        exemption.date_to = "2026-03-20"
        self.post.is_dunning_stopped = True
        self.assertEqual(look(), "stopped")
        self.post.is_dunning_stopped = False
        units = self.env.registry["key.account.unit"]
        with freeze_time("2026-03-21 04:00:00"):
            missing = {self.post_1.id: None}
            patch = self.patch
            patch(units, "_get_dunning_incomplete", lambda self, day: missing)
            self.assertEqual(look(), "incomplete")
            missing.clear()
            self.assertFalse(look())
            self.number.state = "one_way"
            self.assertEqual(look(), "state")
            self.number.state = "in_service"
            step = self._propose()
            self.assertEqual(look(), "pending")
            step.with_user(self.head).action_decline("The manager visits them")
            self.assertEqual(look(), "done")  # the policy does not ask again

    def test_what_is_not_late_enough_is_early(self):
        number = self._number(self._create_customer("New", self.manager), "200")
        self._create_bill(number.partner_id, 50, date_due="2026-03-10")
        wizard = self._preview(self.head)
        line = wizard.line_ids.filtered(lambda one: one.number_id == number)
        self.assertEqual(line.left_out, "early")

    def test_a_bill_of_a_number_is_about_that_number_alone(self):
        customer = self._create_customer("Two", self.manager)
        one, other = self._number(customer, "301"), self._number(customer, "302")
        self._create_bill(customer, 70, date_due="2026-02-15", number_id=one.id)
        wizard = self._preview(self.head)
        numbers = wizard.line_ids.number_id
        self.assertIn(one, numbers)
        self.assertNotIn(other, numbers)

    def test_by_hand_with_a_reason_and_in_reach(self):
        """ARR-05 by hand: single or batch, of one's own customers."""
        far = self._number(self.far, "900")
        self._create_bill(self.far, 70, date_due="2026-02-15")
        wizard = self._wizard(self.manager, by="hand", kind="two_way")
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.number_id, self.number)
        with self.assertRaisesRegex(UserError, "Write down why"):
            wizard.action_propose()
        wizard.reason = "Will not pay"
        wizard.action_propose()
        [step] = self._steps()
        self.assertRecordValues(
            step,
            [
                {
                    "kind": "two_way",
                    "source": "hand",
                    "reason": "Will not pay",
                    "user_id": self.manager.id,
                }
            ],
        )
        self.assertFalse(self._steps(far))
        with self.assertRaisesRegex(UserError, "unit of your own"):
            self._wizard(self.manager, unit_id=self.parcel_1.id).action_preview()

    def test_a_preview_of_something_else_is_none(self):
        wizard = self._preview(self.head)
        wizard.write({"by": "hand", "kind": "two_way", "reason": "x"})
        with self.assertRaisesRegex(UserError, "preview first"):
            wizard.action_propose()

    def test_who_may_approve(self):
        """Domain 3.2: by role, nobody his own, no manager, nobody elsewhere."""
        step = self._propose(self.manager)
        for user in (self.manager, self.head_b, self.director, self.office, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                step.with_user(user).action_approve()
        step.with_user(self.head).action_approve()
        self.assertRecordValues(
            step, [{"state": "approved", "approver_id": self.head.id}]
        )

    def test_the_protected_are_reviewed_first(self):
        """ARR-10: important customers, by the rule, with a reason."""
        self._policy(is_protected=True, kind="group")
        step = self._propose()
        self.assertTrue(step.is_protected)
        self.assertFalse(step.with_user(self.head).can_approve)
        with self.assertRaisesRegex(UserError, "protected"):
            step.with_user(self.head).action_approve()
        with self.assertRaisesRegex(AccessError, "company manager"):
            step.with_user(self.head).action_review("Known to us")
        with self.assertRaisesRegex(UserError, "why"):
            step.with_user(self.company).action_review(" ")
        step.with_user(self.company).action_review("Visited twice, no answer")
        step.with_user(self.head).action_approve()
        self.assertEqual(step.state, "approved")
        self.assertEqual(step.reviewer_id, self.company)

    def test_one_step_of_a_number_at_a_time(self):
        step = self._propose()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            step.copy()

    def test_approval_looks_again(self):
        """What was contested since the proposal is withdrawn, with the reason."""
        step = self._propose()
        self.env["key.account.dispute"].create(
            {"bill_id": self.bill.id, "amount": 100, "reason": "No"}
        )
        step.with_user(self.head).action_approve()
        self.assertRecordValues(
            step,
            [{"state": "withdrawn", "end_reason": "dispute", "approver_id": False}],
        )

    def test_paid_in_time_withdraws_what_has_not_gone(self):
        for state in ("proposed", "approved"):
            with self.subTest(state=state):
                customer = self._create_customer(f"C {state}", self.manager)
                number = self._number(customer, f"4{state}")
                bill = self._create_bill(customer, 60, date_due="2026-02-15")
                step = self._propose(number=number)
                if state == "approved":
                    step.with_user(self.head).action_approve()
                self._pay(bill, 59, "2026-03-20")
                self.assertEqual(step.state, state)
                self._pay(bill, 1, "2026-03-20")
                self.assertRecordValues(
                    step, [{"state": "withdrawn", "end_reason": "paid"}]
                )
                self.assertEqual(number.state, "in_service")

    def test_paid_later_resumes_without_a_person(self):
        """ARR-12: the order is made in the transaction of the payment."""
        step = self._suspend()
        self.assertEqual(self.number.state, "one_way")
        self.assertEqual(self.acme.key_account_suspended_count, 1)
        self._pay(self.bill, 100, "2026-03-20")
        order = step.lift_id
        self.assertRecordValues(
            order,
            [
                {
                    "kind": "resume",
                    "source": "payment",
                    "state": "approved",
                    "approver_id": False,
                    "number_id": self.number.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "nobody stops that"):
            order.with_user(self.head).action_withdraw("no")
        with freeze_time("2026-03-20 06:00:00"):
            order.with_user(self.head).action_answer(True)
        self.assertEqual(self.number.state, "in_service")
        self.assertEqual(step.state, "lifted")
        self.assertAlmostEqual(order.hours, 2, places=2)

    def test_any_money_resumes(self):
        """By a payment on account, a credit note, an allocated credit."""

        def on_account(bill):
            self._pay(bill, 50, "2026-03-20", bill_id=False)

        def credit(bill):
            self._create_bill(bill.partner_id, -50, kind="credit")

        for index, way in enumerate((on_account, credit)):
            with self.subTest(way=way.__name__):
                customer = self._create_customer(f"W {index}", self.manager)
                number = self._number(customer, f"5{index}")
                bill = self._create_bill(customer, 50, date_due="2026-02-15")
                step = self._suspend(number)
                way(bill)
                self.assertEqual(step.lift_id.state, "approved")

    def test_the_limit_of_the_policy(self):
        self._policy(amount_resume=20, kind="group")
        step = self._suspend()
        self._pay(self.bill, 79, "2026-03-20")
        self.assertFalse(step.lift_id)
        self._pay(self.bill, 1, "2026-03-20")
        self.assertTrue(step.lift_id)

    def test_other_numbers_stay_suspended(self):
        customer = self._create_customer("Two", self.manager)
        one, other = self._number(customer, "601"), self._number(customer, "602")
        bill = self._create_bill(customer, 70, date_due="2026-02-15", number_id=one.id)
        self._create_bill(customer, 80, date_due="2026-02-15", number_id=other.id)
        step, second = self._suspend(one), self._suspend(other)
        self._pay(bill, 70, "2026-03-20")
        self.assertTrue(step.lift_id)
        self.assertFalse(second.lift_id)

    def test_paid_while_the_branch_is_at_work(self):
        """Whatever it answers, and in whatever order, the number ends in service."""
        for index, (first, done) in enumerate(
            ((0, True), (1, True), (0, False), (1, False))
        ):
            with self.subTest(first=first, done=done):
                customer = self._create_customer(f"B {index}", self.manager)
                number = self._number(customer, f"7{index}")
                bill = self._create_bill(customer, 50, date_due="2026-02-15")
                step = self._propose(number=number)
                step.with_user(self.head).action_approve()
                step._set(state="exported")
                self._pay(bill, 50, "2026-03-20")
                order = step.lift_id
                order._set(state="exported")
                answers = [(step, done), (order, True)]
                for one, is_done in (answers, answers[::-1])[first]:
                    one.action_answer(is_done, "Not possible")
                self.assertEqual(step.state, "lifted" if done else "refused")
                self.assertEqual(order.state, "confirmed")
                self.assertEqual(number.state, "in_service")

    def test_refused_by_the_branch(self):
        step = self._propose()
        step.with_user(self.head).action_approve()
        with self.assertRaisesRegex(UserError, "why"):
            step.with_user(self.head).action_answer(False)
        step.with_user(self.head).action_answer(False, "Emergency line")
        self.assertRecordValues(
            step, [{"state": "refused", "answer": "Emergency line"}]
        )
        self.assertEqual(self.number.state, "in_service")
        wizard = self._preview(self.head)
        self.assertEqual(wizard.line_ids.left_out, "done")

    def test_a_refused_resume_is_the_head_s_task(self):
        self.post_1.head_id = self.head
        step = self._suspend()
        self._pay(self.bill, 100, "2026-03-20")
        step.lift_id._apply_answers(self._answers(step.lift_id, False, "Line is cut"))
        self.assertEqual(step.lift_id.activity_ids.user_id, self.head)
        self.assertEqual(self.number.state, "one_way")
        step.with_user(self.manager).action_resume("Once more")
        self.assertEqual(step.lift_id.state, "proposed")

    def test_a_payment_taken_back_proposes_anew(self):
        """Never suspended again in silence."""
        step = self._suspend()
        self._pay(self.bill, 100, "2026-03-20")
        step.lift_id.action_answer(True)
        self._pay(self.bill, -100, "2026-03-20", name="back")
        self.assertEqual(self.number.state, "in_service")
        [anew] = self._steps() - step - step.lift_id
        self.assertRecordValues(
            anew,
            [
                {
                    "state": "proposed",
                    "source": "reversal",
                    "kind": "one_way",
                    "previous_id": step.id,
                    "amount": 100,
                }
            ],
        )
        self._pay(self.bill, 100, "2026-03-20", name="again")
        self.assertEqual(anew.end_reason, "paid")
        self._pay(self.bill, -100, "2026-03-20", name="back again")
        last = self._steps().sorted("id")[-1]
        self.assertEqual((last.state, last.previous_id), ("proposed", anew))
        last.with_user(self.head).action_decline("Bank error")
        self.env["key.account.suspension"]._follow(self.acme.ids)
        self.assertFalse(self._steps().filtered(lambda one: one.state == "proposed"))

    def test_resumed_by_hand_is_approved_too(self):
        step = self._suspend()
        step.with_user(self.manager).action_resume("They sign a plan today")
        order = step.lift_id
        self.assertEqual(order.state, "proposed")
        with self.assertRaises(AccessError):
            order.with_user(self.manager).action_approve()
        order.with_user(self.head).action_decline("Not before they sign")
        self.assertFalse(step.lift_id)
        step.with_user(self.manager).action_resume("Signed")
        self._pay(self.bill, 100, "2026-03-20")
        self.assertRecordValues(
            step.lift_id, [{"state": "approved", "source": "payment"}]
        )

    def test_two_way_and_removal_follow(self):
        """Domain 2.7: a harder step replaces the milder one; removal closes."""
        first = self._suspend()
        second = self._suspend(kind="two_way")
        self.assertEqual(self.number.state, "two_way")
        last = self._propose(kind="removal")
        last.with_user(self.head).action_approve()
        last.action_answer(True)
        self.assertEqual(self.number.state, "closed")
        self.assertEqual((first.state, second.state), ("confirmed", "confirmed"))
        self._pay(self.bill, 100, "2026-03-20")
        self.assertEqual(self.number.state, "closed")

    def test_one_order_lifts_both(self):
        first, second = self._suspend(), self._suspend(kind="two_way")
        self._pay(self.bill, 100, "2026-03-20")
        self.assertEqual(first.lift_id, second.lift_id)
        first.lift_id.action_answer(True)
        self.assertEqual((first.state, second.state), ("lifted", "lifted"))
        self.assertEqual(self.number.state, "in_service")

    def test_steps_stay_and_nobody_writes_them(self):
        step = self._propose()
        with self.assertRaises(UserError):
            step.unlink()
        for user in (self.manager, self.head, self.company, self.director):
            with self.assertRaises(AccessError):
                step.with_user(user).write({"state": "approved"})
        self.assertEqual(
            self.env["key.account.suspension"].search([("name", "=", step.name)]), step
        )

    def test_the_time_line_and_the_arrears_tell_it(self):
        """ARR-01 (suspended or not): the list works from what is in effect."""
        self._suspend()
        rows = self.env["key.account.timeline"].with_user(self.manager)
        row = rows.search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "suspension")]
        )
        self.assertEqual(
            row.summary, "100 · Suspend One-Way · In Effect · Does not pay"
        )
        items = self.env["key.account.open.item"].with_user(self.manager)
        found = items.search(
            [("partner_id", "=", self.acme.id), ("is_suspended", "=", True)]
        )
        self.assertEqual(found.bill_id, self.bill)

    def test_indicators(self):
        step = self._suspend()
        self._pay(self.bill, 100, "2026-03-20")
        indicator = self.env.ref(
            "key_account_arrears.key_account_indicator_suspended_numbers"
        )
        days = ("2026-03-01", "2026-03-31")
        found = indicator._measure(*days, by="customer")[indicator]
        self.assertEqual(found.get(self.acme.id), 1)
        with freeze_time("2026-03-20 10:00:00"):
            step.lift_id.action_answer(True)
        found = indicator._measure(*days, by="customer")[indicator]
        self.assertFalse(found.get(self.acme.id))
        time = self.env.ref("key_account_arrears.key_account_indicator_time_to_resume")
        found = time._measure(*days, by="customer")[time]
        self.assertAlmostEqual(found[self.acme.id], 6, places=2)

    def test_proposing_and_following_take_constant_queries(self):
        def measure(work):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            work()
            return self.env.cr.sql_log_count - before

        steps = self.env["key.account.suspension"]

        def propose(partners):
            return lambda: steps._propose(steps._get_scope_of(partners=partners))

        few = measure(propose(self.acme))
        customers = self.env["res.partner"]
        for index in range(20):
            customer = self._create_customer(f"M {index}", self.manager)
            self._number(customer, f"8{index}")
            self._create_bill(customer, 60, date_due="2026-02-15")
            customers |= customer
        self.assertLessEqual(measure(propose(customers)), few)
        self.assertEqual(steps.search_count([("partner_id", "in", customers.ids)]), 20)
        follow = measure(lambda: steps._follow(self.acme.ids))
        self.assertLessEqual(measure(lambda: steps._follow(customers.ids)), follow)
