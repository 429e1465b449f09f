# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import ServiceCommon

REQUESTS = "key.account.request"


class HandoffCommon(ServiceCommon):
    """A request with the network's system, which calls as the operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls._term("outside_system", "network")
        cls.system.handoff_user_id = cls.operator
        cls.request = cls._hand_over()

    @classmethod
    def _hand_over(cls, **vals):
        request = cls._request(handoff_system_id=cls.system.id, **vals)
        with freeze_time("2026-01-15 08:10:00"):
            request.action_hand_over()
        return request

    def _answer(self, state="done", at="2026-01-15 10:00:00", event="e1", **vals):
        answer = {"event": event, "number": self.request.name, "state": state}
        requests = self.env[REQUESTS].with_user(self.operator)
        [found] = requests.handoff_answer("network", [{**answer, "at": at, **vals}])
        self.request.invalidate_recordset()
        return found["result"]


@tagged("post_install", "-at_install")
class TestKeyAccountRequestHandoff(HandoffCommon):
    """Handed over, answered, shown: repeated, late and unknown answers (SVC-17)."""

    def test_what_is_handed_over_is_read_once_answered_no_more(self):
        requests = self.env[REQUESTS].with_user(self.operator)
        [row] = [
            row
            for row in requests.handoff_export("network")
            if row["number"] == self.request.name
        ]
        self.assertEqual(
            (row["kind"], row["customer"], row["date_handoff"]),
            ("fault", self.acme.key_account_code or "", "2026-01-15 08:10:00"),
        )
        self._answer("accepted", reference="N-7")
        names = {row["number"] for row in requests.handoff_export("network")}
        self.assertNotIn(self.request.name, names)
        self.assertRecordValues(
            self.request, [{"handoff_state": "accepted", "handoff_reference": "N-7"}]
        )

    def test_done_there_is_told_to_who_works_on_it(self):
        before = self.request.activity_ids
        self.assertEqual(self._answer("done", note="Cable mended"), "applied")
        new = self.request.activity_ids - before
        self.assertEqual(new.user_id, self.manager)
        self.assertIn("Cable mended", new.note)
        self.assertEqual(self.request.state, "handling")

    def test_the_same_answer_again_changes_nothing(self):
        self.assertEqual(self._answer("done"), "applied")
        activities = self.request.activity_ids
        self.assertEqual(self._answer("done"), "repeated")
        self.assertEqual(self._answer("failed"), "repeated")
        self.assertEqual(len(self.request.handoff_answer_ids), 1)
        self.assertEqual(self.request.activity_ids, activities)
        self.assertEqual(self.request.handoff_state, "done")

    def test_what_was_said_earlier_and_comes_later(self):
        self.assertEqual(self._answer("done", "2026-01-15 12:00:00", "e2"), "applied")
        self.assertEqual(
            self._answer("accepted", "2026-01-15 09:00:00", "e1"), "overtaken"
        )
        self.assertEqual(self.request.handoff_state, "done")
        self.assertEqual(
            self.request.handoff_answer_ids.mapped("is_stale"), [False, True]
        )
        self.assertEqual(self._answer("failed", "2026-01-15 13:00:00", "e3"), "applied")
        self.assertEqual(self.request.handoff_state, "failed")

    def test_unknown_and_malformed_answers_do_not_stop_the_others(self):
        other = self._request()
        good = {
            "event": "e9",
            "number": self.request.name,
            "state": "done",
            "at": "2026-01-15T10:00:00",
        }
        answers = [
            {**good, "event": "u1", "number": "R1"},
            {**good, "event": "u2", "number": other.name},
            {**good, "state": "gone"},
            {**good, "at": "yesterday"},
            {**good, "at": "2999-01-01 00:00:00"},
            {**good, "at": None},
            {**good, "event": ""},
            {**good, "event": ["x"]},
            {**good, "number": 7},
            "text",
            None,
            good,
        ]
        requests = self.env[REQUESTS].with_user(self.operator)
        found = requests.handoff_answer("network", answers)
        self.assertEqual(
            [one["result"] for one in found],
            ["unknown"] * 2 + ["refused"] * 9 + ["applied"],
        )
        for one in found[:-1]:
            self.assertTrue(one["message"])
        for wrong in ("x", None, {}, [good] * 1001):
            with self.assertRaisesRegex(UserError, "at most"):
                requests.handoff_answer("network", wrong)

    def test_only_the_user_of_the_system(self):
        for user in (self.manager, self.director, self.agent, self.head):
            requests = self.env[REQUESTS].with_user(user)
            with self.assertRaisesRegex(AccessError, "its user is another one"):
                requests.handoff_export("network")
            with self.assertRaises(AccessError):
                requests.handoff_answer("network", [])
        requests = self.env[REQUESTS].with_user(self.operator)
        for code in ("billing", "", None, "%"):
            with self.assertRaises(AccessError):
                requests.handoff_export(code)

    def test_what_was_said_stays(self):
        self._answer()
        answer = self.request.handoff_answer_ids
        for step in (lambda: answer.write({"state": "failed"}), answer.unlink):
            with self.assertRaisesRegex(UserError, "stays"):
                step()
        self.assertTrue(answer.with_user(self.manager).has_access("read"))
        self.assertFalse(answer.with_user(self.manager_b).has_access("read"))


@tagged("post_install", "-at_install")
class TestKeyAccountHandoffEndpoint(HandoffCommon, HttpCase):
    """The system's own way: JSON with a key (SVC-17, DX-10)."""

    def _post(self, method, key, **values):
        return self.url_open(
            f"/json/2/{REQUESTS}/{method}",
            data=json.dumps(values),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )

    def _make_key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        expires = "2099-01-01 00:00:00"
        return keys.sudo()._generate("rpc", "Network", expires)

    def test_the_round_trip_over_http(self):
        key = self._make_key(self.operator)
        rows = self._post("handoff_export", key, system="network").json()
        self.assertIn(self.request.name, [row["number"] for row in rows])
        answer = {
            "event": "e1",
            "number": self.request.name,
            "state": "done",
            "at": "2026-01-15 10:00:00",
        }
        for wanted in ("applied", "repeated"):
            found = self._post(
                "handoff_answer", key, system="network", answers=[answer]
            )
            self.assertEqual(found.json()[0]["result"], wanted)
        self.request.invalidate_recordset()
        self.assertEqual(self.request.handoff_state, "done")

    def test_another_key(self):
        found = self._post(
            "handoff_export", self._make_key(self.agent), system="network"
        )
        self.assertEqual(found.status_code, 403)
        found = self._post("handoff_export", "nonsense", system="network")
        self.assertEqual(found.status_code, 401)
