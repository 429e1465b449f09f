# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaint(ComplaintCommon):
    """From the registration to the end, every step in the ledger (CMP-01, CMP-06)."""

    def test_a_complaint_goes_its_way(self):
        complaint = self._complaint(user=self.agent)
        self.assertRegex(complaint.name, r"^C2026\d{6}$")
        with freeze_time("2026-01-15 09:00:00"):
            complaint._dispatch(self.post_1, self.colleague, "Have a look")
        with freeze_time("2026-01-15 10:00:00"):
            complaint.with_user(self.colleague).action_take_up()
            complaint.with_user(self.colleague).action_feedback()
        with freeze_time("2026-01-16 10:00:00"):
            complaint.with_user(self.colleague)._reply("Cable mended.")
        with freeze_time("2026-01-17 10:00:00"):
            complaint.with_user(self.agent)._call_back("5", "Quick!")
        self.assertRecordValues(
            complaint,
            [
                {
                    "state": "closed",
                    "handler_id": self.colleague.id,
                    "registrant_id": self.agent.id,
                    "clock_outcome": "met",
                    "date_feedback": datetime(2026, 1, 15, 10),
                    "date_replied": datetime(2026, 1, 16, 10),
                    "date_closed": datetime(2026, 1, 17, 10),
                    "mark": "5",
                    "callback_count": 1,
                }
            ],
        )
        steps = complaint.step_ids
        self.assertEqual(
            steps.mapped("kind"),
            ["register", "dispatch", "take", "feedback", "reply", "call"],
        )
        self.assertEqual(
            [(step.state_from, step.state_to) for step in steps],
            [
                (False, "registered"),
                ("registered", "dispatched"),
                ("dispatched", "handling"),
                ("handling", "handling"),
                ("handling", "replied"),
                ("replied", "closed"),
            ],
        )
        self.assertEqual(steps[1].to_user_id, self.colleague)
        self.assertEqual(steps[1].reason, "Have a look")
        self.assertEqual(steps[3].user_id, self.colleague)

    def test_the_ledger_stays(self):
        complaint = self._complaint()
        with self.assertRaises(UserError):
            complaint.step_ids.reason = "Other"
        with self.assertRaises(UserError):
            complaint.step_ids.unlink()
        with self.assertRaises(UserError):
            complaint.unlink()
        with self.assertRaises(UserError):
            complaint.state = "closed"
        with self.assertRaises(UserError):
            complaint.partner_id = self.far

    def test_limits_by_kind_and_grade(self):
        """SLA-07, domain 2.8: feedback in 24 hours, an outage in 48, less by grade."""
        complaint = self._complaint()
        self.assertRecordValues(
            complaint,
            [
                {
                    "date_feedback_due": datetime(2026, 1, 16, 8),
                    "date_due": datetime(2026, 1, 17, 8),
                }
            ],
        )
        gold = self.env["key.account.grade"].search([("code", "=", "gold")], limit=1)
        standing = self.env["key.account.standing"].search(
            [("partner_id", "=", self.acme.id)]
        )
        standing.grade_id = gold
        self.env.flush_all()
        precious = self._complaint()
        self.assertRecordValues(
            precious,
            [
                {
                    "grade_code": "gold",
                    "date_feedback_due": datetime(2026, 1, 15, 20),
                    "date_due": datetime(2026, 1, 16, 8),
                }
            ],
        )
        ordinary = self._complaint(type_id=self.bill.id)
        self.assertEqual(ordinary.kind_id.code, "complaint_close")
        self.assertEqual(ordinary.clock_limit, round(7 * 8 * 3600 * 0.5))
        ordinary.type_id = self.outage
        self.assertEqual(ordinary.kind_id.code, "complaint_outage")
        self.assertEqual(ordinary.date_due, datetime(2026, 1, 16, 8))

    def test_suggestions_have_limits_of_their_own(self):
        """CMP-03: complaints and suggestions."""
        found = self._complaint(type_id=self.suggestion.id)
        self.assertEqual((found.nature, found.kind_id.code), ("suggestion",) * 2)

    def test_pause_warning_breach_and_escalation(self):
        """SLA-07: the clock of complaints is that of requests."""
        complaint = self._complaint()
        with freeze_time("2026-01-15 18:00:00"):
            complaint._wait(self.absent, "He is abroad")
        self.assertEqual(complaint.state, "waiting")
        with freeze_time("2026-01-16 08:00:00"):
            complaint.action_resume()
        self.assertEqual(complaint.date_due, datetime(2026, 1, 17, 22))
        complaints = self.env["key.account.complaint"]
        for at, level in (("2026-01-17 13:00:00", 1), ("2026-01-17 22:01:00", 2)):
            with freeze_time(at):
                self.assertEqual(complaints._clock_raise_alarms(), 1)
            self.assertEqual(complaint.alarm_level, level)
        users = complaint.activity_ids.user_id
        self.assertIn(self.manager, users)
        self.assertIn(self.head, users)
        with freeze_time("2026-01-18 22:00:00"):
            complaint._reply("Done at last.")
        self.assertEqual(complaint.clock_outcome, "missed")
        kinds = "key_account_service.mail_activity_type_breach"
        self.assertNotIn(self.env.ref(kinds), complaint.activity_ids.activity_type_id)

    def test_dispatch_reaches_people_of_other_units(self):
        complaint = self._complaint()
        self.assertFalse(complaint.with_user(self.head_b).has_access("read"))
        complaint._dispatch(self.parcel_1)
        self.assertTrue(complaint.with_user(self.head_b).has_access("write"))
        self.assertTrue(complaint.with_user(self.head).has_access("write"))
        self.assertFalse(complaint.with_user(self.manager_b).has_access("read"))
        self.assertIn(self.head_b, complaint.activity_ids.user_id)
        complaint.with_user(self.head_b)._return("It is not ours")
        self.assertEqual(complaint.state, "registered")
        self.assertFalse(complaint.with_user(self.head_b).has_access("read"))
        with self.assertRaisesRegex(UserError, "does not belong"):
            complaint._dispatch(self.parcel_1, self.manager)

    def test_a_special_team_gets_its_types_at_once(self):
        """CMP-05: a special team."""
        self.outage.parent_id.team_id = self.parcel_1
        complaint = self._complaint()
        self.assertEqual(complaint.state, "dispatched")
        self.assertEqual(complaint.handling_unit_id, self.parcel_1)
        self.assertTrue(complaint.with_user(self.head_b).has_access("read"))

    def test_steps_that_do_not_follow_are_refused_with_the_reason(self):
        complaint = self._complaint()
        self._settle(complaint)
        with self.assertRaisesRegex(UserError, "Replied.*this is done with one"):
            complaint.action_take_up()
        with self.assertRaisesRegex(UserError, "Say what the customer was replied"):
            self._complaint()._reply(" ")

    def test_not_reached_is_called_again(self):
        complaint = self._complaint()
        self._settle(complaint)
        self.assertEqual(complaint.date_callback_due, datetime(2026, 1, 18, 12))
        complaint._call_back(None, "No answer", is_reached=False)
        self.assertRecordValues(
            complaint, [{"state": "callback", "callback_count": 1, "mark": False}]
        )
        complaint._call_back("4")
        self.assertRecordValues(
            complaint, [{"state": "closed", "callback_count": 2, "mark": "4"}]
        )

    def test_unsolved_is_opened_again_and_goes_up(self):
        """CMP-07; domain 2.8: escalated on dissatisfaction."""
        complaint = self._complaint()
        self._settle(complaint, mark="1", reason="Still broken", is_solved=False)
        self.assertRecordValues(
            complaint,
            [
                {
                    "state": "handling",
                    "reopen_count": 1,
                    "mark": "1",
                    "date_replied": False,
                    "escalation_level": 1,
                    "escalated_unit_id": self.post.id,
                    "clock_state": "running",
                }
            ],
        )
        self.assertIn(self.company, complaint.activity_ids.user_id)
        complaint._escalate("Higher")
        with self.assertRaisesRegex(UserError, "top unit"):
            complaint._escalate("Higher still")

    def test_closed_without_call_back_and_withdrawn(self):
        complaint = self._complaint()
        self._settle(complaint)
        complaint._close("Wants no call")
        self.assertEqual(complaint.state, "closed")
        complaint._reopen("He called himself")
        complaint._withdraw("Settled by a neighbour")
        self.assertEqual(complaint.state, "withdrawn")
        self.assertEqual(complaint.clock_state, "stopped")

    def test_an_agent_registers_for_everybody_others_in_their_reach(self):
        """Domain 3.2, row "complaints"."""
        self._complaint(user=self.agent, customer=self.far)
        self._complaint(user=self.manager)
        for user in (self.manager, self.head, self.company):
            with self.assertRaises(AccessError):
                self._complaint(user=user, customer=self.far)
        for user in (self.office, self.finance, self.operator, self.admin):
            with self.assertRaises(AccessError):
                self._complaint(user=user)

    def test_forms(self):
        """The screens propose what they know."""
        complaint = self._complaint(user=self.manager)
        with freeze_time("2026-01-15 09:00:00"):
            action = complaint.action_reply()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(action["context"])
        )
        form.reply = "Mended"
        form.cause_id = self.equipment
        form.cost = 12
        form.save().action_reply()
        self.assertRecordValues(
            complaint,
            [{"state": "replied", "cause_id": self.equipment.id, "cost_total": 12}],
        )
        action = complaint.action_call_back()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(action["context"])
        )
        form.mark = "4"
        form.save().action_call_back()
        self.assertEqual(complaint.state, "closed")

    def test_an_incident_is_answered_at_once(self):
        """One cause, many customers."""
        incident = self.env["key.account.incident"].create(
            {"name": "Cable cut", "cause_id": self.equipment.id}
        )
        found = self._complaint(type_id=self.bill.id, incident_id=incident.id)
        self.assertEqual(found.kind_id.code, "complaint_group")
        found |= self._complaint(incident_id=incident.id)
        theirs = self._complaint(customer=self.far, incident_id=incident.id)
        mine = incident.with_user(self.head)
        self.assertEqual((mine.complaint_count, mine.open_count), (2, 2))
        self.assertEqual(incident.complaint_count, 3)
        action = mine.action_reply_all()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.head)
            .with_context(action["context"])
        )
        self.assertEqual(form.complaint_count, 2)
        self.assertEqual(form.cause_id, self.equipment)
        form.reply = "The cable is mended."
        form.save().action_reply()
        self.assertEqual(set(found.mapped("state")), {"replied"})
        self.assertEqual(theirs.state, "registered")
        found.with_user(self.head)._close("Told by SMS")
        self.assertEqual(set(found.mapped("state")), {"closed"})
        with self.assertRaises(UserError):
            mine.action_reply_all()

    def test_complaints_follow_their_customer(self):
        complaint = self._complaint()
        self.acme.write(
            {
                "key_account_unit_id": self.parcel_1.id,
                "key_account_manager_id": self.manager_b.id,
            }
        )
        self.assertFalse(complaint.with_user(self.head).has_access("read"))
        self.assertTrue(complaint.with_user(self.manager_b).has_access("read"))
        self.assertTrue(complaint.step_ids.with_user(self.manager_b).has_access("read"))
        self.assertFalse(complaint.step_ids.with_user(self.manager).has_access("read"))

    def test_the_customer_says_how_many_are_open(self):
        complaint = self._complaint()
        partner = self.acme.with_user(self.manager)
        with freeze_time("2026-01-15 09:00:00"):
            self.assertEqual(partner.key_account_complaint_text, "1 open")
        partner.invalidate_recordset()
        with freeze_time("2026-01-18 09:00:00"):
            self.assertIn("1 of them over", partner.key_account_complaint_text)
        domain = [("key_account_complaint_open_count", ">", 0)]
        partners = self.env["res.partner"].with_user(self.manager)
        self.assertEqual(partners.search(domain), self.acme)
        self._settle(complaint)
        self.assertFalse(partners.search(domain))
        self.assertEqual(partner.key_account_complaint_count, 1)
        finance = self.acme.with_user(self.finance)
        self.assertEqual(finance.key_account_complaint_count, 0)
