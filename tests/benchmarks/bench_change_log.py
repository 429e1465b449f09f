#!/usr/bin/env python3
# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the change log costs a batch: the same statements with and without triggers.

    PGHOST=… PGUSER=odoo bench_change_log.py DATABASE [CUSTOMERS [REPEATS]]

Everything happens in transactions that are rolled back. Runs with and without the log
alternate; the medians are compared. The limit is 1.25 (LOG-01). Where the server runs
on the same machine its processor time is taken, which does not depend on what else
is running there; else the time on the clock.
"""

import os
import statistics
import sys
import time
from pathlib import Path

import psycopg2

LIMIT = 1.25
TABLES = ("res_partner", "key_account_bill")
NOW = "now() AT TIME ZONE 'UTC'"
MINE = "key_account_code LIKE 'BENCH%%'"
STATEMENTS = {
    "insert customers": f"""
        INSERT INTO res_partner (
            name, complete_name, active, is_company, type, lang, phone, street, city,
            key_account_kind, key_account_state, key_account_code, key_account_unit_id,
            create_uid, write_uid, create_date, write_date
        )
        SELECT 'Customer ' || i, 'Customer ' || i, true, true, 'contact', 'en_US',
               '010' || i, 'Street ' || i, 'City', 'group', 'active', 'BENCH' || i,
               (SELECT MIN(id) FROM key_account_unit), 1, 1, {NOW}, {NOW}
          FROM generate_series(1, %(customers)s) AS i""",
    "update customers": f"""
        UPDATE res_partner SET phone = '020' || id, write_uid = 1, write_date = {NOW}
         WHERE {MINE}""",
    "insert bills": f"""
        INSERT INTO key_account_bill (
            name, revision, kind, partner_id, period, date_bill, date_due, currency_id,
            amount, amount_paid, amount_open, unit_id,
            create_uid, write_uid, create_date, write_date
        )
        SELECT 'B' || id || '-' || month, 0, 'bill', id,
               (date '2026-01-01' + month * interval '1 month')::date,
               '2026-01-31', '2026-03-01', (SELECT MIN(id) FROM res_currency),
               100, 0, 100, key_account_unit_id, 1, 1, {NOW}, {NOW}
          FROM res_partner CROSS JOIN generate_series(1, 3) AS month
         WHERE {MINE}""",
    "update bills": f"""
        UPDATE key_account_bill AS bill
           SET date_due = date_due + 1, write_uid = 1, write_date = {NOW}
          FROM res_partner AS partner
         WHERE partner.id = bill.partner_id AND {MINE}
           AND bill.period = '2026-02-01'""",
    "settle bills": f"""
        UPDATE key_account_bill AS bill
           SET amount_paid = 10, amount_open = 90, write_uid = 1, write_date = {NOW}
          FROM res_partner AS partner
         WHERE partner.id = bill.partner_id AND {MINE}
           AND bill.period = '2026-03-01'""",
    "insert other contacts": f"""
        INSERT INTO res_partner (
            name, complete_name, active, is_company, type, lang, phone, street, city,
            create_uid, write_uid, create_date, write_date
        )
        SELECT 'Contact ' || i, 'Contact ' || i, true, true, 'contact', 'en_US',
               '010' || i, 'Street ' || i, 'City', 1, 1, {NOW}, {NOW}
          FROM generate_series(1, %(customers)s) AS i""",
}


def seconds_of(cnx):
    """Processor time of the server process of this connection, or the clock."""
    status = Path(f"/proc/{cnx.info.backend_pid}/stat")
    if not cnx.info.host.startswith("/") or not status.exists():
        return time.perf_counter()
    user, system = status.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def run(cnx, customers, is_logged):
    """Seconds of every statement, in one transaction that is taken back."""
    seconds = {}
    with cnx.cursor() as cr:
        for table in TABLES:
            for event in ("insert", "update", "delete"):
                switch = "ENABLE" if is_logged else "DISABLE"
                cr.execute(
                    f"ALTER TABLE {table} {switch} TRIGGER key_account_log_{event}"
                )
        for name, statement in STATEMENTS.items():
            start = seconds_of(cnx)
            cr.execute(statement, {"customers": customers})
            seconds[name] = seconds_of(cnx) - start
    cnx.rollback()
    return seconds


def vacuum(cnx):
    """Clean up after a run, but for the log.

    It only grows: after a vacuum it would fill the holes of the run that was taken
    back, which a real log does not have, and pay for its BRIN index each time.
    """
    cnx.autocommit = True
    with cnx.cursor() as cr:
        for table in TABLES:
            cr.execute(f"VACUUM ANALYZE {table}")
    cnx.autocommit = False


def measure(dsn, customers, repeats):
    """Map statements to their seconds without and with the log."""
    found = {name: ([], []) for name in STATEMENTS}
    cnx = psycopg2.connect(dsn)
    for turn in range(-1, repeats):  # the first one warms up
        for is_logged in (False, True) if turn % 2 else (True, False):
            seconds = run(cnx, customers, is_logged)
            vacuum(cnx)
            if turn >= 0:
                for name, value in seconds.items():
                    found[name][is_logged].append(value)
    return found


def main(database, customers=100_000, repeats=3):
    found = measure(f"dbname={database}", int(customers), int(repeats))
    is_good = True
    print(f"{customers} customers, three times as many bills, medians of {repeats}")
    print(f"{'':24}{'without':>10}{'with':>10}{'ratio':>8}")
    for name, (without, with_log) in found.items():
        bare, logged = statistics.median(without), statistics.median(with_log)
        is_good = is_good and logged / bare <= LIMIT
        print(f"{name:24}{bare:9.2f}s{logged:9.2f}s{logged / bare:8.2f}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
