"""(f) A grading run against plain SQL that reads, decides, writes and keeps the moves.

Customers with twelve months each are made by SQL. The rule: total revenue of twelve
months, four grades, at once up and down. Product and plain SQL work on the same tables
with the same indexes and foreign keys, in turn, each in a transaction that is taken
back; plain SQL knows the rule as constants, and neither batch, versions, streaks,
memberships nor protections. The rival is the same rule as a loop of the ORM.
"""

import os
import statistics
from datetime import date

from clock import measured
from databases import analyse, cloned, connect, environment

SAMPLE = int(os.environ.get("KA_BENCH_SAMPLE") or 1_000)
MONTH = date(2026, 10, 1)
DAY = date(2026, 11, 5)
BOUNDS = (("BM-A", 4, 60_000), ("BM-B", 3, 30_000), ("BM-C", 2, 10_000))
LOWEST = ("BM-D", 1)
TABLES = ("res_partner", "key_account_standing", "key_account_month")
LOGGED = ("res_partner", "key_account_grade_move")
FILL = """
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, key_account_kind,
        key_account_state, key_account_code, key_account_unit_id,
        key_account_scope_id, key_account_date_from,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'Customer ' || i, 'Customer ' || i, true, true, 'contact', 'en_US', 'group',
           'active', 'BG' || i, unit.id, scope.id, '2020-01-01', 1, 1, now(), now()
      FROM generate_series(1, %(customers)s) AS i
      JOIN key_account_unit AS unit ON unit.code = 'BM-' || (i %% 8 + 1)
      JOIN key_account_scope AS scope ON scope.key = unit.id::text;
    UPDATE res_partner SET commercial_partner_id = id
     WHERE key_account_code LIKE 'BG%%';
    INSERT INTO key_account_standing (
        partner_id, scope_id, unit_id, completeness,
        create_uid, write_uid, create_date, write_date
    )
    SELECT id, key_account_scope_id, key_account_unit_id, 0, 1, 1, now(), now()
      FROM res_partner WHERE key_account_code LIKE 'BG%%';
    INSERT INTO key_account_month (
        partner_id, unit_id, month, currency_id, amount_billed, amount_paid, bill_count,
        create_uid, write_uid, create_date, write_date
    )
    SELECT partner.id, partner.key_account_unit_id,
           (%(month)s::date - n * interval '1 month')::date, %(currency)s,
           round((exp(partner.id %% 1000 / 125.0) * 8 + n)::numeric, 2), 0, 1,
           1, 1, now(), now()
      FROM res_partner AS partner CROSS JOIN generate_series(0, 11) AS n
     WHERE partner.key_account_code LIKE 'BG%%';
"""
# One per cent of the customers were billed so much that they change their grade.
CHANGE = """
    UPDATE key_account_month SET amount_billed = amount_billed + 90000
     WHERE month = %(month)s AND partner_id %% 1000 BETWEEN 300 AND 309
"""
DECIDE = """
    CREATE TEMPORARY TABLE bench_decision ON COMMIT DROP AS
    SELECT * FROM (
        SELECT standing.id, standing.partner_id, standing.unit_id, standing.manager_id,
               standing.grade_id AS grade_from, revenue.value,
               CASE WHEN revenue.value >= 60000 THEN %(a)s
                    WHEN revenue.value >= 30000 THEN %(b)s
                    WHEN revenue.value >= 10000 THEN %(c)s
                    ELSE %(d)s END AS grade_to
          FROM key_account_standing AS standing
          JOIN res_partner AS partner ON partner.id = standing.partner_id
          LEFT JOIN (
            SELECT partner_id, SUM(amount_billed) AS value FROM key_account_month
             WHERE month > %(month)s::date - interval '12 months' AND month <= %(month)s
             GROUP BY partner_id
          ) AS revenue ON revenue.partner_id = partner.id
         WHERE partner.key_account_kind = 'group' AND partner.active
           AND partner.key_account_state IN ('active', 'suspended', 'won_back')
    ) AS graded WHERE grade_from IS DISTINCT FROM grade_to
"""
KEEP = """
    INSERT INTO key_account_grade_move (
        partner_id, unit_id, manager_id, kind, grade_from_id, grade_to_id, direction,
        state, trigger, cause, rule_id, figures, date, date_effective, user_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT partner_id, unit_id, manager_id, 'group', grade_from, grade_to, 'up',
           'applied', 'run', 'revenue', %(rule)s,
           jsonb_build_object('revenue', value), %(day)s, %(day)s, 1, 1, 1,
           now(), now()
      FROM bench_decision
"""
WRITE = """
    UPDATE key_account_standing AS standing
       SET grade_id = grade_to, grade_date = %(day)s, write_date = now()
      FROM bench_decision AS decision WHERE decision.id = standing.id
"""


def bench_grade(report, base, sizes, repeats):
    report.section(
        "(f) Grading runs",
        "Customers with twelve months each, medians of the processor time; "
        "the loop of the ORM is measured on a sample.",
        "customers",
        "run",
        "plain SQL, CPU s",
        "product, CPU s",
        "product, s",
        "product / SQL",
        "ORM loop, CPU s",
    )
    costs = {}
    for size in sizes:
        with cloned(base, f"{base}_grade") as database:
            _fill(database, size)
            costs[size] = _measure(report, database, size, repeats)
    small, large = min(costs), max(costs)
    first, changed, _each = costs[large]
    report.target(f"first grading of {large:,} / plain SQL", first, 1.5)
    report.target(f"grading of {large:,} with 1 % changed / plain SQL", changed, 2)
    if small != large:
        report.target(
            f"grading, cost per customer at {large:,} / at {small:,}",
            costs[large][2] / costs[small][2],
            1.25,
        )


def _fill(database, size):
    connection = connect(database)
    cursor = connection.cursor()
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute("SELECT currency_id FROM res_company ORDER BY id LIMIT 1")
    [currency] = cursor.fetchone()
    values = {"customers": size, "month": MONTH, "currency": currency}
    cursor.execute(FILL, values)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.close()
    with environment(database) as env:
        create_rule(env)
    analyse(database)


def create_rule(env):
    """The rule that the plain SQL says in constants."""
    grades = {
        code: env["key.account.grade"].create(
            {"code": code, "name": code, "rank": rank}
        )
        for code, rank in (*(bound[:2] for bound in BOUNDS), LOWEST)
    }
    upper, rows = 0, []
    for code, _rank, lower in BOUNDS:
        rows.append({"grade_id": grades[code].id, "lower": lower, "upper": upper})
        upper = lower
    rows.append({"grade_id": grades[LOWEST[0]].id, "is_rest": True})
    rule = env["key.account.grade.rule"].create(
        {
            "name": "Benchmark",
            "kind": "group",
            "date_from": date(2026, 1, 1),
            "up_periods": 1,
            "down_periods": 1,
            "criterion_ids": [
                (0, 0, {"code": "revenue", "name": "Revenue", "months": 12})
            ],
            "threshold_ids": [(0, 0, {"criterion": "revenue", **row}) for row in rows],
        }
    )
    rule.action_propose()
    rule.action_approve()


def _measure(report, database, size, repeats):
    """Ratios of both runs, and the product's cost per customer of the first one."""
    found = {name: [] for name in ("sql_first", "sql_one", "first", "one", "none")}
    clocks = {name: [] for name in found}
    for _turn in range(repeats):
        for work in (_run_sql, _run_product):
            for name, time in work(database, size).items():
                found[name].append(time.cpu)
                clocks[name].append(time.clock)
            analyse(database)
    cpu = {name: statistics.median(times) for name, times in found.items()}
    clock = {name: statistics.median(times) for name, times in clocks.items()}
    loop = _run_loop(database) * size
    first, changed = cpu["first"] / cpu["sql_first"], cpu["one"] / cpu["sql_one"]
    for run, sql, ours, ratio, rival in (
        ("first", "sql_first", "first", f"{first:.2f}", f"{loop:.0f}"),
        ("1 % changed", "sql_one", "one", f"{changed:.2f}", f"{loop:.0f}"),
        ("nothing changed", None, "none", "", ""),
    ):
        report.row(
            f"{size:,}",
            run,
            f"{cpu[sql]:.2f}" if sql else "",
            f"{cpu[ours]:.2f}",
            f"{clock[ours]:.2f}",
            ratio,
            rival,
        )
    return first, changed, cpu["first"] / size


def _switch_log(cursor, switch):
    for table in LOGGED:
        cursor.execute(f"DO $$ BEGIN ALTER TABLE {table} {switch} TRIGGER USER; END $$")


def _run_sql(database, size):
    with environment(database) as env:
        cursor, pid = env.cr, env.cr._cnx.info.backend_pid
        grades = env["key.account.grade"].search([("code", "like", "BM-")])
        ids = {grade.code[-1].lower(): grade.id for grade in grades}
        rule = env["key.account.grade.rule"].search([("name", "=", "Benchmark")])
        values = {**ids, "month": MONTH, "day": DAY, "rule": rule.id}
        _switch_log(cursor, "DISABLE")
        times = {}
        for name, wanted in (("sql_first", size), ("sql_one", size // 100)):
            with measured(pid) as times[name]:
                for statement in (DECIDE, KEEP, WRITE):
                    cursor.execute(statement, values)
            _expect(name, cursor.rowcount, wanted)
            cursor.execute("DROP TABLE bench_decision")
            cursor.execute(CHANGE, values)
        cursor.rollback()
    return times


def _run_product(database, size):
    """As a run in the background works, in one transaction."""
    with environment(database) as env:
        pid = env.cr._cnx.info.backend_pid
        times = {}
        for name, wanted in (("first", size), ("one", size // 100), ("none", 0)):
            run = create_run(env)
            with measured(pid) as times[name]:
                grade(run)
            _expect(name, run.new_count + run.up_count + run.down_count, wanted)
            env.cr.execute(CHANGE if name == "first" else "SELECT 1", {"month": MONTH})
        env.cr.rollback()
    return times


def create_run(env):
    centre = env.ref("key_account_crm.key_account_unit_centre")
    return env["key.account.grade.run"].create(
        {"month": MONTH, "date": DAY, "scope": "all", "unit_id": centre.id}
    )


def grade(run):
    """The whole run, at once."""
    run._start()
    if run.state == "waiting":
        run._begin()
        run._grade()
        run._finish("done")
    run.env.flush_all()


def _expect(name, count, wanted):
    if count != wanted:
        raise RuntimeError(f"{name}: {count} customers moved instead of {wanted}")


def _run_loop(database):
    """Processor seconds for each customer of the same rule as a loop of the ORM."""
    with environment(database) as env:
        pid = env.cr._cnx.info.backend_pid
        grades = env["key.account.grade"].search([("code", "like", "BM-")])
        by_code = {grade.code: grade for grade in grades}
        partners = env["res.partner"].search(
            [("key_account_code", "like", "BG%")], limit=SAMPLE
        )
        with measured(pid) as time:
            for partner in partners:
                _grade_one(env, partner, by_code)
            env.flush_all()
        env.cr.rollback()
    return time.cpu / len(partners)


def _grade_one(env, partner, by_code):
    months = env["key.account.month"].search(
        [
            ("partner_id", "=", partner.id),
            ("month", ">", "2025-10-01"),
            ("month", "<=", MONTH),
        ]
    )
    revenue = sum(months.mapped("amount_billed"))
    code = next((c for c, _rank, lower in BOUNDS if revenue >= lower), LOWEST[0])
    standing = partner.key_account_standing_ids
    if standing.grade_id == by_code[code]:
        return
    env["key.account.grade.move"].create(
        {
            "partner_id": partner.id,
            "grade_from_id": standing.grade_id.id,
            "grade_to_id": by_code[code].id,
            "direction": "new",
            "state": "applied",
            "cause": "revenue",
            "trigger": "run",
            "figures": {"revenue": revenue},
            "date_effective": DAY,
        }
    )
    standing.write({"grade_id": by_code[code].id, "grade_date": DAY})
