"""(d) What the change log costs: the same work with its triggers and without.

First whole batches as the product runs them, one after the other on the same clone;
the promise (a batch costs at most 1.25 times with the log, LOG-01) is about them. Then
single statements on committed rows, which do nothing but write: there the log's own
rows weigh most, and what they cost is said but not promised. Every run has a clone
with the same content and commits; runs with and without the log alternate.
"""

import statistics
from contextlib import contextmanager

import bench_grade
import people
import psycopg2
from bench_feed import load_feed
from clock import measured
from databases import analyse, cloned, connect, environment

LIMIT = 1.25
NOW = "now() AT TIME ZONE 'UTC'"
MINE = "key_account_code LIKE 'BENCH%%'"
CUSTOMERS = f"""
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, phone, street, city,
        key_account_kind, key_account_state, key_account_code, key_account_unit_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'Customer ' || i, 'Customer ' || i, true, true, 'contact', 'en_US',
           '010' || i, 'Street ' || i, 'City', 'group', 'active', '%(prefix)s' || i,
           (SELECT MIN(id) FROM key_account_unit), 1, 1, {NOW}, {NOW}
      FROM generate_series(1, %(customers)s) AS i"""
BILLS = f"""
    INSERT INTO key_account_bill (
        name, revision, kind, partner_id, period, date_bill, date_due, currency_id,
        amount, amount_paid, amount_open, unit_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT '%(prefix)s' || id || '-' || month, 0, 'bill', id,
           (date '2026-01-01' + month * interval '1 month')::date,
           '2026-01-31', '2026-03-01', (SELECT MIN(id) FROM res_currency),
           100, 0, 100, key_account_unit_id, 1, 1, {NOW}, {NOW}
      FROM res_partner CROSS JOIN generate_series(1, 3) AS month
     WHERE key_account_code LIKE 'BENCH%%'"""
CONTACTS = f"""
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, phone, street, city,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'Contact ' || i, 'Contact ' || i, true, true, 'contact', 'en_US',
           '010' || i, 'Street ' || i, 'City', 1, 1, {NOW}, {NOW}
      FROM generate_series(1, %(customers)s) AS i"""
# The rows that are there, committed, before the statements: customers and bills.
FILL = (CUSTOMERS, BILLS)
STATEMENTS = {
    "insert customers": CUSTOMERS,
    "update customers": f"""
        UPDATE res_partner SET phone = '020' || id, write_uid = 1, write_date = {NOW}
         WHERE {MINE}""",
    "insert bills": BILLS,
    "update bills, one column": f"""
        UPDATE key_account_bill
           SET date_due = date_due + 1, write_uid = 1, write_date = {NOW}
         WHERE name LIKE 'BENCH%%'""",
    "settle bills (nothing logged)": f"""
        UPDATE key_account_bill
           SET amount_paid = 10, amount_open = 90, write_uid = 1, write_date = {NOW}
         WHERE name LIKE 'BENCH%%'""",
    "delete bills": "DELETE FROM key_account_bill WHERE name LIKE 'MORE%%'",
    "insert other contacts": CONTACTS,
}


def bench_log(report, base, customers, repeats, folder):
    files = _write_files(folder, customers)
    batches = _alternate(base, repeats, lambda name: _run_batches(name, files))
    bills = 9 * customers
    report.section(
        "(d) The change log: whole batches",
        f"{customers:,} customers, {bills:,} bills; as the product runs them, each "
        f"with and without the triggers, processor time, medians of {repeats}.",
        *("batch", "without, s", "with, s", "with / without"),
    )
    for name, ratio in _rows(report, batches).items():
        report.target(f"{name}, with the log / without", ratio, LIMIT)
    with cloned(base, f"{base}_filled") as filled:
        _fill(filled, customers)
        single = _alternate(filled, repeats, lambda name: _run_sql(name, customers))
    report.section(
        "(d) The change log: single statements",
        f"Of {customers:,} customers and three times as many bills, committed before; "
        "nothing is promised of them.",
        *("statement", "without, s", "with, s", "with / without"),
    )
    _rows(report, single)


def _rows(report, found):
    """Print the medians; map names to the ratio."""
    ratios = {}
    for name in found[True][0]:
        bare, logged = (
            statistics.median(times[name].cpu for times in found[is_logged])
            for is_logged in (False, True)
        )
        ratios[name] = logged / bare
        report.row(name, f"{bare:.2f}", f"{logged:.2f}", f"{ratios[name]:.2f}")
    return ratios


def _alternate(base, repeats, work):
    """Times with and without the log, each of them in a fresh clone."""
    found = {True: [], False: []}
    for turn in range(repeats):
        for is_logged in (False, True) if turn % 2 else (True, False):
            with cloned(base, f"{base}_log") as database:
                if not is_logged:
                    _switch_off(database)
                found[is_logged].append(work(database))
    return found


def _switch_off(database):
    """Without any trigger of the log, whichever table has one."""
    connection = connect(database)
    cursor = connection.cursor()
    cursor.execute(
        "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) "
        r"FROM pg_trigger WHERE tgname LIKE 'key\_account\_log\_%'"
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
    connection.close()


def _write_files(folder, customers):
    """New customers, a tenth of them changed, their bills, and payments of the rest."""
    return {
        "customer feed, all new": (
            "customer",
            people.write_customers(folder / "log_new.dat", customers),
            people.PERIOD,
        ),
        "customer feed, a tenth changed": (
            "customer",
            people.write_changes(folder / "log_changed.dat", customers),
            people.NEXT_PERIOD,
        ),
        "bill feed": (
            "bill",
            people.write_bills(folder / "log_bills.dat", customers * 15, customers),
            people.PERIOD,
        ),
        "bill feed, payments alone": (
            "bill",
            people.write_payments(folder / "log_paid.dat", customers * 3, customers),
            people.NEXT_PERIOD,
        ),
    }


def _run_batches(database, files):
    times = {}
    for name, (interface, path, period) in files.items():
        times[name] = load_feed(database, interface, path, period)
        analyse(database)
    times["grading run, all new"] = _grade(database)
    return times


def _grade(database):
    with environment(database) as env:
        bench_grade.create_rule(env)
    with environment(database) as env:
        run = bench_grade.create_run(env)
        with measured(env.cr._cnx.info.backend_pid) as time:
            bench_grade.grade(run)
            env.cr.commit()
        if not run.new_count:
            raise RuntimeError("no customer was graded")
    return time


def _fill(database, customers):
    """Rows as a database has them: committed, vacuumed, not logged."""
    with _committed(database) as cursor:
        cursor.execute("ALTER TABLE res_partner DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE key_account_bill DISABLE TRIGGER USER")
        for statement in FILL:
            cursor.execute(_of("BENCH", statement), {"customers": customers})
        cursor.execute("ALTER TABLE res_partner ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE key_account_bill ENABLE TRIGGER USER")
    analyse(database)


def _run_sql(database, customers):
    times = {}
    for name, statement in STATEMENTS.items():
        with _committed(database) as cursor:
            pid = cursor.connection.info.backend_pid
            with measured(pid) as times[name]:
                cursor.execute(_of("MORE", statement), {"customers": customers})
                cursor.connection.commit()
    return times


def _of(prefix, statement):
    return statement.replace("%(prefix)s", prefix)


@contextmanager
def _committed(database):
    connection = psycopg2.connect(dbname=database)
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()
