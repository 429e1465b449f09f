# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.key_account_card_attempt import FREE_FAILURES, LOCK_FAILURES, WINDOW
from .common_card import KeyAccountCardCommon

URL = "/key_account/card/authenticate"


@tagged("post_install", "-at_install")
class TestKeyAccountCardEndpoint(KeyAccountCardCommon, HttpCase):
    """A partner's system asks by card, number or identity; others attack (CARD-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.env["key.account.card.place"].create(
            {"name": "Airport Lounge", "code": "T-LOUNGE", "category": "airport"}
        )
        cls.client, cls.key = cls._create_client("Lounge")
        cls.individual = cls._create_member(
            "王小明", cls.manager, key_account_kind="individual"
        )
        cls.env["key.account.person"].create(
            {"partner_id": cls.individual.id, "identity_number": "33010119800612123X"}
        )
        cls.mobile = cls._create_number(cls.individual, "13812345678")
        cls.card = cls._open_card(cls.individual, cls.mobile)

    @classmethod
    def _create_client(cls, name, **vals):
        client = cls.env["key.account.card.client"].create(
            {"name": name, "place_id": cls.place.id, **vals}
        )
        key = client.action_make_key()["context"]["default_key"]
        return client, key

    def _post(self, body, key=None, raw=None, **headers):
        self.env.flush_all()
        key = self.key if key is None else key
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
            **headers,
        }
        data = raw if raw is not None else json.dumps(body)
        return self.url_open(URL, data=data, headers=headers)

    def _ask(self, body, **options):
        answer = self._post(body, **options)
        return answer.status_code, answer.json()

    def _last(self):
        self.env.invalidate_all()
        return self.env["key.account.card.attempt"].search([], limit=1, order="id desc")

    def _fail(self, count, ago=0, **vals):
        """Failures of the system that lie so many seconds back."""
        for _number in range(count):
            self.env["key.account.card.attempt"]._log(
                "unknown", f"client:{self.client.id}", client_id=self.client.id, **vals
            )
        self.env.flush_all()
        self._age(ago)

    def _age(self, seconds):
        """Let time pass: all attempts become older (the log forbids it by itself)."""
        self.env.cr.execute(
            "ALTER TABLE key_account_card_attempt "
            "DISABLE TRIGGER key_account_trace_protect"
        )
        self.env.cr.execute(
            "UPDATE key_account_card_attempt "
            "SET date = date - %s * interval '1 second'",
            [seconds],
        )
        self.env.cr.execute(
            "ALTER TABLE key_account_card_attempt "
            "ENABLE TRIGGER key_account_trace_protect"
        )

    # ---- answers -----------------------------------------------------------------

    def test_a_valid_card_is_told_by_number_card_and_identity(self):
        self.client.allows_identity = True
        for body in (
            {"card": "t-0010"},
            {"number": "13812345678"},
            {"identity": "33010119800612123x"},
        ):
            with self.subTest(body=body):
                status, answer = self._ask(body)
                self.assertEqual(status, 200)
                self.assertEqual(
                    {k: answer[k] for k in ("valid", "kind", "holder", "valid_to")},
                    {
                        "valid": True,
                        "kind": "2",
                        "holder": "王**",
                        "valid_to": str(self.card.date_to),
                    },
                )
                self.assertNotIn("13812345678", json.dumps(answer))
                attempt = self._last()
                self.assertRecordValues(
                    attempt,
                    [
                        {
                            "outcome": "valid",
                            "client_id": self.client.id,
                            "card_id": self.card.id,
                            "partner_id": self.individual.id,
                            "unit_id": self.post_1.id,
                        }
                    ],
                )
                self.assertIn("*", attempt.asked)

    def test_every_invalid_card_is_told_with_its_reason(self):
        for state in ("issued", "frozen", "lost", "replaced", "cancelled", "expired"):
            self.env.cr.execute(
                "UPDATE key_account_card SET state = %s WHERE id = %s",
                [state, self.card.id],
            )
            with self.subTest(state=state):
                self.assertEqual(
                    self._ask({"card": "T0010"}),
                    (200, {"valid": False, "reason": state}),
                )

    def test_the_answer_does_not_wait_for_the_night(self):
        for table, record, column, value, reason in (
            ("key_account_card", self.card, "date_to", "2020-01-01", "expired"),
            ("key_account_number", self.mobile, "state", "closed", "lapsed"),
            ("res_partner", self.individual, "key_account_state", "churned", "lapsed"),
        ):
            with self.subTest(table=table), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE id = %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        value,
                        record.id,
                    )
                )
                self.assertEqual(
                    self._ask({"card": "T0010"})[1], {"valid": False, "reason": reason}
                )
                savepoint.rollback()

    def test_of_a_number_the_living_card_counts(self):
        self.card.with_user(self.head)._step("lose", reason="Lost")
        new = self.card.with_user(self.head)._replace(reason="Lost")
        self.assertTrue(self._ask({"number": "13812345678"})[1]["valid"])
        self.assertEqual(self._ask({"card": "T0010"})[1]["reason"], "replaced")
        self.assertTrue(self._ask({"card": new.name})[1]["valid"])

    def test_a_proof_is_asked_for_where_the_system_must_send_one(self):
        self.client.needs_proof = True
        for proof, expected in (
            (None, False),
            ("9999", False),
            ("5678", True),
            ("123x", True),
            ("78", False),
        ):
            body = {"card": "T0010"} | ({"proof": proof} if proof else {})
            with self.subTest(proof=proof):
                answer = self._ask(body)[1]
                self.assertEqual(answer["valid"], expected)
                if not expected:
                    self.assertEqual(answer, {"valid": False, "reason": "unknown"})

    # ---- attacks -----------------------------------------------------------------

    def test_a_wrong_caller_learns_nothing(self):
        """No, wrong and revoked keys: the same answer, whatever is asked."""
        _other, other_key = self._create_client("Archived", active=False)
        answers = set()
        for key in (
            "",
            "x",
            "0" * 52,
            self.key[:-1],
            self.key[:8] + "0" * (len(self.key) - 8),
            self.key.upper(),
            other_key,
        ):
            for body in ({"card": "T0010"}, {"card": "T9999"}, {"x": 1}):
                answer = self._post(body, key=key)
                answers.add((answer.status_code, answer.text))
                self.assertNotIn("session_id", answer.cookies)
        self.assertEqual(answers, {(401, '{"error": "unauthorised"}')})
        self.assertEqual(self._last().outcome, "unauthorised")
        self.assertFalse(self._last().card_id)

    def test_a_flood_of_wrong_keys_is_refused_and_does_not_fill_the_log(self):
        count = self.env["key.account.card.attempt"].search_count([])
        statuses = [self._post({}, key="x" * 20).status_code for _i in range(70)]
        self.assertEqual(statuses, [401] * 60 + [429] * 10)
        self.env.invalidate_all()
        self.assertEqual(
            self.env["key.account.card.attempt"].search_count([]), count + 60
        )

    def test_a_new_key_ends_the_one_before_and_is_kept_as_a_hash(self):
        old, self.key = (
            self.key,
            self.client.action_make_key()["context"]["default_key"],
        )
        self.assertEqual(self._post({"card": "T0010"}, key=old).status_code, 401)
        self.assertEqual(self._post({"card": "T0010"}).status_code, 200)
        self.env.cr.execute(
            "SELECT row_to_json(c)::text FROM key_account_card_client c WHERE id = %s",
            [self.client.id],
        )
        self.assertNotIn(self.key[9:], self.env.cr.fetchone()[0])
        with self.assertRaises(AccessError):
            self.client.with_user(self.director).read(["key_hash"])

    def test_garbage_is_refused_before_anything_is_looked_up(self):
        deep = "[" * 3000
        for raw in (
            " ",
            "null",
            "[]",
            "{",
            deep,
            '"T0010"',
            '{"card": 10}',
            '{"card": null}',
            '{"card": ["T0010"]}',
            '{"card": {"x": 1}}',
            '{"card": ""}',
            '{"card": "T0010", "number": "1"}',
            '{"card": "T0010", "model": "res.users"}',
            '{"proof": "1234"}',
            '{"card": "T0010\\u0000"}',
            '{"card": "%s"}' % ("1" * 65),
            b"\xff\xfe{}",
        ):
            with self.subTest(raw=raw[:40]):
                answer = self._post(None, raw=raw)
                self.assertEqual(
                    (answer.status_code, answer.json()), (400, {"error": "malformed"})
                )

    def test_statements_in_the_question_are_just_unknown_cards(self):
        for text in ("' OR 1=1 --", "T001%", "%", "_____", "T0010'; DROP TABLE x"):
            with self.subTest(text=text):
                self._age(3600)
                for way in ("card", "number"):
                    self.assertEqual(
                        self._ask({way: text}),
                        (200, {"valid": False, "reason": "unknown"}),
                    )

    def test_a_huge_body_is_not_read(self):
        with mute_logger("odoo.http"):
            answer = self._post(None, raw='{"card": "%s"}' % ("1" * 100_000))
        self.assertEqual(answer.status_code, 413)

    def test_a_question_is_answered_once(self):
        body = {"card": "T0010", "request_id": "q-1"}
        self.assertTrue(self._ask(body)[1]["valid"])
        self.assertEqual(self._ask(body), (409, {"error": "replayed"}))
        _other, key = self._create_client("Hotel")
        self.assertTrue(self._ask(body, key=key)[1]["valid"])

    def test_only_the_ways_a_system_may_ask(self):
        self.assertEqual(
            self._ask({"identity": "33010119800612123X"}), (403, {"error": "forbidden"})
        )

    def test_other_methods_and_content_types_get_nothing(self):
        self.assertEqual(self.url_open(URL).status_code, 405)
        answer = self._post(
            None,
            raw="card=T0010",
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.assertEqual(answer.status_code, 400)

    # ---- guessing ------------------------------------------------------------------

    def test_guessing_is_slowed_then_locked(self):
        self._fail(FREE_FAILURES)
        self.assertTrue(self._ask({"card": "T0010"})[1]["valid"])
        self._fail(3)
        status, answer = self._ask({"card": "T0010"})
        self.assertEqual((status, answer["error"]), (429, "slow"))
        self.assertLessEqual(answer["retry_after"], 8)
        self._age(8)
        self.assertTrue(self._ask({"card": "T0010"})[1]["valid"])
        self._fail(LOCK_FAILURES - FREE_FAILURES - 3)
        self.assertEqual(self._ask({"card": "T0010"})[1]["error"], "locked")
        self.assertTrue(self.client.locked_until)
        self._age(600)
        self.assertEqual(self._ask({"card": "T0010"})[1]["error"], "locked")
        self._age(WINDOW / timedelta(seconds=1) - 600)
        self.client.invalidate_recordset()
        self.assertFalse(self.client.locked_until)
        self.assertTrue(self._ask({"card": "T0010"})[1]["valid"])

    def test_a_valid_card_between_the_guesses_does_not_reset_them(self):
        statuses = []
        for number in range(FREE_FAILURES + 2):
            statuses.append(self._post({"card": f"T9{number:03}"}).status_code)
            self._post({"card": "T0010"})
        self.assertEqual(statuses, [200] * (FREE_FAILURES + 1) + [429])

    def test_a_keeper_unlocks(self):
        self._fail(LOCK_FAILURES)
        self.assertEqual(self._ask({"card": "T0010"})[1]["error"], "locked")
        self._age(2)
        self.client.with_user(self.director).action_unlock()
        self.assertTrue(self._ask({"card": "T0010"})[1]["valid"])

    def test_one_system_does_not_lock_another(self):
        self._fail(LOCK_FAILURES)
        _other, key = self._create_client("Hotel")
        self.assertTrue(self._ask({"card": "T0010"}, key=key)[1]["valid"])

    def test_a_card_is_blocked_after_wrong_proofs_from_whatever_side(self):
        keys = [self._create_client(f"Desk {n}", needs_proof=True)[1] for n in range(5)]
        for key in keys:
            self._ask({"card": "T0010", "proof": "0000"}, key=key)
        self.assertEqual(
            self._ask({"card": "T0010", "proof": "5678"}, key=keys[0])[1],
            {"valid": False, "reason": "unknown"},
        )
        self.assertEqual(self._last().outcome, "blocked")
        self._age(WINDOW / timedelta(seconds=1))
        self.assertTrue(
            self._ask({"card": "T0010", "proof": "5678"}, key=keys[0])[1]["valid"]
        )

    def test_the_rate_is_limited_per_minute(self):
        self.client.rate_limit = 3
        statuses = [self._post({"card": "T0010"}).status_code for _i in range(5)]
        self.assertEqual(statuses, [200] * 3 + [429] * 2)
        self._age(60)
        self.assertEqual(self._post({"card": "T0010"}).status_code, 200)

    # ---- the log and the screen -----------------------------------------------------

    def test_the_log_is_append_only(self):
        self._ask({"card": "T0010"})
        attempt = self._last()
        for method, args in (("write", [{"outcome": "valid"}]), ("unlink", [])):
            with self.assertRaises(UserError):
                getattr(attempt, method)(*args)
        with self.assertRaisesRegex(Exception, "append-only"):
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute("DELETE FROM key_account_card_attempt")

    def test_the_agent_authenticates_and_reads_no_card(self):
        wizard = self.env["key.account.card.check"].with_user(self.agent)
        check = wizard.create({"way": "number", "value": " 13812345678 "})
        check.action_check()
        self.assertRecordValues(
            check,
            [{"outcome": "valid", "holder": "王**", "valid_to": self.card.date_to}],
        )
        self.assertEqual(self._last().user_id, self.agent)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            self.card.with_user(self.agent).read(["name"])
        for user in (self.office, self.finance, self.operator, self.admin):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                wizard.with_user(user).create({"way": "card", "value": "T0010"})

    def test_a_person_who_guesses_is_locked_as_well(self):
        wizard = self.env["key.account.card.check"].with_user(self.agent)
        for number in range(FREE_FAILURES + 1):
            wizard.create({"value": f"T8{number:03}"}).action_check()
        check = wizard.create({"value": "T0010"})
        check.action_check()
        self.assertRecordValues(check, [{"outcome": "slow", "holder": False}])
        self.assertGreater(check.wait, 0)
