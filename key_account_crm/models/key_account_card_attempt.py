# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..masking import mask_tail
from .key_account_trace_mixin import TraceMany2one

OUTCOMES = [
    ("valid", "Valid"),
    ("issued", "Not Activated Yet"),
    ("frozen", "Frozen"),
    ("lost", "Reported Lost"),
    ("replaced", "Replaced"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
    ("reversed", "Joining Reversed"),
    ("lapsed", "Membership Lapsed"),
    ("unknown", "Unknown"),
    ("mismatch", "Proof Does Not Match"),
    ("blocked", "Card Blocked after Wrong Proofs"),
    ("malformed", "Question not Understood"),
    ("forbidden", "Way of Asking not Allowed"),
    ("unauthorised", "Wrong Key"),
    ("replayed", "Asked Before"),
    ("rate", "Too Many Questions"),
    ("slow", "Slowed after Failures"),
    ("locked", "Locked after Failures"),
]
# What somebody who guesses brings about; counted against caller and card.
FAILURES = ("unknown", "mismatch", "blocked")
# Refused before anything was looked up.
GATED = ("rate", "slow", "locked", "unauthorised")
WAYS = [
    ("card", "Card Number"),
    ("number", "Service Number"),
    ("identity", "Identity Document"),
]
WINDOW = timedelta(minutes=15)
# Failures of a caller within the window: so many are free, each further one doubles
# the seconds until the next question is answered, and at last the caller is locked
# until the oldest of them leave the window.
FREE_FAILURES = 5
LOCK_FAILURES = 20
# Wrong proofs within the window after which a card is answered for by nobody.
CARD_FAILURES = 5
USER_RATE = 60
ADDRESS_RATE = 60


class KeyAccountCardAttempt(models.Model):
    """One question whether a card is valid: who asked, how, what came out (CARD-08).

    Append-only. What was asked for is kept masked; the card it led to is named. Counts
    of a caller's attempts are what slows and locks it: there is no counter to forget.
    """

    _name = "key.account.card.attempt"
    _description = "Authentication of a VIP Card"
    _inherit = ["key.account.trace.mixin"]
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "date"

    client_id = TraceMany2one(
        comodel_name="key.account.card.client", string="System", readonly=True
    )
    card_id = TraceMany2one(
        comodel_name="key.account.card", string="Card", readonly=True
    )
    caller = fields.Char(
        string="Technical Caller",
        readonly=True,
        help="The system, the person or the address whose attempts are counted.",
    )
    address = fields.Char(string="From", readonly=True, help="Network address.")
    way = fields.Selection(selection=WAYS, string="Asked by", readonly=True)
    asked = fields.Char(readonly=True, help="What was asked for, masked.")
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    is_failure = fields.Boolean(string="Failure", readonly=True)
    request_id = fields.Char(
        string="Question", readonly=True, help="The name the system gave it."
    )

    # Every index is paid for by every attempt: trees for what the gate counts only.
    _caller_idx = models.Index("(caller, date)")
    _failure_idx = models.Index("(caller, date) WHERE is_failure")
    _card_idx = models.Index("(card_id, date) WHERE card_id IS NOT NULL")
    _request_uniq = models.UniqueIndex(
        "(client_id, request_id) WHERE request_id IS NOT NULL",
        "This question was asked before.",
    )
    _date_idx = models.Index("USING brin (date, unit_id int4_minmax_multi_ops)")

    @api.model
    def _get_gate(self, caller, limit, unlocked) -> SQL:
        """One row: attempts within the minute (up to the limit), failures within the
        window (up to the lock), the last and the first of them, now."""
        return SQL(
            """
            SELECT (SELECT count(*)
                      FROM (SELECT FROM key_account_card_attempt
                             WHERE caller = %(caller)s
                               AND date > now() AT TIME ZONE 'UTC'
                                   - interval '1 minute'
                             LIMIT %(limit)s) AS recent) AS recent,
                   failed.count AS failures, failed.last, failed.first,
                   now() AT TIME ZONE 'UTC' AS moment
              FROM (SELECT count(*), max(date) AS last, min(date) AS first
                      FROM (SELECT date FROM key_account_card_attempt
                             WHERE caller = %(caller)s AND is_failure
                               AND date > now() AT TIME ZONE 'UTC' - %(window)s
                               AND date > %(unlocked)s
                             ORDER BY date DESC
                             LIMIT %(lock)s) AS failure) AS failed
            """,
            caller=caller,
            limit=limit,
            window=WINDOW,
            unlocked=unlocked or fields.Datetime.to_datetime("2000-01-01"),
            lock=LOCK_FAILURES,
        )

    @api.model
    def _check_gate(self, gate, limit):
        """Pair of the outcome that refuses the caller now, and the seconds to wait.

        :param gate: the row of ``_get_gate`` as a dict
        """
        wait = self._get_wait(gate)
        if gate["failures"] >= LOCK_FAILURES and wait:
            return "locked", wait
        if wait:
            return "slow", wait
        if gate["recent"] >= limit:
            return "rate", 60
        return None, 0

    @api.model
    def _get_wait(self, gate):
        """Seconds until a caller with these failures is answered again."""
        failures = gate["failures"]
        if failures >= LOCK_FAILURES:
            until = gate["first"] + WINDOW
        elif failures > FREE_FAILURES:
            until = gate["last"] + timedelta(seconds=2 ** (failures - FREE_FAILURES))
            until = min(until, gate["first"] + WINDOW)
        else:
            return 0
        return max(math.ceil((until - gate["moment"]).total_seconds()), 0)

    @api.model
    def _get_locked_until(self, caller, client):
        """Until when a system is locked, or False."""
        [gate] = self.env.execute_query_dict(
            self._get_gate(caller, 1, client.date_unlocked)
        )
        is_locked = gate["failures"] >= LOCK_FAILURES
        return gate["first"] + WINDOW if is_locked else False

    @api.model
    def _log(self, outcome, caller, found=None, **vals):
        """Append an attempt; False when the question was asked before (a replay).

        The commit does not wait for the disk: a crash of the database server may lose
        the attempts of its last moment, and nothing else.

        :param found: what was looked up, with card_id, partner_id, unit_id
        """
        row = {
            "outcome": outcome,
            "caller": caller,
            "is_failure": outcome in FAILURES,
            "card_id": found and found["card_id"],
            "partner_id": found and found["partner_id"],
            "unit_id": found and found["unit_id"],
            **vals,
        }
        columns = SQL(", ").join(map(SQL.identifier, row))
        values = SQL(", ").join(SQL("%s", value) for value in row.values())
        done = self.env.execute_query(
            SQL(
                """
                INSERT INTO key_account_card_attempt (date, %s)
                VALUES (now() AT TIME ZONE 'UTC', %s)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                columns,
                values,
            )
        )
        return bool(done)

    @api.model
    def _mask(self, way, text):
        """What was asked for, as the log keeps it."""
        if way == "identity":
            return mask_tail(text[:64], tail=2)
        return mask_tail(text[:64])
