# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAlarm(ServiceCommon):
    """Warning, breach, escalation: who is told, when, and once (SLA-07)."""

    def setUp(self):
        super().setUp()
        self.post.head_id = self.company
        self.centre.head_id = self.director
        # what other requests of the database have to say is over
        self.env.cr.execute("UPDATE key_account_request SET date_alarm = NULL")

    def _told(self, request):
        """Logins and kinds of the activities on a request."""
        return {
            (
                activity.user_id.login,
                activity.activity_type_id.get_external_id()[
                    activity.activity_type_id.id
                ].rpartition("_")[2],
            )
            for activity in request.activity_ids
        }

    def _sent(self):
        """The notices on screens that wait to be sent."""
        self.env.cr.precommit.run()
        return self.env["bus.bus"].search([("message", "like", "simple_notification")])

    def test_a_warning_reaches_handler_manager_and_head_once(self):
        request = self._request(handler_id=self.agent.id)
        before = self._sent()
        self.assertFalse(self._alarm("2026-01-16 03:11:59"))
        self.assertEqual(self._alarm("2026-01-16 03:12:00"), 1)
        people = {"ka_agent", "ka_manager", "ka_head"}
        self.assertEqual(self._told(request), {(who, "warning") for who in people})
        self.assertEqual(len(self._sent() - before), 3)
        for _again in range(2):
            self.assertFalse(self._alarm("2026-01-16 03:13:00"))
        self.assertEqual(len(request.activity_ids), 3)
        self.assertEqual(request.alarm_level, 1)
        self.assertEqual(request.date_alarm, datetime(2026, 1, 16, 8))

    def test_each_level_reaches_further(self):
        request = self._request()
        told = {
            "2026-01-16 04:00:00": {("ka_manager", "warning"), ("ka_head", "warning")},
            "2026-01-16 08:00:00": {("ka_manager", "breach"), ("ka_head", "breach")},
            "2026-01-16 20:00:00": {
                (who, "escalation") for who in ("ka_manager", "ka_head", "ka_company")
            },
            "2026-01-17 08:00:00": {
                (who, "escalation") for who in ("ka_manager", "ka_head", "ka_centre")
            },
        }
        known = self.env["mail.activity"]
        for level, (at, wanted) in enumerate(told.items(), 1):
            self.assertEqual(self._alarm(at), 1)
            new = request.activity_ids - known
            found = {(a.user_id.login, a.activity_type_id.name) for a in new}
            self.assertEqual({who for who, _name in found}, {w for w, _n in wanted})
            known = request.activity_ids
            self.assertEqual(request.alarm_level, level)
        self.assertFalse(request.date_alarm)
        alarms = request.clock_event_ids.filtered(lambda e: e.kind == "alarm").sorted()
        self.assertEqual(alarms.mapped("level"), ["1", "2", "3", "4"])
        # the ledger says when the moment came, not when somebody looked
        self.assertEqual(alarms[0].date, datetime(2026, 1, 16, 3, 12))

    def test_after_a_night_without_the_scheduler_only_the_worst_is_told(self):
        request = self._request()
        self.assertEqual(self._alarm("2026-01-16 09:00:00"), 1)
        self.assertEqual(
            self._told(request), {("ka_manager", "breach"), ("ka_head", "breach")}
        )
        self.assertEqual(
            request.clock_event_ids.filtered("level").sorted().mapped("level"),
            ["1", "2"],
        )

    def test_who_was_warned_is_not_warned_again_after_a_pause(self):
        request = self._request()
        self._alarm("2026-01-16 04:00:00")
        with freeze_time("2026-01-16 05:00:00"):
            request._wait(self.absent)
        with freeze_time("2026-01-17 05:00:00"):
            request.action_resume()
        self.assertEqual(request.date_due, datetime(2026, 1, 17, 8))
        self.assertFalse(self._alarm("2026-01-17 07:00:00"))
        self.assertEqual(self._alarm("2026-01-17 08:00:00"), 1)

    def test_a_clock_that_stands_gives_no_alarm(self):
        request = self._request()
        with freeze_time("2026-01-15 09:00:00"):
            request._wait(self.absent)
        self.assertFalse(self._alarm("2026-03-01 00:00:00"))
        self.assertFalse(request.activity_ids)

    def test_done_ends_what_was_to_be_done(self):
        request = self._request()
        self._alarm("2026-01-16 09:00:00")
        with freeze_time("2026-01-16 10:00:00"):
            request._finish()
        self.assertFalse(request.activity_ids)
        self.assertFalse(request.date_alarm)

    def test_a_head_who_may_not_read_it_is_not_told(self):
        self.post_1.head_id = self.head_b  # of another company
        request = self._request()
        self._alarm("2026-01-16 09:00:00")
        self.assertEqual(self._told(request), {("ka_manager", "breach")})

    def test_a_unit_without_a_named_head_tells_those_with_the_role(self):
        self.post_1.head_id = False
        request = self._request()
        self._alarm("2026-01-16 09:00:00")
        self.assertIn(("ka_head", "breach"), self._told(request))

    @warmup
    def test_one_notice_for_many(self):
        """Two hundred at once: an activity each, one notice per person, few queries."""
        requests = self.env["key.account.request"].union(
            *(self._request() for _number in range(200))
        )
        before = self._sent()
        self.assertEqual(self._alarm("2026-01-16 09:00:00"), 200)
        self.assertEqual(len(requests.activity_ids), 400)
        new = self._sent() - before
        self.assertEqual(len(new), 2)
        self.assertIn("200", new[:1].message)

    def test_the_scheduled_action_runs_twice_without_effect(self):
        request = self._request()
        with self.enter_registry_test_mode(), freeze_time("2026-01-16 09:00:00"):
            cron = self.env.ref("key_account_service.ir_cron_alarm")
            cron.method_direct_trigger()
            count = len(request.activity_ids)
            cron.method_direct_trigger()
        self.assertEqual((count, len(request.activity_ids)), (2, 2))
