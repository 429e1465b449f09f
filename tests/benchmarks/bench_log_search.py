"""(d) Finding something in the change log, by record, customer, person, time and field.

Entries as a log of two years has them, in the order of time: half in batches of 2,000
by one person on bills, half from the screens by many, on customers and bills, some
fields often and most seldom. The question is put as the list puts it, a search of 80
and a count, by the person who answers for the company; the same again in the same
transaction without any index but the key.
"""

import statistics
import time
from datetime import datetime, timedelta

from databases import analyse, cloned, connect, environment

ENTRIES = 1_000_000
START = datetime(2024, 1, 1)
STEP = timedelta(seconds=63)  # a million of them are two years
SELECTIVE = 5_000  # who finds more reads them, whichever way
COMMON, RARE = "phone", "vat"
FIELDS = (
    "phone email street city name zip comment website function state_id ref lang "
    "key_account_manager_id key_account_unit_id key_account_state industry_id active "
    "key_account_date_from country_id street2 user_id category_id parent_id vat"
).split()
INDEXES = ("_res_id_index", "partner_idx", "date_idx", "user_idx", "names_idx")
FILL = """
    INSERT INTO key_account_audit (
        model, res_id, partner_id, unit_id, action, user_id, date, origin, txid,
        changes, names
    )
    SELECT CASE WHEN is_batch THEN 'key.account.bill' ELSE 'res.partner' END,
           customer, customer, (%(units)s::int[])[customer %% %(count)s + 1], 'write',
           CASE WHEN is_batch THEN 1000 ELSE 1001 + dice %% 200 END,
           %(start)s::timestamp + i * %(step)s, 'screen', (i / 3)::text,
           jsonb_build_object(name, jsonb_build_array('old', i)), ARRAY[name]
      FROM (
        SELECT i, dice, is_batch,
               100000 + CASE WHEN is_batch THEN i ELSE dice %% 20000 END AS customer,
               CASE WHEN is_batch THEN 'date_due' ELSE (%(fields)s::text[])[
                   1 + (%(kinds)s * power(dice %% 9973 / 9973.0, 4))::int]
               END AS name
          FROM generate_series(0, %(entries)s - 1) AS i,
               LATERAL (SELECT i / 2000 %% 2 = 0 AS is_batch,
                               hashint4(i) & 1073741823 AS dice) AS thrown
      ) AS entry
"""


def bench_log_search(report, base):
    report.section(
        f"(d) Searching the change log, {ENTRIES:,} entries",
        "search of 80 and count as the list asks them, in process, as the head of the "
        "company, its record rule included; without: in the same transaction with the "
        "key as the only index. Medians of 5, ms.",
        *("by", "found", "with indexes", "without", "without / with"),
    )
    with cloned(base, f"{base}_log") as database:
        _fill(database)
        with environment(database, "bm_company") as env:
            found = _measure(env)
            for index in INDEXES:
                env.cr.execute(f"DROP INDEX key_account_audit_{index}")
            rest = _measure(env)
            env.cr.rollback()
    for name, (count, elapsed) in found.items():
        other, without = rest[name]
        if other != count:
            raise RuntimeError(f"other entries without the indexes: {name}")
        ratio = without / elapsed
        report.row(name, count, f"{elapsed:.1f}", f"{without:.1f}", f"{ratio:.1f}")
    least = min(
        rest[name][1] / elapsed
        for name, (count, elapsed) in found.items()
        if count < SELECTIVE
    )
    what = f"without / with, each question that finds fewer than {SELECTIVE:,}"
    report.target(what, least, 3, True)


def _fill(database):
    connection = connect(database)
    cursor = connection.cursor()
    cursor.execute("SELECT array_agg(id) FROM key_account_unit WHERE code LIKE 'BM-%'")
    [units] = cursor.fetchone()
    values = {"units": units, "count": len(units), "start": START, "step": STEP}
    values |= {"fields": FIELDS, "kinds": len(FIELDS) - 1, "entries": ENTRIES}
    cursor.execute(FILL, values)
    connection.close()
    analyse(database)


def _questions():
    month, day = datetime(2025, 3, 1), datetime(2025, 3, 14)
    within = [("date", ">=", month), ("date", "<", month + timedelta(days=31))]
    customer = 104_321
    person = 1042
    return {
        "record": [("model", "=", "res.partner"), ("res_id", "=", customer)],
        "customer": [("partner_id", "=", customer)],
        "person": [("user_id", "=", person)],
        "person and month": [("user_id", "=", person), *within],
        "a day": [("date", ">=", day), ("date", "<", day + timedelta(days=1))],
        f"field often changed ({COMMON})": _field(COMMON),
        f"field seldom changed ({RARE})": _field(RARE),
        "field often changed, and month": [*_field(COMMON), *within],
        "field seldom changed, and month": [*_field(RARE), *within],
        "customer and field": [("partner_id", "=", customer), *_field(COMMON)],
        "person and field": [("user_id", "=", person), *_field(COMMON)],
    }


def _field(name):
    return [("field_names", "in", [name])]


def _measure(env):
    """Map questions to the number of entries and the median of the ms."""
    log = env["key.account.audit"]
    found = {}
    for name, domain in _questions().items():
        times = []
        for turn in range(6):
            start = time.perf_counter()
            log.search(domain, limit=80)
            count = log.search_count(domain, limit=10001)
            if turn:
                times.append(1000 * (time.perf_counter() - start))
        found[name] = count, statistics.median(times)
    return found
