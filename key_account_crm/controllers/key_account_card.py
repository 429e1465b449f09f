# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.key_account_card_attempt import ADDRESS_RATE

MAX_BODY = 4096
MAX_TEXT = 64
WAYS = ("card", "number", "identity")
TEXTS = {*WAYS, "proof", "request_id"}
STATUS = {"rate": 429, "slow": 429, "locked": 429, "replayed": 409, "forbidden": 403}


class KeyAccountCardController(Controller):
    """Partners' systems ask here whether somebody holds a valid VIP card (CARD-08).

    ``POST /key_account/card/authenticate`` with the key as ``Authorization: Bearer …``
    and a JSON object as body: one of ``card``, ``number``, ``identity``, and where
    wanted ``proof`` and ``request_id``. No session is opened or kept.
    """

    @route(
        "/key_account/card/authenticate",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY,
    )
    def authenticate(self, **_form):
        if not request.db:
            raise NotFound
        client = self._get_client()
        if not client:
            return self._refuse_caller()
        question = self._read_question()
        traced = {
            "client_id": client["id"],
            "address": request.httprequest.remote_addr,
        }
        if question is None:
            self._attempts()._log("malformed", f"client:{client['id']}", **traced)
            return self._answer(400, {"error": "malformed"})
        return self._ask(client, question, traced)

    def _ask(self, client, question, traced):
        request_id = question.pop("request_id", None)
        proof = question.pop("proof", None)
        [(way, value)] = question.items()
        caller = f"client:{client['id']}"
        if way == "identity" and not client["allows_identity"]:
            self._attempts()._log("forbidden", caller, way=way, **traced)
            return self._answer(403, {"error": "forbidden"})
        result = self._attempts()._authenticate(
            {
                "way": way,
                "value": value,
                "proof": proof,
                "needs_proof": client["needs_proof"],
                "lang": "en_US",
                "benefit_ids": client["benefit_ids"],
            },
            caller,
            client["rate_limit"],
            client["date_unlocked"],
            request_id=request_id,
            **traced,
        )
        return self._tell(result)

    def _tell(self, result):
        """The answer to the caller: of a card unknown to it no word more than that."""
        outcome = result["outcome"]
        if outcome in STATUS:
            wait = result["wait"]
            body = {"error": outcome, "retry_after": wait} if wait else {}
            return self._answer(STATUS[outcome], body or {"error": outcome}, wait)
        if outcome == "valid":
            return self._answer(200, {"valid": True, **result["card"]})
        known = "unknown" if outcome in ("mismatch", "blocked") else outcome
        return self._answer(200, {"valid": False, "reason": known})

    def _get_client(self):
        """The system whose key was sent, or None."""
        scheme, _space, key = request.httprequest.headers.get(
            "Authorization", ""
        ).partition(" ")
        if scheme.lower() != "bearer" or not 16 <= len(key) <= 128:
            key = "0" * 16
        return self._env()["key.account.card.client"]._identify(key)

    def _refuse_caller(self):
        """Nothing was looked up: the answer is the same whatever was asked.

        Wrong keys are logged by address, up to so many a minute: a flood of them is
        refused, but does not fill the log.
        """
        address = request.httprequest.remote_addr
        attempts, caller = self._attempts(), f"address:{address}"
        [gate] = attempts.env.execute_query_dict(
            attempts._get_gate(caller, ADDRESS_RATE, None)
        )
        if gate["recent"] >= ADDRESS_RATE:
            return self._answer(429, {"error": "rate", "retry_after": 60}, 60)
        attempts._log("unauthorised", caller, address=address)
        return self._answer(401, {"error": "unauthorised"})

    def _read_question(self):
        """The body as a dict of short texts with exactly one way of asking, or None."""
        try:
            body = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):
            return None
        if not isinstance(body, dict) or not body.keys() <= TEXTS:
            return None
        for text in body.values():
            if not isinstance(text, str) or not 0 < len(text.strip()) <= MAX_TEXT:
                return None
            if not text.isprintable():
                return None
        return body if len(body.keys() & set(WAYS)) == 1 else None

    def _attempts(self):
        return self._env()["key.account.card.attempt"]

    def _env(self):
        # sudo: the caller is a system with a key of its own and no user. What it may
        # ask is decided by the key, what it is told by ``_prepare_answer``.
        return request.env(su=True)

    def _answer(self, status, body, wait=0):
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if wait:
            headers["Retry-After"] = str(wait)
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        text = json.dumps(body, default=str, ensure_ascii=False)
        return request.make_response(text, headers, status=status)
