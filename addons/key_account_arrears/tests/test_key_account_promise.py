# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01")
class TestPromise(ArrearsCommon):
    """Kept or broken is decided by the payments, and counted (ARR-12)."""

    def _state(self, promise, day):
        with freeze_time(day):
            promise.invalidate_recordset(["state"])
            promise.instalment_ids.invalidate_recordset(["state"])
            for state in ("requested", "open", "kept", "broken", "withdrawn"):
                found = promise.search([("id", "=", promise.id), ("state", "=", state)])
                self.assertEqual(bool(found), promise.state == state, state)
            return promise.state

    def test_kept_by_payments_up_to_its_day(self):
        promise = self._promise(self.manager)
        self._pay(self.bill, 60, "2026-03-03")
        self.assertRecordValues(promise, [{"amount_paid": 60, "date_kept": False}])
        self.assertEqual(self._state(promise, "2026-03-10"), "open")
        self._pay(self.bill, 40, "2026-03-10")
        self.assertEqual(str(promise.date_kept), "2026-03-10")
        self.assertEqual(self._state(promise, "2026-04-01"), "kept")

    def test_broken_when_the_day_passes_and_paid_late_stays_broken(self):
        promise = self._promise(self.manager)
        self._pay(self.bill, 99.99, "2026-03-10")
        self.assertEqual(self._state(promise, "2026-03-11"), "broken")
        self._pay(self.bill, 0.01, "2026-03-11")
        self.assertEqual(self._state(promise, "2026-03-12"), "broken")
        self.assertEqual(str(promise.date_kept), "2026-03-11")

    def test_a_payment_loaded_late_counts_by_its_date(self):
        promise = self._promise(self.manager)
        self.assertEqual(self._state(promise, "2026-03-15"), "broken")
        self._pay(self.bill, 100, "2026-03-09")
        self.assertEqual(self._state(promise, "2026-03-15"), "kept")

    def test_a_payment_taken_back_breaks_it(self):
        promise = self._promise(self.manager)
        self._pay(self.bill, 100, "2026-03-05")
        self._pay(self.bill, -100, "2026-03-08")
        self.assertFalse(promise.date_kept)
        self.assertEqual(self._state(promise, "2026-03-15"), "broken")

    def test_money_from_before_does_not_count(self):
        self._pay(self.bill, 20, "2026-02-28")
        self._pay(self.bill, 30, "2026-03-01")  # that morning
        promise = self._promise(self.manager, 50)
        self.assertEqual((promise.amount_before, promise.amount_paid), (30, 0))
        self._pay(self.bill, 50, "2026-03-01")
        self.assertEqual(self._state(promise, "2026-03-15"), "kept")

    def test_credits_that_are_allocated_are_no_money(self):
        promise = self._promise(self.manager)
        note = self._create_bill(self.acme, -100)
        self.env["key.account.allocation"].create(
            {
                "credit_id": note.id,
                "bill_id": self.bill.id,
                "amount": 100,
                "date": "2026-03-01",
            }
        )
        self.assertEqual(promise.amount_paid, 0)
        self.assertEqual(self._state(promise, "2026-03-15"), "broken")

    def test_a_line_counts_the_money_of_its_line(self):
        promise = self._promise(self.manager, line_id=self.letter.id)
        self._pay(self.bill, 100, "2026-03-03")
        self.assertEqual(promise.amount_paid, 0)
        other = self._create_bill(self.acme, 100, self.letter)
        self._pay(other, 100, "2026-03-03")
        self.assertEqual(promise.amount_paid, 100)

    def test_payments_of_another_company_are_not_shown_in_it(self):
        """A promise to one company counts what that company was paid (design 3.3)."""
        self._create_line_file(self.acme, self.express, self.manager_b)
        promise = self._promise(self.manager)
        other = self._create_bill(self.acme, 100, self.express)
        self._pay(other, 100, "2026-03-03")
        self.assertEqual(promise.amount_paid, 0)

    def test_one_promise_at_a_time(self):
        promise = self._promise(self.manager)
        with (
            self.assertRaisesRegex(UserError, "promised to pay already"),
            self.env.cr.savepoint(),
        ):
            self._promise(self.head)
        promise.action_withdraw()
        self.assertEqual(self._state(promise, "2026-03-15"), "withdrawn")
        self._promise(self.head)

    def test_what_is_decided_cannot_be_withdrawn(self):
        promise = self._promise(self.manager)
        with freeze_time("2026-03-15"):
            promise.invalidate_recordset(["state"])
            with self.assertRaisesRegex(UserError, "it is counted"):
                promise.action_withdraw()

    def test_nobody_marks_it_as_kept(self):
        promise = self._promise(self.manager, date_kept="2026-03-02", amount_paid=100)
        self.assertRecordValues(promise, [{"date_kept": False, "amount_paid": 0}])
        for vals in ({"date_kept": "2026-03-02"}, {"amount": 1}, {"user_id": 1}):
            with self.assertRaisesRegex(UserError, "as it was given"):
                promise.write(vals)

    def test_they_are_counted(self):
        self._promise(self.manager)
        self._pay(self.bill, 100, "2026-03-03")
        with freeze_time("2026-04-01"):
            self._promise(self.manager, date="2026-04-01", date_due="2026-04-05")
        with freeze_time("2026-04-10"):
            acme = self.acme.with_user(self.manager)
            acme.invalidate_recordset()
            self.assertEqual(acme.key_account_promises_kept, 1)
            self.assertEqual(acme.key_account_promises_broken, 1)

    def test_a_plan_is_kept_instalment_by_instalment(self):
        plan = self._plan(self.manager)
        self.assertRecordValues(plan, [{"amount": 90, "state": "requested"}])
        self.assertEqual(str(plan.date_due), "2026-05-10")
        plan.with_user(self.head).action_approve()
        self._pay(self.bill, 50, "2026-03-09")
        self.assertEqual(self._state(plan, "2026-04-10"), "open")
        self.assertEqual(str(plan.date_next), "2026-04-10")
        self.assertEqual(plan.instalment_ids.mapped("state"), ["kept", "open", "open"])
        self.assertEqual(self._state(plan, "2026-04-11"), "broken")
        self._pay(self.bill, 40, "2026-04-10")
        self.assertEqual(self._state(plan, "2026-04-11"), "kept")

    def _plan(self, user, **vals):
        rows = [("2026-03-10", 30), ("2026-04-10", 30), ("2026-05-10", 30)]
        return self._promise(
            user,
            kind="plan",
            instalment_ids=[(0, 0, {"date_due": d, "amount": a}) for d, a in rows],
            **vals,
        )

    def test_a_plan_is_approved_by_another_person(self):
        plan = self._plan(self.head)
        with self.assertRaisesRegex(AccessError, "of his own"):
            plan.action_approve()
        with self.assertRaisesRegex(AccessError, "head or by finance"):
            plan.with_user(self.manager).action_approve()
        plan.with_user(self.finance).action_approve()
        self.assertRecordValues(
            plan, [{"state": "open", "approver_id": self.finance.id}]
        )
        with self.assertRaisesRegex(UserError, "waits"):
            plan.with_user(self.company).action_approve()

    def test_instalments_stay_as_agreed(self):
        plan = self._plan(self.manager)
        row = plan.instalment_ids[:1]
        for act in (
            lambda: row.sudo().write({"amount": 1}),
            lambda: row.sudo().unlink(),
            lambda: row.with_user(self.manager).create(
                {"promise_id": plan.id, "amount": 5, "date_due": "2026-03-20"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "as they were agreed"):
                act()

    def test_the_form_proposes_what_is_owed(self):
        form = Form(self.env["key.account.promise"].with_user(self.manager))
        form.partner_id = self.acme
        self.assertEqual(form.amount, 100)
        form.date_due = "2026-03-08"
        promise = form.save()
        self.assertEqual(promise.instalment_ids.mapped("amount"), [100])

    def test_the_form_of_a_plan(self):
        form = Form(self.env["key.account.promise"].with_user(self.manager))
        form.partner_id = self.acme
        form.kind = "plan"
        for month in ("03", "04"):
            with form.instalment_ids.new() as row:
                row.date_due, row.amount = f"2026-{month}-20", 45
        plan = form.save()
        self.assertEqual((plan.amount, str(plan.date_due)), (90, "2026-04-20"))

    def test_many_promises_are_followed_in_a_constant_number_of_queries(self):
        def measure():
            before = self.env.cr.sql_log_count
            self.env["key.account.promise"]._follow()
            return self.env.cr.sql_log_count - before

        self._promise(self.manager)
        few = measure()
        for number in range(20):
            customer = self._create_customer(f"Many {number}", self.manager)
            bill = self._create_bill(customer, 10)
            self._promise(self.manager, 10, partner_id=customer.id)
            self._pay(bill, 10, "2026-03-02")
        self.env.flush_all()
        self.assertLessEqual(measure(), few)
