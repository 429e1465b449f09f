# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an answer or a report of a gateway means: the first rule that fits says it."""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from . import paths

# What a gateway may say, and what follows. A message that is refused for good is never
# given to another gateway; one that could not even be handed over is.
ACCEPTED = ("accepted", "delivered")
TEMPORARY = "temporary"
UNREACHED = "unreached"
LOST = "lost"
FALL_BACK = (TEMPORARY, UNREACHED, "credit", "account")
AGAIN = (TEMPORARY, UNREACHED)
MAX_MATCHED = 4096
MAX_REASON = 200


@dataclass(frozen=True)
class Rule:
    source: str  # status, path, body, header
    key: str
    test: str  # is, in, match, any
    value: str
    outcome: str

    def fits(self, seen):
        found = seen.look(self.source, self.key)
        if found is None:
            return False
        if self.test == "is":
            return found == self.value
        if self.test == "in":
            return found in [part.strip() for part in self.value.split(",")]
        if self.test == "match":
            return re.search(self.value, found[:MAX_MATCHED]) is not None
        return bool(found)


@dataclass(frozen=True)
class Outcome:
    kind: str
    reference: str = ""
    reason: str = ""
    cost: float | None = None
    wait: float = 0.0


@dataclass(frozen=True)
class Seen:
    """An answer as rules look at it: the whole, and the part of one message."""

    status: int
    headers: dict
    text: str
    data: object = None
    item: object = None

    @classmethod
    def of(cls, answer):
        return cls(
            answer.status, answer.headers, answer.text, parse_json(answer.text) or {}
        )

    def look(self, source, key):
        if source == "status":
            return str(self.status)
        if source == "body":
            return self.text
        if source == "header":
            return self.headers.get(key.lower())
        value = paths.get(self.item if key.startswith("@") else self.data, key)
        return text_of(value)


def parse_json(text):
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None


def text_of(value):
    """A plain value as text, the way JSON writes it; None for what holds others."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Decimal):
        return str(value)
    return None


def judge(seen, rules):
    """The outcome of the first rule that fits, else what HTTP itself says."""
    for rule in rules:
        if rule.fits(seen):
            return rule.outcome
    if seen.status in (429, 503):
        return TEMPORARY
    if seen.status in (401, 403):
        return "account"
    if 300 <= seen.status < 500:
        return "server"
    return LOST


def items_of(seen, path):
    """The parts of an answer about several messages; the whole where there are none."""
    found = paths.get(seen.data, path) if path else None
    if isinstance(found, list):
        return [replace(seen, item=item) for item in found[:1000]]
    return [replace(seen, item=seen.data)]


def number_of(text):
    """
    >>> number_of("0.045"), number_of("-1"), number_of("NaN"), number_of("x")
    (0.045, None, None, None)
    """
    try:
        value = Decimal(text)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return float(value) if value.is_finite() and 0 <= value < 10**6 else None


def same_number(one, other):
    """Gateways write numbers with and without prefix: the last digits decide.

    >>> same_number("+8613812345678", "13812345678"), same_number("1", "21")
    (True, False)
    """
    one, other = (re.sub(r"\D", "", str(text or "")) for text in (one, other))
    length = min(len(one), len(other))
    return length >= 7 and one[-length:] == other[-length:]
