"""(h) Authenticating a VIP card through the endpoint, against a bare route (CARD-08).

Callers in parallel, each with a key of its own, ask about cards spread over all of
them; between two questions each asks a route of Odoo that does nothing. Both go over
kept connections to a server of several processes, as in production.
"""

import http.client
import json
import random
import statistics
import threading
import time
from urllib.parse import urlsplit

from bench_screens import server
from databases import analyse, clone, drop, environment

CALLERS, ROUNDS, WARM_UP = 8, 250, 40
LIMIT = 1.5
WORKERS = 4
NOW = "now() AT TIME ZONE 'UTC'"
PATH = "/key_account/card/authenticate"
BARE = "/web/webclient/version_info"
BARE_BODY = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}, "id": 1})
JSON = {"Content-Type": "application/json"}
# Customers, numbers and cards in sets; every hundredth card is lost.
FILL = f"""
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, key_account_kind,
        key_account_state, key_account_code, key_account_unit_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'Member ' || i, 'Member ' || i, true, false, 'contact', 'en_US',
           'individual', 'active', 'CARD' || i,
           (SELECT MIN(id) FROM key_account_unit), 1, 1, {NOW}, {NOW}
      FROM generate_series(1, %(cards)s) AS i;
    INSERT INTO key_account_number (
        name, partner_id, state, unit_id, create_uid, write_uid, create_date, write_date
    )
    SELECT '138' || lpad(id::text, 8, '0'), id, 'in_service', key_account_unit_id,
           1, 1, {NOW}, {NOW}
      FROM res_partner WHERE key_account_code LIKE 'CARD%%';
    INSERT INTO key_account_card (
        name, kind_id, partner_id, number_id, blank_id, unit_id, state, date_from,
        date_to, create_uid, write_uid, create_date, write_date
    )
    SELECT blank.name, blank.kind_id, number.partner_id, number.id, blank.id,
           number.unit_id,
           CASE WHEN number.place %% 100 = 0 THEN 'lost' ELSE 'active' END,
           now()::date, now()::date + 300, 1, 1, {NOW}, {NOW}
      FROM (SELECT *, row_number() OVER (ORDER BY id) AS place
              FROM key_account_number) AS number
      JOIN (SELECT *, row_number() OVER (ORDER BY name) AS place
              FROM key_account_card_blank) AS blank USING (place);
"""


def bench_cards(report, base, cards, repeats):
    database = clone(base, f"{base}_cards")
    try:
        keys = _build(database, cards)
        report.section(
            f"(h) Authentication of VIP cards, {cards:,} cards",
            f"{CALLERS} callers at once, own keys, {ROUNDS} questions of each "
            f"in turn with a bare route ({BARE}), {WORKERS} processes; the client's "
            f"waiting in ms; every repetition a row.",
            "repetition",
            "card p50",
            "bare p50",
            "card p95",
            "bare p95",
            "p95 / bare",
            "answers a second",
        )
        ratios = []
        with server(database, f"--workers={WORKERS}") as url:
            for turn in range(repeats):
                ratios.append(_measure(report, url, keys, cards, turn))
        report.target(
            "p95 of the endpoint / bare route", statistics.median(ratios), LIMIT
        )
    finally:
        drop(database)


def _build(database, cards):
    """A hundred thousand members, and a key for each caller."""
    with environment(database) as env:
        for first in range(0, cards, 100_000):
            last = min(first + 100_000, cards) - 1
            env["key.account.card.batch"].create(
                {
                    "kind_id": env.ref("key_account_crm.key_account_card_kind_gold").id,
                    "unit_id": env.ref("key_account_crm.key_account_unit_centre").id,
                    "number_from": f"{first:08}",
                    "number_to": f"{last:08}",
                }
            )
        env.cr.execute(FILL, {"cards": cards})
        _complete(env)
        place = env["key.account.card.place"].create({"name": "Bench", "code": "BENCH"})
        clients = env["key.account.card.client"].create(
            [
                {"name": f"Caller {n}", "place_id": place.id, "rate_limit": 6000}
                for n in range(CALLERS)
            ]
        )
        keys = [
            client.action_make_key()["context"]["default_key"] for client in clients
        ]
        env.cr.commit()
    analyse(database)
    return keys


def _complete(env):
    """What membership rests on besides the card."""


def _measure(report, url, keys, cards, turn):
    barrier = threading.Barrier(len(keys) + 1)
    callers = [
        _Caller(url, key, cards, turn * 100 + n, barrier) for n, key in enumerate(keys)
    ]
    for caller in callers:
        caller.start()
    barrier.wait()
    start = time.perf_counter()
    for caller in callers:
        caller.join()
    seconds = time.perf_counter() - start
    for caller in callers:
        if caller.error:
            raise caller.error
    asked = [value for caller in callers for value in caller.asked]
    bare = [value for caller in callers for value in caller.bare]
    ratio = _p95(asked) / _p95(bare)
    report.row(
        turn + 1,
        f"{statistics.median(asked):.1f}",
        f"{statistics.median(bare):.1f}",
        f"{_p95(asked):.1f}",
        f"{_p95(bare):.1f}",
        f"{ratio:.2f}",
        f"{2 * len(asked) / seconds:.0f}",
    )
    return ratio


def _p95(values):
    return statistics.quantiles(values, n=20)[-1]


class _Caller(threading.Thread):
    """One partner's system, and what it waited for both kinds of answer."""

    def __init__(self, url, key, cards, seed, barrier):
        super().__init__()
        self.address = urlsplit(url).netloc
        self.key, self.cards = key, cards
        self.dice = random.Random(seed)
        self.barrier = barrier
        self.asked, self.bare, self.error = [], [], None

    def run(self):
        try:
            connection = http.client.HTTPConnection(self.address, timeout=60)
            self._ask_all(connection)
        except Exception as error:
            self.error = error
            self.barrier.abort()

    def _ask_all(self, connection):
        for _turn in range(WARM_UP):
            self._ask_card(connection)
            self._ask_bare(connection)
        self.barrier.wait()
        for _turn in range(ROUNDS):
            self.asked.append(self._ask_card(connection))
            self.bare.append(self._ask_bare(connection))

    def _ask_card(self, connection):
        number = self.dice.randrange(self.cards)
        headers = {**JSON, "Authorization": f"Bearer {self.key}"}
        body = json.dumps({"card": f"{number:08}"})
        milliseconds, answer = self._post(connection, PATH, body, headers)
        expected = number % 100 != 99
        assert answer["valid"] == expected, answer
        return milliseconds

    def _ask_bare(self, connection):
        milliseconds, answer = self._post(connection, BARE, BARE_BODY, JSON)
        assert "result" in answer, answer
        return milliseconds

    def _post(self, connection, path, body, headers):
        start = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        text = response.read()
        milliseconds = 1000 * (time.perf_counter() - start)
        assert response.status == 200, (path, response.status, text[:200])
        return milliseconds, json.loads(text)
