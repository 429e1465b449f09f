"""(p) Plans: the actual figures of all managers at once (TRK-01).

200 managers with 30 targets each, over customers and twelve months of each, made by
SQL. The product measures what a list of all plans shows: sums by unit and manager,
added up to units, set against 6,000 targets. Plain SQL is one grouped statement for
each indicator, by manager alone. The rival asks the ORM for one manager and one
indicator after the other, and adds up what it finds; it does so for a few managers and
is scaled up.
"""

import statistics
import time
from datetime import date

from bench_grade import FILL
from databases import analyse, cloned, environment

MANAGERS, SAMPLE = 200, 4
PERIOD = date(2026, 10, 1), date(2026, 10, 31)
# Model, table, measure, its SQL, months back or None where there is no date.
MONTH_SUMS = ("amount_billed", "amount_paid", "bill_count")
FIGURES = [
    ("key.account.month", f"{name}:sum", f"SUM({name})", back)
    for name in MONTH_SUMS
    for back in range(9)
]
FIGURES += [
    ("res.partner", "__count", "COUNT(*)", None),
    ("key.account.standing", "__count", "COUNT(*)", None),
    ("key.account.standing", "completeness:sum", "SUM(completeness)", None),
]
OWN = {"res.partner": "key_account_manager_id"}
ASSIGN = """
    UPDATE res_partner SET key_account_manager_id = manager.id
      FROM (SELECT id, key_account_unit_id AS unit,
                   row_number() OVER (PARTITION BY key_account_unit_id ORDER BY id) - 1
                       AS place
              FROM res_users WHERE login LIKE 'bp_manager%%') AS manager
     WHERE manager.unit = res_partner.key_account_unit_id
       AND manager.place = res_partner.id %% %(each)s
       AND key_account_code LIKE 'BG%%';
    UPDATE key_account_month AS fact SET manager_id = partner.key_account_manager_id
      FROM res_partner AS partner WHERE partner.id = fact.partner_id;
    UPDATE key_account_standing AS fact SET manager_id = partner.key_account_manager_id
      FROM res_partner AS partner WHERE partner.id = fact.partner_id;
"""


def bench_plan(report, base, sizes, repeats):
    report.section(
        f"(p) Plans: {MANAGERS} managers × {len(FIGURES)} indicators",
        f"Medians of {repeats} in turn, seconds. The loop of the ORM is measured for "
        f"{SAMPLE} managers and scaled up to {MANAGERS}.",
        "customers",
        "product",
        "plain SQL",
        "ORM loop",
        "product / SQL",
        "loop / product",
    )
    for size in sizes:
        with cloned(base, f"{base}_plan") as database:
            _fill(database, size)
            analyse(database)
            product, plain, loop = _measure(database, repeats)
        report.row(
            f"{size:,}",
            f"{product:.2f}",
            f"{plain:.2f}",
            f"{loop:.1f}",
            f"{product / plain:.2f}",
            f"{loop / product:.1f}",
        )
    report.target("measuring plans / plain grouped SQL", product / plain, 3)
    report.target("ORM loop / measuring plans", loop / product, 20, True)


def _fill(database, customers):
    with environment(database) as env:
        currency = env.company.currency_id.id
        values = {"customers": customers, "month": PERIOD[0], "currency": currency}
        env.cr.execute(FILL, values)
        units = env["key.account.unit"].search(
            [("code", "like", "BM-"), ("parent_id.code", "=", "BM")]
        )
        each = MANAGERS // len(units)
        group = env.ref("key_account_crm.group_key_account_manager")
        people = env["res.users"].with_context(no_reset_password=True)
        managers = people.create(
            [
                {
                    "name": f"bp_manager_{unit.id}_{number}",
                    "login": f"bp_manager_{unit.id}_{number}",
                    "key_account_unit_id": unit.id,
                    "group_ids": [(6, 0, group.ids)],
                }
                for unit in units
                for number in range(each)
            ]
        )
        env.cr.execute(ASSIGN, {"each": each})
        _plan(env, managers)
        env.cr.commit()


def _plan(env, managers):
    indicators = env["key.account.indicator"].create(
        [
            {
                "code": f"bench_{number}",
                "name": f"Bench {number}",
                "res_model": model,
                "measure": measure,
                "date_field": False if back is None else "month",
                "shift_months": back or 0,
                "unit_path": "key_account_unit_id" if model in OWN else "unit_id",
                "manager_path": OWN.get(model, "manager_id"),
                "partner_path": "id" if model in OWN else "partner_id",
            }
            for number, (model, measure, _sql, back) in enumerate(FIGURES)
        ]
    )
    env["key.account.plan"].create(
        [
            {
                "name": "Bench",
                "unit_id": manager.key_account_unit_id.id,
                "manager_id": manager.id,
                "period": "month",
                "date_from": PERIOD[0],
                "target_ids": [
                    (0, 0, {"indicator_id": indicator.id, "target": 100})
                    for indicator in indicators
                ],
            }
            for manager in managers
        ]
    )


def _measure(database, repeats):
    times = {"product": [], "plain": []}
    with environment(database) as env:
        plans = env["key.account.plan"].search([("name", "=", "Bench")])
        targets = plans.target_ids
        for turn in range(-1, repeats):  # the first one warms up
            env.invalidate_all()
            plans.target_ids.fetch(["plan_id", "indicator_id", "target"])
            found, seconds = _timed(lambda: _ask_product(env, plans, targets))
            wanted, plain = _timed(lambda: _ask_plainly(env, targets.indicator_id))
            _compare(found, wanted)
            if turn >= 0:
                times["product"].append(seconds)
                times["plain"].append(plain)
        some = plans.manager_id[:SAMPLE]
        _found, loop = _timed(lambda: _ask_in_a_loop(env, some))
    product, plain = (statistics.median(times[one]) for one in ("product", "plain"))
    return product, plain, loop * MANAGERS / SAMPLE


def _timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _ask_product(env, plans, targets):
    """What the actual figures of all plans are computed by."""
    measured = plans._measure(targets)
    return {
        (one.indicator_id.code, one.manager_id.id): round(measured[one.id][0], 2)
        for one in targets
    }


def _ask_plainly(env, indicators):
    sums = {}
    for number, (model, _measure, measure, back) in enumerate(FIGURES):
        own = OWN.get(model, "manager_id")
        where = f"{own} IS NOT NULL"
        if back is not None:
            where += f" AND month = '{PERIOD[0]}'::date - interval '{back} months'"
        table = env[model]._table
        env.cr.execute(f"SELECT {own}, {measure} FROM {table} WHERE {where} GROUP BY 1")
        for manager, value in env.cr.fetchall():
            sums[f"bench_{number}", manager] = round(float(value), 2)
    return sums


def _compare(found, wanted):
    differ = [key for key, value in found.items() if wanted.get(key, 0) != value]
    if differ:
        raise RuntimeError(f"{len(differ)} figures differ, as {differ[:3]}")


def _ask_in_a_loop(env, managers):
    for manager in managers:
        for indicator in env["key.account.indicator"].search(
            [("code", "like", "bench_")]
        ):
            env.invalidate_all()
            model, domain = indicator._get_rows(*PERIOD)
            rows = env[model].search(
                [*domain, (indicator.manager_path, "=", manager.id)]
            )
            if indicator.measure == "__count":
                len(rows)
            else:
                sum(rows.mapped(indicator.measure.partition(":")[0]))
