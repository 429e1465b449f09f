# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ledger of what was given to gateways, each step in a transaction of its own.

Plain SQL: a step has to stand before the request leaves and whatever becomes of the
transaction that asked for it, and it takes milliseconds.
"""

import random
import time
from typing import NamedTuple

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo.tools import SQL

from . import parts

RACES = 5
NOW = SQL("clock_timestamp() AT TIME ZONE 'UTC'")
# After that long nobody is sending any more: longest answer, and a margin.
STALE_SECONDS = 180


class Claim(NamedTuple):
    attempt_id: int | None
    tries: dict  # uuid: which try it is
    wait: float  # seconds until the gateway may be used again; 0 when it may be now


class Ledger:
    """What one hand-over writes down; ``registry`` gives the cursors."""

    def __init__(self, registry):
        self.registry = registry

    def drop_decided(self, items):
        """Without what was handed over before; what hung for long is given up."""
        uuids = [item.uuid for item in items]

        def look(cr):
            cr.execute(
                SQL(
                    """UPDATE key_account_sms_delivery
                          SET state = 'unknown', failure = 'lost'
                        WHERE sms_uuid = ANY(%s) AND state = 'sending'
                          AND date_try < %s - make_interval(secs => %s)""",
                    uuids,
                    NOW,
                    STALE_SECONDS,
                )
            )
            cr.execute(
                SQL(
                    """SELECT sms_uuid FROM key_account_sms_delivery
                        WHERE sms_uuid = ANY(%s)
                          AND (state != 'waiting' OR date_next > %s)""",
                    uuids,
                    NOW,
                )
            )
            return {uuid for (uuid,) in cr.fetchall()}

        decided = self.apart(look)
        return [item for item in items if item.uuid not in decided]

    def read_outcomes(self, uuids):
        """(uuid, state, failure, reason) of what needs no further try."""

        def look(cr):
            cr.execute(
                SQL(
                    """SELECT sms_uuid, state, failure, reason
                         FROM key_account_sms_delivery
                        WHERE sms_uuid = ANY(%s)
                          AND state NOT IN ('waiting', 'sending')""",
                    uuids,
                )
            )
            return cr.fetchall()

        return self.apart(look) if uuids else []

    def read_waiting(self, uuids):
        """uuid -> when it is tried next, of what waits; None of what is being sent."""

        def look(cr):
            cr.execute(
                SQL(
                    """SELECT sms_uuid,
                              CASE WHEN state = 'waiting' THEN date_next END
                         FROM key_account_sms_delivery
                        WHERE sms_uuid = ANY(%s) AND state IN ('waiting', 'sending')""",
                    uuids,
                )
            )
            return dict(cr.fetchall())

        return self.apart(look)

    def read_test(self, uuid):
        """What became of one message, and of the last request of its gateway."""

        def look(cr):
            cr.execute(
                SQL(
                    """SELECT delivery.state, delivery.failure, delivery.reason,
                              delivery.reference, attempt.status, attempt.milliseconds
                         FROM key_account_sms_delivery AS delivery
                         LEFT JOIN key_account_sms_attempt AS attempt
                           ON attempt.gateway_id = delivery.gateway_id
                          AND attempt.date >= delivery.date_try
                        WHERE delivery.sms_uuid = %s
                        ORDER BY attempt.id LIMIT 1""",
                    uuid,
                )
            )
            names = [column.name for column in cr.description]
            return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]

        return next(iter(self.apart(look)), {})

    def claim(self, gateway, items):
        """The first ones, as far as the limit allows: (items, claim)."""
        return self.apart(lambda cr: self._claim(cr, gateway, items))

    def _claim(self, cr, gateway, items):
        # Taken before the transaction looks at anything, so that it sees what those
        # before it wrote: requests of one database are counted one claim at a time.
        cr.execute("LOCK TABLE key_account_sms_attempt IN SHARE ROW EXCLUSIVE MODE")
        room, wait = self._get_room(cr, gateway)
        if room < 1:
            return [], Claim(None, {}, wait)
        items = items[:room] if gateway.rate_unit == "message" else items
        tries = self._write_claims(cr, gateway, items)
        attempt_id = self._write_attempt(cr, gateway, len(tries)) if tries else None
        return items, Claim(attempt_id, tries, 0.0)

    def _get_room(self, cr, gateway):
        """What the limit leaves now, and in how many seconds it leaves more."""
        if not gateway.rate_limit:
            return 10**6, 0.0
        cr.execute(
            SQL(
                """SELECT count(*), COALESCE(sum(messages), 0),
                          EXTRACT(EPOCH FROM min(date) - %(now)s)
                     FROM key_account_sms_attempt
                    WHERE gateway_id = %(gateway)s
                      AND date > %(now)s - make_interval(secs => %(window)s)""",
                now=NOW,
                gateway=gateway.id,
                window=gateway.rate_seconds,
            )
        )
        requests, messages, oldest = cr.fetchone()
        used = messages if gateway.rate_unit == "message" else requests
        wait = float(oldest or 0.0) + gateway.rate_seconds
        return gateway.rate_limit - used, max(wait, 0.01)

    def _write_claims(self, cr, gateway, items):
        """uuid -> which try, of those that are still nobody's."""
        rows = [self._prepare_row(gateway, item) for item in items]
        cr.execute(
            SQL(
                """INSERT INTO key_account_sms_delivery AS delivery
                       (gateway_id, company_id, currency_id, sms_uuid, number, parts,
                        price, state, tries, date_try, create_date)
                   SELECT %(gateway)s, %(company)s, %(currency)s, row.*,
                          'sending', 1, %(now)s, %(now)s
                     FROM (VALUES %(rows)s) AS row (uuid, number, parts, price)
                   ON CONFLICT (sms_uuid) DO UPDATE
                      SET state = 'sending', tries = delivery.tries + 1,
                          gateway_id = EXCLUDED.gateway_id, price = EXCLUDED.price,
                          currency_id = EXCLUDED.currency_id,
                          date_try = EXCLUDED.date_try
                    WHERE delivery.state = 'waiting'
                      AND delivery.date_next <= EXCLUDED.date_try
                RETURNING sms_uuid, tries""",
                gateway=gateway.id,
                company=gateway.company_id.id,
                currency=gateway.currency_id.id,
                rows=SQL(", ").join(SQL("%s", row) for row in rows),
                now=NOW,
            )
        )
        return dict(cr.fetchall())

    def _prepare_row(self, gateway, item):
        found = parts.count(gateway._write_text(item.text))
        return item.uuid, item.number, found.parts, gateway.price

    def _write_attempt(self, cr, gateway, count):
        cr.execute(
            SQL(
                """INSERT INTO key_account_sms_attempt
                       (gateway_id, company_id, date, messages, outcome)
                   VALUES (%s, %s, %s, %s, 'sending') RETURNING id""",
                gateway.id,
                gateway.company_id.id,
                NOW,
                count,
            )
        )
        return cr.fetchone()[0]

    def record(self, attempt_id, status, milliseconds, outcome, reason, rows):
        """What a request brought, and what it means for its messages."""

        def write(cr):
            # The request first, as a claim does: two of them never wait for each other.
            cr.execute(
                SQL(
                    """UPDATE key_account_sms_attempt
                          SET status = %s, milliseconds = %s, outcome = %s, reason = %s
                        WHERE id = %s""",
                    status,
                    milliseconds,
                    outcome,
                    reason,
                    attempt_id,
                )
            )
            cr.execute(self._record_query(rows))

        self.apart(write)

    def _record_query(self, rows):
        """A report that came meanwhile knows better than the answer it overtook."""
        return SQL(
            """UPDATE key_account_sms_delivery AS delivery
                  SET state = row.state, failure = row.failure, reason = row.reason,
                      reference = COALESCE(row.reference, delivery.reference),
                      cost = CASE WHEN row.state IN ('accepted', 'delivered')
                             THEN COALESCE(row.cost, delivery.price * delivery.parts)
                             ELSE 0 END,
                      date_next = %(now)s + make_interval(secs => row.wait)
                 FROM (VALUES %(rows)s)
                   AS row (uuid, state, failure, reason, reference, cost, wait)
                WHERE delivery.sms_uuid = row.uuid AND delivery.state = 'sending'""",
            now=NOW,
            rows=SQL(", ").join(
                SQL(
                    "(%s, %s, %s::varchar, %s::varchar, %s::varchar, %s::numeric,"
                    " %s::float8)",
                    *row,
                )
                for row in rows
            ),
        )

    def keep(self, gateway, items, state, failure, seconds):
        """Write down what is not sent now: refused, or waiting for the limit."""
        if not items:
            return
        rows = [self._prepare_row(gateway, item) for item in items]
        query = SQL(
            """INSERT INTO key_account_sms_delivery AS delivery
                   (gateway_id, company_id, currency_id, sms_uuid, number, parts, price,
                    state, tries, failure, date_next, create_date)
               SELECT %(gateway)s, %(company)s, %(currency)s, row.*, %(state)s, 0,
                      %(failure)s, %(now)s + make_interval(secs => %(seconds)s), %(now)s
                 FROM (VALUES %(rows)s) AS row (uuid, number, parts, price)
               ON CONFLICT (sms_uuid) DO UPDATE
                  SET state = EXCLUDED.state, failure = EXCLUDED.failure,
                      date_next = EXCLUDED.date_next
                WHERE delivery.state = 'waiting'""",
            gateway=gateway.id,
            company=gateway.company_id.id,
            currency=gateway.currency_id.id,
            rows=SQL(", ").join(SQL("%s", row) for row in rows),
            state=state,
            failure=failure,
            seconds=seconds,
            now=NOW,
        )
        self.apart(lambda cr: cr.execute(query))

    def apart(self, work):
        """``work(cursor)`` in a transaction of its own; again when it lost a race."""
        for race in range(RACES):
            try:
                with self.registry.cursor() as cr:
                    return work(cr)
            except (SerializationFailure, DeadlockDetected):
                if race == RACES - 1:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * (race + 1))
