# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ArrearsCommon

NOON = "2026-03-02 04:00:00"  # in Shanghai


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestDunningRun(ArrearsCommon):
    """Preview, confirm, one message per customer and step (ARR-02 to ARR-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.acme.write({"phone": "+8675512345678", "email": "acme@example.com"})
        cls.far.write({"phone": "+8675587654321", "email": "far@example.com"})
        cls.policy = cls._policy(
            {"days": 1, "channel": "sms", "fallback": "mail"},
            {"days": 5, "channel": "mail"},
            {"days": 10, "channel": "call"},
        )

    @classmethod
    def _policy(cls, *steps, **vals):
        body = "{customer} {code} {amount} {days} {due} {count}"
        steps = [(0, 0, {"body": body, "subject": "Due", **step}) for step in steps]
        policy = cls.env["key.account.dunning.policy"].create(
            {"name": "Test", "date_from": "2026-03-01", "step_ids": steps, **vals}
        )
        policy.action_approve()
        return policy

    def _run(self, user=None, **vals):
        run = self.env["key.account.dunning.run"].with_user(user or self.company)
        run = run.create(vals)
        run.action_preview()
        return run

    def _mine(self, run):
        """The rows about this test's customers, whatever else the database holds."""
        ours = self.acme | self.far
        return run.sudo().line_ids.filtered(lambda line: line.partner_id in ours)

    def _late(self, days, customer=None, **vals):
        """A bill that is so many days late today."""
        due = {0: "2026-03-02", 1: "2026-03-01", 3: "2026-02-27", 7: "2026-02-23"}
        return self._create_bill(customer or self.acme, 10, date_due=due[days], **vals)

    def _settle(self):
        self._pay(self.bill, 100, "2026-02-20")

    def test_the_highest_step_reached_is_taken_once_for_all_bills(self):
        self._settle()
        for days in (0, 1, 3, 7):
            self._late(days)
        [line] = self._mine(self._run())
        self.assertRecordValues(
            line,
            [
                {
                    "channel": "mail",
                    "days": 5,
                    "amount": 30,
                    "bill_count": 3,
                    "days_overdue": 7,
                    "address": "acme@example.com",
                    "state": "ready",
                    "reason": False,
                    "unit_id": self.post_1.id,
                }
            ],
        )
        self.assertIn("Acme", line.body)
        self.assertIn("30.00", line.body)

    def test_who_is_left_out_and_why(self):
        self._settle()
        bill = self._late(3)
        stop = self.env["key.account.unit"].browse(self.post.id)

        def reason():
            return self._mine(self._run()).reason

        self.assertFalse(reason())
        dispute = self.env["key.account.dispute"].create(
            {"bill_id": bill.id, "amount": 10, "date": "2026-03-01", "reason": "No"}
        )
        self.assertEqual(reason(), "dispute")
        dispute.decision = "Not so"
        dispute.action_reject()
        promise = self._promise(self.manager, 10)
        self.assertEqual(reason(), "promise")
        promise.action_withdraw()
        note = self._create_bill(self.acme, -10)
        self.assertEqual(reason(), "credit")
        self.env["key.account.allocation"].create(
            {
                "credit_id": note.id,
                "bill_id": self._create_bill(self.acme, 10, date_due="2026-04-30").id,
                "amount": 10,
                "date": "2026-03-02",
            }
        )
        self.assertFalse(reason())
        stop.is_dunning_stopped = True
        self.assertEqual(reason(), "stopped")
        stop.is_dunning_stopped = False
        phone = self.acme.phone
        self.acme.write({"phone": False, "email": False})
        self.assertEqual(reason(), "address")
        self.acme.phone = phone
        exemption = self.env["key.account.dunning.exemption"].create(
            {"partner_id": self.acme.id, "date_to": "2026-03-09", "reason": "x"}
        )
        self.assertEqual(reason(), "exempt")
        exemption.action_end()
        with freeze_time("2026-03-03 04:00:00"):
            self.assertFalse(reason())

    def test_a_third_promise_does_not_pause(self):
        self._settle()
        self._late(7)
        for day in ("2026-02-24", "2026-02-26"):
            self._promise(self.manager, 10, day, date=day)
        self._promise(self.manager, 10, "2026-03-20", date="2026-02-28")
        [line] = self._mine(self._run())
        self.assertFalse(line.reason)
        self.assertEqual(line.amount, 10)

    def test_below_the_smallest_amount_and_before_the_first_step(self):
        self._settle()
        self._late(3)
        policy = self._policy(
            {"days": 4, "channel": "sms"}, kind="group", amount_min=10
        )
        self.assertEqual(self._mine(self._run()).policy_id, policy)
        self.assertEqual(self._mine(self._run()).reason, "early")
        self.env.invalidate_all()
        small = self._policy(
            {"days": 1, "channel": "sms"},
            kind="group",
            grade_id=self._grade_acme().id,
            amount_min=11,
        )
        [line] = self._mine(self._run())
        self.assertEqual((line.policy_id, line.reason), (small, "small"))

    def _grade_acme(self):
        grade = self.env["key.account.grade"].search([], limit=1)
        standing = self.env["key.account.standing"]
        standing.search([("partner_id", "=", self.acme.id)]).grade_id = grade
        return grade

    def test_no_address_for_the_sms_goes_by_mail(self):
        self._settle()
        self._late(3)
        self.acme.phone = False
        [line] = self._mine(self._run())
        self.assertEqual((line.channel, line.address), ("mail", "acme@example.com"))

    def test_the_contact_for_bills_is_written_to(self):
        self._settle()
        self._late(3)
        contact = self.env["res.partner"].create(
            {
                "name": "Accountant",
                "parent_id": self.acme.id,
                "type": "invoice",
                "phone": "+8675511111111",
            }
        )
        [line] = self._mine(self._run())
        self.assertEqual(line.contact_id, contact)
        self.assertEqual(line.address, contact.phone_sanitized)

    def test_confirmed_it_goes_out_once(self):
        self._settle()
        self._late(3)
        run = self._run()
        [line] = self._mine(run)
        run.action_confirm()
        self.assertRecordValues(line, [{"state": "sent", "delivery": "waiting"}])
        sms = self.env["sms.sms"].search([("number", "=", line.address)])
        self.assertEqual(sms.body, line.body)
        again = self._run()
        self.assertEqual(self._mine(again).reason, "done")
        again.action_confirm()
        self.assertEqual(
            self.env["sms.sms"].search_count([("number", "=", line.address)]), 1
        )
        with self.assertRaisesRegex(UserError, "preview first"):
            run.action_confirm()

    def test_two_previews_confirmed_one_after_the_other_send_once(self):
        self._settle()
        self._late(3)
        one, other = self._run(), self._run()
        one.action_confirm()
        other.action_confirm()
        self.assertEqual(self._mine(one).state, "sent")
        self.assertRecordValues(
            self._mine(other), [{"state": "left_out", "reason": "done"}]
        )

    def test_the_database_refuses_a_double(self):
        self._settle()
        self._late(3)
        one, other = self._run(), self._run()
        one.action_confirm()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._mine(other).write({"state": "queued"})
            self.env.flush_all()

    def test_who_paid_after_the_preview_gets_nothing(self):
        self._settle()
        bill = self._late(3)
        run = self._run()
        self._pay(bill, 10, "2026-03-02")
        run.action_confirm()
        self.assertRecordValues(
            self._mine(run), [{"state": "left_out", "reason": "changed"}]
        )

    def test_quiet_hours_holidays_and_stops_hold_back_what_is_written(self):
        self._settle()
        self._late(3)
        run = self._run()
        line = self._mine(run)
        stop = self.post
        stop.is_dunning_stopped = True
        run.action_confirm()
        self.assertEqual(line.state, "queued")
        stop.is_dunning_stopped = False
        with freeze_time("2026-03-02 13:00:00"):  # nine in the evening
            line._send_queued()
            self.assertEqual(line.state, "queued")
        holiday = self.env["key.account.dunning.holiday"].create(
            {"name": "Feast", "date": "2026-03-02"}
        )
        line._send_queued()
        self.assertEqual(line.state, "queued")
        holiday.unlink()
        line._send_queued()
        self.assertEqual(line.state, "sent")

    def test_nothing_goes_out_before_the_bills_are_there(self):
        self._settle()
        self._late(3)
        run = self._run()
        line = self._mine(run)
        units = self.env.registry["key.account.unit"]
        incomplete = {self.post_1.id: "2026-03-01"}
        self.patch(units, "_get_dunning_incomplete", lambda self, day: incomplete)
        run.action_confirm()
        self.assertEqual(line.state, "queued")
        self.assertEqual(self._mine(self._run()).reason, "incomplete")
        incomplete.clear()
        line._send_queued()
        self.assertEqual(line.state, "sent")

    def test_no_more_than_the_daily_number(self):
        self._settle()
        self._late(3)
        customers = [self._create_customer(f"C{n}", self.manager) for n in range(3)]
        for customer in customers:
            customer.phone = "+8675512345678"
            self._late(3, customer)
        policy = self._policy({"days": 1, "channel": "sms"}, kind="group", daily_cap=2)
        run = self._run(unit_id=self.post_1.id)
        ours = run.sudo().line_ids.filtered(lambda line: line.policy_id == policy)
        self.assertEqual(len(ours), 4)
        run.action_confirm()
        self.assertEqual(ours.mapped("state").count("sent"), 2)

    def test_a_failed_sms_goes_by_mail_and_then_has_failed(self):
        self._settle()
        self._late(3)
        run = self._run()
        run.action_confirm()
        line = self._mine(run)
        line.notification_id.write(
            {"notification_status": "exception", "failure_reason": "no such number"}
        )
        self.assertEqual(line.delivery, "failed")
        line._fall_back()
        self.assertRecordValues(
            line,
            [{"state": "queued", "channel": "mail", "failure": "no such number"}],
        )
        line._send_queued()
        self.assertEqual(line.state, "sent")
        mail = line.notification_id.mail_mail_id
        self.assertEqual(mail.email_to, "acme@example.com")
        line.notification_id.notification_status = "bounce"
        line._fall_back()
        self.assertEqual(line.state, "failed")

    def test_a_call_is_a_task_of_the_manager(self):
        [line] = self._mine(self._run())  # due 15 February
        self.assertEqual((line.channel, line.days_overdue), ("call", 15))
        line.run_id.action_confirm()
        self.assertEqual(line.activity_ids.user_id, self.manager)

    def test_nobody_duns_beyond_his_units(self):
        for user in (self.manager, self.agent, self.office):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._run(user)
        with self.assertRaises(AccessError):
            self._run(self.head, unit_id=self.parcel.id)
        self._create_bill(self.far, 70)
        partners = self._run(self.company).sudo().line_ids.partner_id
        self.assertNotIn(self.far, partners)

    def test_a_single_customer(self):
        self._create_bill(self._create_customer("Other", self.manager), 5)
        run = self._run(self.head, partner_ids=[(6, 0, self.acme.ids)])
        self.assertEqual(run.sudo().line_ids.partner_id, self.acme)

    def test_a_text_holds_the_rows_of_its_own_customer_and_unit(self):
        """By every channel; a customer of two companies gets from each its own."""
        self._create_line_file(self.acme, self.express, self.manager_b)
        self._create_bill(self.acme, 777, self.express)
        self._create_bill(self.far, 555)
        self.acme.name = "Acme {amount}"
        for channel in ("sms", "mail", "letter", "call", "visit", "head"):
            with self.subTest(channel=channel):
                policy = self._policy(
                    {"days": 1, "channel": channel},
                    kind="group",
                    date_from=f"2026-03-{2 + self._next():02}",
                    date_to=False,
                )
                with freeze_time(f"{policy.date_from} 04:00:00"):
                    run = self._run(self.director)
                    lines = self._mine(run)
                    self.assertEqual(len(lines), 3)
                    for line in lines:
                        amount = {
                            (self.acme, self.post_1): "100.00",
                            (self.acme, self.parcel_1): "777.00",
                            (self.far, self.parcel_1): "555.00",
                        }.pop((line.partner_id, line.unit_id))
                        found = {
                            text
                            for text in ("100.00", "777.00", "555.00")
                            if text in line.body
                        }
                        self.assertEqual(found, {amount})
                        self.assertEqual(
                            "Far" in line.body, line.partner_id == self.far
                        )
                        items = line._get_items()
                        self.assertEqual(items.partner_id, line.partner_id)
                        self.assertEqual(items.unit_id, line.unit_id)
                    if channel in ("sms", "mail"):
                        run.action_confirm()
                        for line in lines:
                            messages = line.message_ids.mapped("body")
                            self.assertIn(line.body.split()[-1], " ".join(messages))

    def _next(self):
        self.__class__.number = getattr(self.__class__, "number", 0) + 1
        return self.number

    def test_the_selection_takes_a_constant_number_of_queries(self):
        def measure():
            run = self.env["key.account.dunning.run"].create(
                {"unit_id": self.post_1.id}
            )
            before = self.env.cr.sql_log_count
            run._select_lines()
            return self.env.cr.sql_log_count - before

        measure()
        few = measure()
        for number in range(30):
            self._late(3, self._create_customer(f"M{number}", self.manager))
        self.env.flush_all()
        self.assertLessEqual(measure(), few + 2)
