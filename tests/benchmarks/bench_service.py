"""(e) Requests: a head's list "due and overdue", closing in bulk, the cost of a clock.

The requests are written by SQL: three years of them, one of sixteen open. The list is
asked through HTTP, as the screen asks.
"""

import statistics
import time

import people
from bench_feed import load_feed
from bench_screens import Client, server
from databases import analyse, cloned, environment
from organisation import PASSWORD
from screens import specification

CUSTOMERS = 20_000
BULK = 10_000
ROUNDS = 40
LIST = "key_account_service.key_account_request_view_list_due"
OPEN = [("date_done", "=", False)]
QUERIES = {
    "first page": {"domain": OPEN},
    "overdue": {"domain": [*OPEN, ("clock_phase", "=", "overdue")]},
    "page 20": {"domain": OPEN, "offset": 1520},
}


def bench_service(report, base, requests, folder):
    path = people.write_customers(folder / "customers.dat", CUSTOMERS)
    with cloned(base, f"{base}_service") as database:
        load_feed(database, "customer", path)
        _fill(database, requests)
        analyse(database)
        _bench_list(report, database, requests)
        _bench_bulk(report, database)
        _bench_clock(report, database)


def _fill(database, requests):
    with environment(database) as env:
        scopes = env["key.account.scope"]
        for unit in env["key.account.unit"].search([]):
            scopes._get_for([unit.id])
        env.flush_all()
        env.cr.execute(FILL, {"requests": requests})
        env.cr.execute(START)
        env.cr.commit()


FILL = """
WITH customer AS (
    SELECT row_number() OVER (ORDER BY partner.id) - 1 AS place, partner.id,
           partner.key_account_unit_id AS unit,
           partner.key_account_manager_id AS manager,
           partner.key_account_scope_id AS scope
      FROM res_partner AS partner WHERE partner.key_account_kind IS NOT NULL
), standard AS (
    SELECT row_number() OVER (ORDER BY standard.id) - 1 AS place, standard.id,
           standard.kind_id, "limit" * CASE limit_unit WHEN 'day' THEN 86400
               WHEN 'hour' THEN 3600 ELSE 60 END AS seconds
      FROM key_account_standard AS standard
      JOIN key_account_term AS term ON term.id = standard.kind_id
     WHERE term.category = 'request_kind'
), request AS (
    SELECT number, number * 7919 / 64 %% 16 = 0 AS is_open,
           now() AT TIME ZONE 'UTC' - CASE WHEN number * 7919 / 64 %% 16 = 0
               THEN interval '25 days' ELSE interval '1095 days' END
               * ((number * 7919) %% 100003) / 100003.0 AS accepted
      FROM generate_series(1::bigint, %(requests)s) AS number
)
INSERT INTO key_account_request (
    name, subject, state, partner_id, unit_id, manager_id, scope_id, kind_id, class_id,
    currency_id, standard_id, clock_limit, clock_state, clock_used, date_accepted,
    date_due, date_done, clock_outcome, alarm_level
)
SELECT 'B' || number, 'Request ' || number,
       CASE WHEN is_open THEN 'accepted' ELSE 'closed' END,
       customer.id, customer.unit, customer.manager, customer.scope,
       standard.kind_id,
       (SELECT id FROM key_account_term WHERE category = 'service_class' LIMIT 1),
       (SELECT currency_id FROM res_company LIMIT 1), standard.id, standard.seconds,
       CASE WHEN is_open THEN 'running' ELSE 'stopped' END, 0,
       date_trunc('second', accepted),
       date_trunc('second', accepted) + standard.seconds * interval '1 second',
       CASE WHEN NOT is_open THEN date_trunc('second', accepted)
           + standard.seconds * (number %% 12) / 10.0 * interval '1 second' END,
       CASE WHEN is_open THEN NULL WHEN number %% 12 > 10 THEN 'missed'
            ELSE 'met' END,
       0
  FROM request
  JOIN customer ON customer.place = number %% (SELECT COUNT(*) FROM customer)
  JOIN standard ON standard.place = number %% (SELECT COUNT(*) FROM standard)
"""
START = """
INSERT INTO key_account_clock_event (
    res_model, res_id, partner_id, unit_id, manager_id, kind, date, standard_id,
    limit_seconds
)
SELECT 'key.account.request', id, partner_id, unit_id, manager_id, 'start',
       date_accepted, standard_id, clock_limit
  FROM key_account_request WHERE date_done IS NULL
"""


def _bench_list(report, database, requests):
    logins = ("bm_head_3", "bm_centre")
    with environment(database, "bm_centre") as env:
        fields = specification(env, "key.account.request", "list", LIST)
    report.section(
        f"(e) Due and overdue, {requests:,} requests, one of sixteen open",
        f"web_search_read of 80 rows and {len(fields)} columns ordered by due date, "
        f"with count, through HTTP; {ROUNDS} rounds in turn, medians of the client's "
        "waiting in ms. The centre reads without a restricting rule, by the index.",
        "list",
        "head of 1 of 8 departments",
        "centre",
        "head / centre",
    )
    worst = 0
    with server(database) as url:
        clients = [Client(url, database, login, PASSWORD) for login in logins]
        for what, query in QUERIES.items():
            shown = [_count(client, query) for client in clients]
            if not 0 < shown[0] < shown[1]:
                raise RuntimeError(f"{what}: {shown} rows, nothing to compare")
            what = f"{what} ({shown[0]:,} / {shown[1]:,} rows)"
            head, centre = _in_turn(clients, fields, query)
            worst = max(worst, head / centre)
            report.row(what, f"{head:.1f}", f"{centre:.1f}", f"{head / centre:.2f}")
    report.target("head's due list / unscoped indexed list", worst, 1.5)


def _count(client, query):
    """How many rows the list has for this user."""
    return client.call("key.account.request", "search_count", domain=query["domain"])


def _in_turn(clients, fields, query):
    times = [[] for _client in clients]
    query = {**query, "specification": fields, "limit": 80, "count_limit": 10001}
    query["order"] = "date_due, id"
    for turn in range(-3, ROUNDS):  # the first three warm up
        for client, found in zip(clients, times, strict=True):
            start = time.perf_counter()
            client.call("key.account.request", "web_search_read", **query)
            if turn >= 0:
                found.append(1000 * (time.perf_counter() - start))
    return [statistics.median(found) for found in times]


def _bench_bulk(report, database):
    """One batch of ten thousand; and how much of it a thousand cost."""
    report.section(
        "(e) Done in bulk",
        "The batch behind “Done” above the list, as the centre, in process: rights, "
        "ledger, deadlines, tracking and change log of each request.",
        "requests",
        "s",
        "requests / s",
        "queries / request",
    )
    rates = []
    for count in (1000, BULK):
        with environment(database) as env:
            user = env["res.users"].search([("login", "=", "bm_centre")])
            requests = env["key.account.request"].with_user(user)
            found = requests.search(OPEN, limit=count)
            start, before = time.perf_counter(), env.cr.sql_log_count
            run = found._start_bulk(None, {"result": "Done"}).sudo()
            env["key.account.request"]._close_in_chunks(run)
            seconds = time.perf_counter() - start
            queries = (env.cr.sql_log_count - before) / count
            if run.changed_count != count:
                raise RuntimeError(run.message)
        rates.append(count / seconds)
        report.row(f"{count:,}", f"{seconds:.1f}", f"{rates[-1]:.0f}", f"{queries:.2f}")
    report.target("rate of 10,000 / rate of 1,000", rates[1] / rates[0], 0.8, True)


def _bench_clock(report, database):
    """A deadline counted from a ledger with ever more pauses, years apart."""
    report.section(
        "(e) The clock of one request",
        "Reading the ledger and counting the deadline, medians of 20, ms.",
        "pauses",
        "ms",
    )
    times = []
    with environment(database) as env:
        events = env["key.account.clock.event"]
        for pauses in (1, 100, 1000):
            request = env["key.account.request"].search(OPEN, limit=1)
            env.cr.execute(PAUSES, {"request": request.id, "pauses": pauses})
            found = []
            for _turn in range(20):
                start = time.perf_counter()
                request._clock_refresh()
                found.append(1000 * (time.perf_counter() - start))
            times.append(statistics.median(found))
            report.row(f"{pauses:,}", f"{times[-1]:.2f}")
            events.env.cr.rollback()
    report.target("1,000 pauses / 100 pauses", times[2] / times[1], 15)


PAUSES = """
INSERT INTO key_account_clock_event (res_model, res_id, kind, date)
SELECT 'key.account.request', %(request)s, step.kind,
       (SELECT date_accepted FROM key_account_request WHERE id = %(request)s)
           + (2 * number + step.place) * interval '1 second'
  FROM generate_series(1, %(pauses)s) AS number
  JOIN (VALUES ('pause', 0), ('resume', 1)) AS step (kind, place) ON TRUE
"""
