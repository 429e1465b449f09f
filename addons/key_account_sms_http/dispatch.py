# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hands messages to gateways: at most once each, no faster than agreed.

Every request is three steps. *Claim*, in a transaction of its own: the messages are
written down as being sent, within the limit of the gateway; committed before anything
leaves. *Send*, in no transaction. *Record*, in one of its own. Whatever is interrupted
between the first and the last is found as "being sent" and never sent again by itself.
"""

import logging
import random
import re
import time
from typing import NamedTuple

from odoo.tools import split_every

from . import answer, parts, request, transport
from .answer import Outcome
from .ledger import Ledger

_logger = logging.getLogger(__name__)


class Item(NamedTuple):
    uuid: str
    number: str
    text: str


class Unsent(Exception):
    """The request cannot be written: kind, reference and reason of the outcome."""


class Dispatch:
    """One hand-over of messages to gateways, the first one first."""

    def __init__(self, gateways, patience):
        self.ledger = Ledger(gateways.env.registry)
        self.gateways = gateways
        self.deadline = time.monotonic() + patience

    # ---- what there is to do ----------------------------------------------------

    def take(self, messages):
        """Items to send, and results of what cannot be."""
        items, results = [], []
        for message in messages:
            for entry in message["numbers"]:
                number = entry["number"] or ""
                problem = self._get_problem(number)
                if problem:
                    results.append({"uuid": entry["uuid"], "state": problem})
                else:
                    text = message["content"] or ""
                    items.append(Item(entry["uuid"], number, text))
        return items, results

    def _get_problem(self, number):
        if not number:
            return "sms_number_missing"
        if not re.fullmatch(r"\+?[\d\s().-]{5,24}", number):
            return "wrong_number_format"
        if not any(gateway._serves(number) for gateway in self.gateways):
            return "country_not_supported"
        return None

    def run(self, items):
        """Through the first gateway that serves a number, then the next ones."""
        left = self.ledger.drop_decided(items)
        for index, gateway in enumerate(self.gateways):
            mine = [item for item in left if gateway._serves(item.number)]
            others = [item for item in left if item not in mine]
            later = self.gateways[index + 1 :]
            left = others + GatewayRun(self, gateway, later).send(mine)


class GatewayRun:
    """What one gateway is given of it."""

    def __init__(self, dispatch, gateway, later):
        self.dispatch = dispatch
        self.ledger = dispatch.ledger
        self.gateway = gateway
        self.later = later
        self.spec = gateway._get_spec()
        self.rules = gateway._get_rules("answer")

    def send(self, items):
        """Give them to the gateway; returns those another one may take."""
        items = self._refuse_in_test_mode(items)
        by_text, back = {}, []
        for item in items:
            by_text.setdefault(item.text, []).append(item)
        chunks = [
            list(chunk)
            for same in by_text.values()
            for chunk in split_every(self.gateway.batch_size, same)
        ]
        while chunks:
            claimed, claim = self._claim_in_time(chunks[0])
            if claim.wait:
                self._postpone([i for chunk in chunks for i in chunk], claim.wait)
                break
            chunks[0] = chunks[0][len(claimed) :]
            chunks = [chunk for chunk in chunks if chunk]
            sent = [item for item in claimed if item.uuid in claim.tries]
            if sent:
                outcomes = self._exchange(claim, sent)
                back += [i for i in sent if self._goes_on(i, outcomes[i.uuid])]
        return back

    def _goes_on(self, item, outcome):
        return outcome.kind in answer.FALL_BACK and self._serve_later(item)

    def _serve_later(self, item):
        return any(gateway._serves(item.number) for gateway in self.later)

    # ---- claim ------------------------------------------------------------------

    def _claim_in_time(self, items):
        """A claim of the first ones, waited for as long as patience lasts."""
        while True:
            claimed, claim = self.ledger.claim(self.gateway, items)
            rest = self.dispatch.deadline - time.monotonic()
            if not claim.wait or claim.wait > rest:
                return claimed, claim
            time.sleep(claim.wait)

    # ---- send -------------------------------------------------------------------

    def _exchange(self, claim, items):
        """Ask the gateway and write down what it said: uuid -> outcome."""
        start, status = time.monotonic(), None
        try:
            asked = self._prepare(items)
            seen = answer.Seen.of(
                transport.send(asked, self.spec.timeout, self.spec.is_internal)
            )
            status = seen.status
            outcomes = self._read_answer(seen, items)
        except Unsent as error:
            outcomes = self._same(items, Outcome(*error.args))
        except transport.Unreached as error:
            outcomes = self._same(items, Outcome(answer.UNREACHED, reason=str(error)))
        except transport.Lost as error:
            outcomes = self._same(items, Outcome(answer.LOST, reason=str(error)))
        milliseconds = round((time.monotonic() - start) * 1000)
        self._record(claim, items, outcomes, status, milliseconds)
        return outcomes

    def _same(self, items, outcome):
        return {item.uuid: outcome for item in items}

    def _prepare(self, items):
        text = self.gateway._write_text(items[0].text)
        numbers = [self.gateway._write_number(item.number) for item in items]
        count = parts.count(text).parts
        values = request.values_of(self.spec, text, numbers, items[0].uuid, count)
        try:
            return request.prepare(self.spec, values)
        except KeyError as error:
            raise Unsent("account", "", f"no value for {error.args[0]}") from None
        except ValueError:
            raise Unsent("rejected", "", "the text cannot be written") from None

    def _read_answer(self, seen, items):
        """One outcome a message: by its number where the answer lists several."""
        gateway = self.gateway
        listed = answer.items_of(seen, gateway.items_path)
        if len(listed) == 1:
            outcome = self._read_item(listed[0])
            return self._same(items, outcome)
        outcomes = {}
        for item in items:
            own = [
                part
                for part in listed
                if answer.same_number(
                    part.look("path", gateway.item_number_path or "@"), item.number
                )
            ]
            lost = Outcome(answer.LOST, reason="not in the answer")
            outcomes[item.uuid] = self._read_item(own[0]) if own else lost
        return outcomes

    def _read_item(self, seen):
        gateway = self.gateway
        kind = answer.judge(seen, self.rules)
        reason = gateway.reason_path and seen.look("path", gateway.reason_path)
        if not reason and kind not in answer.ACCEPTED:
            reason = f"HTTP {seen.status}"
        reference = gateway.reference_path and seen.look("path", gateway.reference_path)
        cost = gateway.cost_path and seen.look("path", gateway.cost_path)
        after = seen.headers.get("retry-after", "")
        return Outcome(
            kind,
            reference=(reference or "")[:128],
            reason=gateway._scrub(reason or "")[: answer.MAX_REASON],
            cost=answer.number_of(cost) if cost else None,
            wait=float(after) if after.isdecimal() and len(after) < 6 else 0.0,
        )

    # ---- record -----------------------------------------------------------------

    def _record(self, claim, items, outcomes, status, milliseconds):
        rows = [
            self._prepare_result(item, outcomes[item.uuid], claim.tries[item.uuid])
            for item in items
        ]
        kinds = sorted({outcome.kind for outcome in outcomes.values()})
        reasons = sorted({outcome.reason for outcome in outcomes.values()})
        self.ledger.record(
            claim.attempt_id,
            status,
            milliseconds,
            kinds[0] if len(kinds) == 1 else "several",
            " / ".join(reason for reason in reasons if reason)[:400] or None,
            rows,
        )
        _logger.info(
            "SMS gateway %s: %s message(s), HTTP %s, %s ms: %s",
            self.gateway.id,
            len(items),
            status,
            milliseconds,
            ", ".join(kinds),
        )

    def _prepare_result(self, item, outcome, tries):
        state, failure, wait = self._decide(item, outcome, tries)
        return (
            item.uuid,
            state,
            failure,
            outcome.reason or None,
            outcome.reference or None,
            outcome.cost,
            wait,
        )

    def _decide(self, item, outcome, tries):
        """(state, failure, seconds until the next try)"""
        kind, gateway = outcome.kind, self.gateway
        if kind in answer.ACCEPTED:
            return kind, None, 0.0
        if self._goes_on(item, outcome):
            return "waiting", None, 0.0
        is_left = tries < gateway.retry_tries * len(self.dispatch.gateways)
        if kind in answer.AGAIN or (kind == answer.LOST and gateway.is_idempotent):
            if is_left:
                return "waiting", None, max(self._back_off(tries), outcome.wait)
        if kind == answer.LOST:
            return "unknown", "lost", 0.0
        return "failed", "server" if kind in answer.AGAIN else kind, 0.0

    def _back_off(self, tries):
        """Doubles with every try up to the longest; scattered, so that what failed
        together does not come back together."""
        gateway = self.gateway
        longest = gateway.retry_seconds * 2 ** (tries - 1)
        return min(longest, gateway.retry_max_seconds) * random.uniform(0.5, 1.0)

    # ---- what is not sent ---------------------------------------------------------

    def _refuse_in_test_mode(self, items):
        gateway = self.gateway
        if not gateway.is_test:
            return items
        refused = [i for i in items if not gateway._is_test_number(i.number)]
        self.ledger.keep(gateway, refused, "failed", "not_allowed", 0.0)
        return [item for item in items if item not in refused]

    def _postpone(self, items, seconds):
        """They stay in the queue until the limit leaves room."""
        self.ledger.keep(self.gateway, items, "waiting", None, seconds)
