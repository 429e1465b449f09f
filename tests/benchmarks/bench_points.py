"""The monthly computation of points beside plain SQL that writes the same entries.

The bare limit is one INSERT … SELECT into the ledger (same indexes and foreign keys)
with the rule's figures written into the statement: consumption, tenure and credit of
one month. It has no triggers, hence neither balances nor change log, no snapshot, no
comparison with what was granted, no chunks and no rule that can be changed.
"""

from clock import measured
from databases import analyse, cloned, connect, environment

PREFIX = "bench-points"
MONTH = "2026-03-01"
NUMBERS_EACH = 2
PEER = 7_650_000  # transactions an hour on big servers, published
BANDS = (
    ("tenure", 13, 10),
    ("tenure", 25, 20),
    ("tenure", 37, 30),
    ("tenure", 49, 40),
    ("tenure", 61, 50),
    ("credit", 3, 10),
)
NOW = "now() AT TIME ZONE 'UTC'"
CUSTOMERS = f"""
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, key_account_kind,
        key_account_state, key_account_code, key_account_unit_id,
        key_account_date_from, create_uid, write_uid, create_date, write_date
    )
    SELECT 'Points ' || i, 'Points ' || i, true, true, 'contact', 'en_US', 'group',
           'active', '{PREFIX}' || i,
           (ARRAY(SELECT id FROM key_account_unit ORDER BY id))[
               1 + i %% (SELECT COUNT(*)::int FROM key_account_unit)],
           date '2018-01-15' + i %% 3000, 1, 1, {NOW}, {NOW}
      FROM generate_series(1, %(customers)s) AS i
"""
STANDINGS = f"""
    INSERT INTO key_account_standing (
        partner_id, unit_id, create_uid, write_uid, create_date, write_date
    )
    SELECT id, key_account_unit_id, 1, 1, {NOW}, {NOW} FROM res_partner
     WHERE key_account_code LIKE '{PREFIX}%%'
"""
NUMBERS = f"""
    INSERT INTO key_account_number (
        name, partner_id, unit_id, state, date_opened,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'P' || id || '-' || n, id, key_account_unit_id, 'in_service',
           key_account_date_from + n, 1, 1, {NOW}, {NOW}
      FROM res_partner CROSS JOIN generate_series(1, {NUMBERS_EACH}) AS n
     WHERE key_account_code LIKE '{PREFIX}%%'
"""
BILLS = f"""
    INSERT INTO key_account_bill (
        name, revision, kind, partner_id, number_id, unit_id, period, date_bill,
        date_due, currency_id, amount, amount_paid, amount_open,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'B' || number.id || '-' || m, 0, 'bill', partner_id, number.id, unit_id,
           make_date(2026, m, 1), make_date(2026, m + 1, 1), make_date(2026, m + 1, 20),
           (SELECT id FROM res_currency WHERE name = 'EUR'),
           50 + (number.id * 37 + m * 11) %% 45000 / 100.0, 0, 0, 1, 1, {NOW}, {NOW}
      FROM key_account_number AS number CROSS JOIN generate_series(1, 3) AS m
     WHERE number.name LIKE 'P%%-%%'
"""
PAYMENTS = f"""
    INSERT INTO key_account_payment (
        name, revision, partner_id, bill_id, unit_id, date_payment, currency_id,
        amount, create_uid, write_uid, create_date, write_date
    )
    SELECT 'Y' || id, 0, partner_id, id, unit_id,
           date_due + CASE WHEN id %% 17 = 0 THEN 9 ELSE -5 END, currency_id, amount,
           1, 1, {NOW}, {NOW}
      FROM key_account_bill WHERE id %% 23 <> 0
"""
BARE = f"""
    INSERT INTO key_account_point_entry (
        partner_id, line_id, number_id, kind, quantity, origin_year, period, month,
        date, rule_id, unit_id, manager_id,
        create_uid, create_date, write_uid, write_date
    )
    WITH month AS (
        SELECT bill.partner_id, bill.line_id, bill.number_id, bill.period,
               bill.unit_id, bill.manager_id, SUM(bill.amount) AS billed,
               COALESCE(SUM(paid.amount), 0) AS on_time
          FROM key_account_bill AS bill
          LEFT JOIN (
            SELECT bill.id, SUM(payment.amount) AS amount
              FROM key_account_payment AS payment
              JOIN key_account_bill AS bill ON bill.id = payment.bill_id
             WHERE payment.date_payment <= bill.date_due
             GROUP BY bill.id
          ) AS paid ON paid.id = bill.id
         WHERE bill.period BETWEEN '2026-01-01' AND '{MONTH}'
         GROUP BY bill.partner_id, bill.line_id, bill.number_id, bill.period,
                  bill.unit_id, bill.manager_id
    ), judged AS (
        SELECT *, COUNT(*) FILTER (WHERE on_time >= billed) OVER (
                   PARTITION BY partner_id, line_id, number_id) AS good
          FROM month
    ), fact AS (
        SELECT judged.*, TRUNC(LEAST(billed, on_time)) AS consumption,
               EXTRACT(year FROM age(date '2026-04-01', number.date_opened)) * 12
             + EXTRACT(month FROM age(date '2026-04-01', number.date_opened)) AS months
          FROM judged JOIN key_account_number AS number ON number.id = number_id
         WHERE period = '{MONTH}'
    )
    SELECT fact.partner_id, fact.line_id, fact.number_id, earned.kind, earned.points,
           2026, '{MONTH}', '{MONTH}', '{MONTH}', %(rule)s, fact.unit_id,
           fact.manager_id, 1, {NOW}, 1, {NOW}
      FROM fact CROSS JOIN LATERAL (VALUES
        ('consumption', consumption),
        ('tenure', TRUNC(consumption * CASE
            WHEN months >= 61 THEN 0.5 WHEN months >= 49 THEN 0.4
            WHEN months >= 37 THEN 0.3 WHEN months >= 25 THEN 0.2
            WHEN months >= 13 THEN 0.1 ELSE 0 END)),
        ('credit', CASE WHEN good = 3 THEN TRUNC(consumption * 0.1) ELSE 0 END)
      ) AS earned (kind, points)
     WHERE earned.points <> 0
"""
CONTENT = """
    SELECT kind, COUNT(*), SUM(quantity), SUM(quantity::bigint * number_id)
      FROM key_account_point_entry WHERE period = %(month)s GROUP BY kind ORDER BY kind
"""


def _fill(database, numbers):
    """Customers, numbers, three months of bills and payments; nothing logs them."""
    connection = connect(database)
    cursor = connection.cursor()
    tables = "res_partner key_account_number key_account_bill key_account_payment"
    for table in tables.split():
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in (CUSTOMERS, STANDINGS, NUMBERS, BILLS, PAYMENTS):
        cursor.execute(statement, {"customers": numbers // NUMBERS_EACH})
    for table in tables.split():
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.close()


def _make_rule(database):
    with environment(database) as env:
        env.cr.execute("UPDATE key_account_point_rule SET state = 'withdrawn'")
        env.invalidate_all()
        rule = env["key.account.point.rule"].create(
            {
                "name": "Bench",
                "date_from": "2020-01-01",
                "band_ids": [
                    (0, 0, {"kind": kind, "value_from": bound, "percent": percent})
                    for kind, bound, percent in BANDS
                ],
            }
        )
        rule.action_approve()
        return rule.id


def _compute(database):
    """One computation as the scheduled action does it: chunks, each committed."""
    with environment(database) as env:
        runs = env["key.account.point.run"]
        run = runs.search([("month", "=", MONTH)]) or runs.create({"month": MONTH})
        run._open_batch(env["key.account.standing"].search_count([]))
        run.state = "waiting"
        env.cr.commit()
        with measured(env.cr._cnx.info.backend_pid) as time:
            run._work()
        if run.state != "done":
            raise RuntimeError(f"{run.state}: {run.message}")
        return time, run.run_id.created_count


def _bare(database, rule_id):
    connection = connect(database)
    connection.autocommit = False
    cursor = connection.cursor()
    cursor.execute("ALTER TABLE key_account_point_entry DISABLE TRIGGER USER")
    with measured(connection.info.backend_pid) as time:
        cursor.execute(BARE, {"rule": rule_id})
        count = cursor.rowcount
        connection.commit()
    connection.close()
    return time, count


def _content(database):
    connection = connect(database)
    cursor = connection.cursor()
    cursor.execute(CONTENT, {"month": MONTH})
    rows = cursor.fetchall()
    connection.close()
    return rows


def _row(report, what, time, count, bare):
    rates = (f"{count / taken * 3600:,.0f}" for taken in (time.clock, time.cpu))
    ratio = f"{time.cpu / bare.cpu:.2f}"
    clock, cpu = f"{time.clock:.1f}", f"{time.cpu:.1f}"
    report.row(what, f"{count:,}", clock, cpu, *rates, ratio)


def bench_points(report, base, sizes):
    """The monthly run at every size, plain SQL beside it, and the run once more."""
    report.section(
        "(g) Points of a month",
        "Two numbers per customer, three months of bills and payments; consumption, "
        "tenure and credit. Entries are equal, number by number. Published peer on "
        f"big servers: {PEER:,} transactions an hour.",
        *("what", "entries", "s", "CPU s", "entries/h", "per CPU h", "CPU / plain SQL"),
    )
    per_entry = {}
    for size in sizes:
        with cloned(base, f"{base}_points") as database:
            _fill(database, size)
            rule_id = _make_rule(database)
            analyse(database)
            with cloned(database, f"{base}_bare") as other:
                bare, count = _bare(other, rule_id)
                wanted = _content(other)
            run, created = _compute(database)
            if created != count or _content(database) != wanted:
                raise RuntimeError(f"{created} entries, plain SQL wrote {count}")
            again, none = _compute(database)
            if none:
                raise RuntimeError(f"the second computation wrote {none} entries")
        per_entry[size] = run.cpu / count
        _row(report, f"plain SQL, {size:,} numbers", bare, count, bare)
        _row(report, f"computation, {size:,} numbers", run, count, bare)
        _row(report, f"the same again, {size:,} numbers", again, 0, bare)
    what = f"computation of {sizes[-1]:,} numbers / plain SQL"
    report.target(what, run.cpu / bare.cpu, 4)
    report.target("the same again / plain SQL", again.cpu / bare.cpu, 1.5)
    rate = count / run.cpu * 3600
    what = "entries per hour of processor time / published peer"
    report.target(what, rate / PEER, 1, at_least=True)
    if len(sizes) > 1:
        growth = per_entry[sizes[-1]] / per_entry[sizes[0]]
        what = f"cost per entry at {sizes[-1]:,} / at {sizes[0]:,}"
        report.target(what, growth, 1.25)
