# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from ..models import key_account_request_bulk
from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRequest(ServiceCommon):
    """A request's way from accepted to called back (SVC-01, SVC-02, SVC-17, SVC-18)."""

    @users("ka_manager")
    def test_a_request_from_accepted_to_called_back(self):
        with (
            freeze_time("2026-01-15 08:00:00"),
            Form(self.env["key.account.request"]) as form,
        ):
            form.subject = "Move the line"
            form.partner_id = self.acme
            form.kind_id = self._term("request_kind", "relocation")
            form.class_id = self._term("service_class", "personalised")
            form.channel_id = self._term("channel", "hall")
        request = form.record
        self.assertRegex(request.name, r"^R\d{4}\d{6}$")
        self.assertEqual((request.state, request.unit_id), ("accepted", self.post_1))
        with freeze_time("2026-01-16 08:00:00"):
            request.action_handle()
            self.assertEqual(request.handler_id, self.manager)
            action = request.action_wait()
            wizard = Form(self.env[action["res_model"]].with_context(action["context"]))
            wizard.reason_id = self.absent
            wizard.save().action_wait()
            self.assertEqual(request.state, "waiting")
        with freeze_time("2026-01-18 08:00:00"):
            request.action_resume()
        with freeze_time("2026-01-20 08:00:00"):
            action = request.action_done()
            wizard = Form(self.env[action["res_model"]].with_context(action["context"]))
            wizard.result_id = self.solved
            wizard.cost = 80
            wizard.save().action_done()
        self.assertRecordValues(
            request,
            [
                {
                    "state": "done",
                    "clock_outcome": "met",
                    "clock_used": 3 * 86400,
                    "result_id": self.solved.id,
                    "cost": 80.0,
                }
            ],
        )
        with freeze_time("2026-01-21 08:00:00"):
            action = request.action_call_back()
            wizard = Form(self.env[action["res_model"]].with_context(action["context"]))
            wizard.mark = "5"
            wizard.save().action_call_back()
        self.assertRecordValues(
            request,
            [{"state": "closed", "mark": "5", "callback_user_id": self.manager.id}],
        )

    def test_not_solved_is_open_again(self):
        request = self._request()
        with freeze_time("2026-01-15 20:00:00"):
            request._finish()
        with freeze_time("2026-01-16 10:00:00"):
            request._call_back("1", "Still no tone", is_solved=False)
        self.assertEqual((request.state, request.mark), ("handling", "1"))
        self.assertEqual(request.date_due, datetime(2026, 1, 16, 22))

    def test_handed_to_an_outside_system(self):
        request = self._request().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Choose the outside system"):
            request.action_hand_over()
        request.handoff_system_id = self._term("outside_system", "network")
        request.action_hand_over()
        self.assertEqual((request.handoff_state, request.state), ("sent", "handling"))
        self.assertTrue(request.date_handoff)
        self.assertEqual(request.clock_state, "running")
        request.write({"handoff_reference": "007", "handoff_state": "done"})
        self.assertEqual(request.handoff_reference, "007")

    def test_a_step_from_the_wrong_state_is_explained(self):
        request = self._request()
        request._finish()
        for step in (request.action_handle, request.action_done, request.action_cancel):
            with self.assertRaisesRegex(UserError, "is “Done”"):
                step()
        with self.assertRaisesRegex(UserError, "is “Done”"):
            request._wait(self.absent)

    def test_cancelled_is_not_counted_as_done(self):
        request = self._request()
        with freeze_time("2026-01-20 08:00:00"):
            request.action_cancel()
        self.assertEqual((request.state, request.clock_state), ("cancelled", "stopped"))
        report = self.env["key.account.attainment"]
        self.assertFalse(
            report.search([("res_id", "=", request.id)]),
        )

    def test_a_request_stays(self):
        request = self._request()
        with self.assertRaisesRegex(UserError, "cancel it"):
            request.unlink()
        with self.assertRaisesRegex(UserError, "cancel it"):
            request.partner_id = self.far

    def test_contact_and_number_are_the_customers(self):
        person = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.far.id}
        )
        number = self.env["key.account.number"].create(
            {"name": "0108888", "partner_id": self.far.id}
        )
        with self.assertRaisesRegex(UserError, "no contact of Acme"):
            self._request(contact_id=person.id)
        with self.assertRaisesRegex(UserError, "does not belong"):
            self._request(number_id=number.id)

    def test_what_nobody_assigned_is_assigned_once(self):
        """Without a customer it waits for one; the clock runs from when it came."""
        with freeze_time("2026-01-15 08:00:00"):
            request = self.env["key.account.request"].create(
                {
                    "subject": "?",
                    "kind_id": self.fault.id,
                    "service_unit_id": self.centre.id,
                }
            )
        self.assertEqual(request.state, "triage")
        with self.assertRaisesRegex(UserError, "To Assign"):
            request._finish()
        for user, found in ((self.manager, 0), (self.head, 0), (self.director, 1)):
            requests = request.with_user(user).search([("id", "=", request.id)])
            self.assertEqual(len(requests), found)
        with freeze_time("2026-01-15 10:00:00"):
            request.with_user(self.director).partner_id = self.acme
        self.assertEqual((request.state, request.unit_id), ("accepted", self.post_1))
        self.assertEqual(request.clock_event_ids.unit_id, self.post_1)
        self.assertEqual(request.clock_event_ids.partner_id, self.acme)
        self.assertEqual(request.date_due, datetime(2026, 1, 16, 8))
        self.assertTrue(request.with_user(self.manager).has_access("write"))


@tagged("post_install", "-at_install")
class TestKeyAccountRequestScope(ServiceCommon):
    """Who reads and registers what, also across units (SVC-03)."""

    def _visible(self, user, requests):
        found = requests.with_user(user).search([("id", "in", requests.ids)])
        return found.sudo()

    def test_nobody_registers_for_customers_out_of_reach(self):
        vals = {"subject": "x", "kind_id": self.fault.id, "partner_id": self.far.id}
        forged = {
            "handler_id": self.manager.id,
            "service_unit_id": self.post_1.id,
            "scope_id": self.acme.key_account_scope_id.id,
        }
        for user in (self.manager, self.head, self.company):
            requests = self.env["key.account.request"].with_user(user)
            for extra in ({}, forged):
                with self.assertRaises(AccessError):
                    requests.create({**vals, **extra})
        agent = self.env["key.account.request"].with_user(self.agent)
        self.assertEqual(agent.create(vals).unit_id, self.parcel_1)

    def test_the_scope_is_not_written(self):
        request = self._request()
        scope = request.scope_id
        request.with_user(self.manager).write(
            {"scope_id": self.far.key_account_scope_id.id, "subject": "Changed"}
        )
        self.assertEqual((request.subject, request.scope_id), ("Changed", scope))

    def test_requests_follow_the_assignment(self):
        request = self._request()
        self.acme.write(
            {
                "key_account_unit_id": self.post_2.id,
                "key_account_manager_id": self.manager_2.id,
            }
        )
        self.assertEqual(request.unit_id, self.post_2)
        self.assertFalse(self._visible(self.manager, request))
        self.assertFalse(self._visible(self.head, request))
        self.assertEqual(self._visible(self.manager_2, request), request)
        self.assertEqual(request.clock_event_ids.unit_id, self.post_2)

    def test_the_line_decides_and_not_the_home(self):
        self._create_line_file(self.acme, self.express, self.manager_b)
        request = self._request(line_id=self.express.id)
        self.assertEqual(self._visible(self.manager_b, request), request)
        self.assertFalse(self._visible(self.manager, request))
        with self.assertRaises(AccessError):
            self.env["key.account.request"].with_user(self.manager).create(
                {
                    "subject": "x",
                    "kind_id": self.fault.id,
                    "partner_id": self.acme.id,
                    "line_id": self.express.id,
                    "handler_id": self.manager.id,
                }
            )

    def test_roles(self):
        """Domain 3.2, row “service, care, SLA”."""
        request = self._request()
        rights = {
            "ka_manager": "rw",
            "ka_head": "rw",
            "ka_company": "rw",
            "ka_centre": "rw",
            "ka_agent": "rw",
            "ka_office": "r",
            "ka_finance": "r",
            "ka_colleague": "",
            "ka_head_b": "",
            "ka_operator": "",
            "ka_admin": "",
        }
        for login, wanted in rights.items():
            user = self.env["res.users"].search([("login", "=", login)])
            record = request.with_user(user)
            found = "r" * record.has_access("read") + "w" * record.has_access("write")
            self.assertEqual(found, wanted, login)


@tagged("post_install", "-at_install")
class TestKeyAccountRequestBulk(ServiceCommon):
    """Thousands done at once: in sets, with progress, stopped, resumed (issue)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["key.account.request"].union(
            *(cls._request() for _number in range(12))
        )

    def _run(self, requests=None, user=None, **vals):
        requests = (requests or self.requests).with_user(user or self.head)
        with freeze_time("2026-01-16 07:00:00"):
            run = requests._start_bulk(None, vals)
        return run.sudo()

    def _work(self, run, chunk=5):
        with self.enter_registry_test_mode(), freeze_time("2026-01-16 08:00:00"):
            self.patch(key_account_request_bulk, "CHUNK", chunk)
            self.env.ref("key_account_service.ir_cron_close").method_direct_trigger()
        run.invalidate_recordset()
        self.requests.invalidate_recordset()

    def test_all_are_done_and_counted(self):
        run = self._run(result="Fixed")
        self.assertEqual(run.state, "waiting")
        self._work(run)
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "progress": 100,
                    "row_count": 12,
                    "changed_count": 12,
                    "unchanged_count": 0,
                    "refused_count": 0,
                    "user_id": self.head.id,
                }
            ],
        )
        self.assertEqual(set(self.requests.mapped("state")), {"done"})
        self.assertEqual(set(self.requests.mapped("result")), {"Fixed"})
        self.assertEqual(self.requests.run_id, run)
        for request in self.requests:
            self.assertIn("Done in the batch", request.message_ids[0].body)

    def test_the_queries_do_not_grow_with_the_requests(self):
        """A chunk is closed in sets: clocks, ledger, cost, history."""
        run = self._run(result="Fixed")
        few, many = self.requests[:2], self.requests[2:]
        counts = []
        for requests in (few, many):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            requests.with_user(self.head)._finish_in_bulk(run, None, {"result": "F"})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_what_is_not_ones_own_or_done_already(self):
        self.requests[0]._finish()
        foreign = self._request(customer=self.far)
        run = self._run(self.requests)
        run.parameters = {**run.parameters, "ids": self.requests.ids + foreign.ids}
        run.row_count = 13
        self._work(run)
        self.assertRecordValues(
            run, [{"changed_count": 11, "unchanged_count": 1, "refused_count": 1}]
        )
        self.assertIn(foreign.name, run.message)
        self.assertEqual(foreign.state, "accepted")

    def test_stopped_between_chunks(self):
        run = self._run()
        run.is_cancel_requested = True
        self._work(run)
        self.assertEqual((run.state, run.changed_count), ("cancelled", 0))
        self.assertEqual(set(self.requests.mapped("state")), {"accepted"})

    def test_goes_on_where_a_killed_server_left_it(self):
        run = self._run()
        self.requests[:5]._finish()
        run.write({"state": "running", "parameters": {**run.parameters, "at": 5}})
        self._work(run)
        self.assertEqual((run.state, run.changed_count), ("done", 7))

    def test_few_are_done_at_once(self):
        wizard = (
            self.env["key.account.request.close"]
            .with_user(self.head)
            .create({"request_ids": self.requests.ids, "result": "Fixed"})
        )
        wizard.action_done()
        self.assertEqual(set(self.requests.mapped("state")), {"done"})
        self.assertFalse(self.requests.run_id)

    def test_who_may_stop_it(self):
        run = self._run()
        with self.assertRaises(AccessError):
            run.with_user(self.manager).action_stop_closing()
        run.with_user(self.head).action_stop_closing()
        self.assertTrue(run.is_cancel_requested)
