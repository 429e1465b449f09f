# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""(g) Arrears: selecting a dunning run, ages, and queries by each filter.

Customers with ten overdue bills each are made by SQL, some of them partly paid,
disputed, promised or never dunned. The run's selection is compared with plain SQL that
knows the policy as constants and gives the same rows; the list of a head with that of
the centre, who reads without a restricting rule.
"""

import os
import statistics
import subprocess
import time
from datetime import date

from clock import measured
from databases import analyse, cloned, connect, environment

DAY = date(2026, 11, 5)
BILLS = 10
TABLES = (
    "res_partner",
    "key_account_bill",
    "key_account_payment",
    "key_account_dispute",
    "key_account_promise",
    "key_account_promise_instalment",
    "key_account_dunning_exemption",
    "key_account_standing",
    "key_account_number",
)
FILL = """
    INSERT INTO res_partner (
        name, complete_name, active, is_company, type, lang, key_account_kind,
        key_account_state, key_account_code, key_account_unit_id,
        key_account_manager_id, key_account_scope_id, key_account_date_from,
        phone_sanitized, email_normalized,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'Customer ' || i, 'Customer ' || i, true, true, 'contact', 'en_US', 'group',
           'active', 'BA' || i, unit.id, manager.id, scope.id, '2020-01-01',
           CASE WHEN i %% 20 > 0 THEN '+86138' || lpad(i::text, 8, '0') END,
           CASE WHEN i %% 3 > 0 THEN 'office@c' || i || '.example.com' END,
           1, 1, now(), now()
      FROM generate_series(1, %(customers)s) AS i
      JOIN key_account_unit AS unit ON unit.code = 'BM-' || (i %% 8 + 1)
      JOIN res_users AS manager
        ON manager.login = 'bm_manager_' || (i %% 8 + 1) || '_' || (i / 8 %% 2 + 1)
      JOIN key_account_scope AS scope ON scope.key = unit.id::text;
    UPDATE res_partner SET commercial_partner_id = id
     WHERE key_account_code LIKE 'BA%%';
    CREATE TEMPORARY TABLE customer AS
    SELECT id, key_account_unit_id AS unit, key_account_manager_id AS manager,
           key_account_scope_id AS scope,
           substr(key_account_code, 3)::integer AS i
      FROM res_partner WHERE key_account_code LIKE 'BA%%';
    INSERT INTO key_account_standing (
        partner_id, scope_id, unit_id, manager_id, completeness, grade_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT id, scope, unit, manager, 0,
           (SELECT MIN(id) + i %% 3 FROM key_account_grade), 1, 1, now(), now()
      FROM customer;
    INSERT INTO key_account_number (
        name, partner_id, unit_id, manager_id, state,
        create_uid, write_uid, create_date, write_date
    )
    SELECT '0571' || lpad(i::text, 8, '0'), id, unit, manager,
           CASE WHEN i %% 10 = 0 THEN 'one_way' ELSE 'in_service' END,
           1, 1, now(), now()
      FROM customer;
    INSERT INTO key_account_bill (
        name, revision, kind, partner_id, unit_id, manager_id, number_id, period,
        date_bill, date_due, currency_id, amount, amount_paid, amount_open,
        create_uid, write_uid, create_date, write_date
    )
    SELECT 'B' || n || '-' || customer.i, 0, 'bill', customer.id, customer.unit,
           customer.manager, number.id, (%(day)s::date - n * 30 - 31
               - (EXTRACT(day FROM %(day)s::date - n * 30 - 31)::int - 1)),
           %(day)s::date - n * 30 - customer.i %% 40 - 20,
           %(day)s::date - n * 30 - customer.i %% 40, %(currency)s,
           100 + customer.i %% 900 + n, CASE WHEN (customer.i + n) %% 4 = 0
               THEN 50 ELSE 0 END,
           100 + customer.i %% 900 + n - CASE WHEN (customer.i + n) %% 4 = 0
               THEN 50 ELSE 0 END,
           1, 1, now(), now()
      FROM customer
      JOIN key_account_number AS number ON number.partner_id = customer.id
     CROSS JOIN generate_series(0, %(bills)s - 1) AS n;
    INSERT INTO key_account_payment (
        name, partner_id, unit_id, manager_id, bill_id, date_payment, currency_id,
        amount, create_uid, write_uid, create_date, write_date
    )
    SELECT 'P' || name, partner_id, unit_id, manager_id, id, date_due + 3, currency_id,
           50, 1, 1, now(), now()
      FROM key_account_bill WHERE amount_paid = 50;
    INSERT INTO key_account_dispute (
        bill_id, partner_id, unit_id, manager_id, date, currency_id, amount, reason,
        state, user_id, create_uid, write_uid, create_date, write_date
    )
    SELECT id, partner_id, unit_id, manager_id, date_due, currency_id, 20, 'No',
           'open', 1, 1, 1, now(), now()
      FROM key_account_bill WHERE id %% 50 = 0;
    INSERT INTO key_account_dunning_exemption (
        partner_id, unit_id, manager_id, date_from, date_to, reason, user_id,
        create_uid, write_uid, create_date, write_date
    )
    SELECT id, unit, manager, %(day)s::date - 10, %(day)s::date + 10, 'No', 1,
           1, 1, now(), now()
      FROM customer WHERE i %% 100 = 7;
    INSERT INTO key_account_promise (
        kind, partner_id, unit_id, manager_id, date, date_due, currency_id, amount,
        user_id, create_uid, write_uid, create_date, write_date
    )
    SELECT 'promise', id, unit, manager, %(day)s::date - 5, %(day)s::date + 5,
           %(currency)s, 500, 1, 1, 1, now(), now()
      FROM customer WHERE i %% 33 = 5;
"""
# What the policy says, in constants; the same columns of the same customers.
PLAIN = """
    WITH disputed AS (
        SELECT bill_id, SUM(amount) AS amount FROM key_account_dispute
         WHERE date <= %(day)s AND (date_decided IS NULL OR date_decided > %(day)s)
         GROUP BY bill_id
    ), since AS (
        SELECT bill_id, SUM(amount) AS amount FROM key_account_payment
         WHERE date_payment > %(day)s AND bill_id IS NOT NULL GROUP BY bill_id
    ), promised AS (
        SELECT DISTINCT partner_id, unit_id FROM key_account_promise
         WHERE %(day)s BETWEEN date AND date_due AND date_withdrawn IS NULL
    ), exempt AS (
        SELECT DISTINCT partner_id, unit_id FROM key_account_dunning_exemption
         WHERE %(day)s BETWEEN date_from AND date_to
    ), owed AS (
        SELECT bill.partner_id, bill.unit_id, bill.currency_id,
               MIN(bill.manager_id) AS manager_id, COUNT(*) AS bill_count,
               SUM(bill.amount_open + COALESCE(since.amount, 0)) AS overdue,
               SUM(bill.amount_open + COALESCE(since.amount, 0)
                   - LEAST(COALESCE(disputed.amount, 0), bill.amount_open)) AS amount,
               MIN(bill.date_due) AS oldest
          FROM key_account_bill AS bill
          LEFT JOIN since ON since.bill_id = bill.id
          LEFT JOIN disputed ON disputed.bill_id = bill.id
         WHERE bill.date_bill <= %(day)s AND bill.date_due < %(day)s
           AND bill.amount_open + COALESCE(since.amount, 0) > 0
         GROUP BY bill.partner_id, bill.unit_id, bill.currency_id
    )
    SELECT owed.partner_id, owed.unit_id, owed.manager_id, owed.currency_id,
           owed.amount, owed.oldest, owed.bill_count, step.days,
           CASE WHEN contact.phone_sanitized <> '' THEN 'sms'
                WHEN contact.email_normalized <> '' THEN 'mail' END AS channel,
           CASE WHEN contact.phone_sanitized <> '' THEN contact.phone_sanitized
                ELSE contact.email_normalized END AS address
      FROM owed
      JOIN res_partner AS contact ON contact.id = owed.partner_id AND contact.active
      JOIN (VALUES (1, 4), (5, 9), (10, 14), (15, 19), (20, 100000))
           AS step (days, last)
        ON %(day)s::date - owed.oldest BETWEEN step.days AND step.last
      LEFT JOIN promised USING (partner_id, unit_id)
      LEFT JOIN exempt USING (partner_id, unit_id)
     WHERE promised.partner_id IS NULL AND exempt.partner_id IS NULL
       AND owed.amount > 0
       AND (contact.phone_sanitized <> '' OR contact.email_normalized <> '')
       AND NOT EXISTS (
            SELECT FROM key_account_dunning_line AS earlier
             WHERE earlier.partner_id = owed.partner_id
               AND earlier.date_oldest = owed.oldest AND earlier.days = step.days
               AND earlier.state IN ('queued', 'sent', 'failed'))
"""
COLUMNS = """
    partner_id, unit_id, manager_id, currency_id, amount, oldest, bill_count,
    step_days, channel, address
"""
FILTERS = {
    "overdue": [("is_overdue", "=", True)],
    "service number": [("number_id.name", "=", "057100000077")],
    "customer code": [("customer_code", "=", "BA77")],
    "period": [("period", "=", "2026-08-01"), ("is_overdue", "=", True)],
    "amount": [("amount_overdue", ">", 900)],
    "age": [("bucket_id.days_from", "=", 91)],
    "suspended": [("number_state", "=", "one_way"), ("is_overdue", "=", True)],
    "grade": [("grade_id", "=", "first"), ("is_overdue", "=", True)],
    "manager": [("manager_id.login", "=", "bm_manager_1_1")],
}
NAMES = ["name", "partner_id", "date_due", "amount_open", "days_overdue", "bucket"]
ROUNDS = 5


def bench_arrears(report, base, sizes, repeats):
    costs, last = {}, max(sizes)
    report.section(
        "(g) Selecting a dunning run",
        "Customers in arrears with ten overdue bills each; medians of the processor "
        "time. The same customers, steps, ways, addresses and amounts by both; the "
        "preview also writes the rows and their texts.",
        "customers",
        "bills",
        "dunned",
        "plain SQL, CPU s",
        "selection, CPU s",
        "selection / SQL",
        "preview, s",
    )
    for size in sizes:
        with cloned(base, f"{base}_arrears") as database:
            _install(database)
            _fill(database, size)
            costs[size] = _measure_selection(report, database, size, repeats)
            if size == last:
                _bench_queries(report, database, size)
    small = min(costs)
    report.target(f"selection of {last:,} / plain SQL", costs[last][0], 3)
    if small != last:
        growth = costs[last][1] / last / (costs[small][1] / small)
        report.target(f"selection, cost per customer at {last:,}", growth, 1.5)


def _install(database):
    with environment(database) as env:
        if "key.account.dunning.run" in env:
            return
    command = [os.environ["KA_ODOO_BIN"], "-d", database, "-i", "key_account_arrears"]
    command += ["--stop-after-init", "--log-level=error", "--max-cron-threads=0"]
    subprocess.run(command, check=True)


def _fill(database, size):
    with environment(database) as env:
        for unit in env["key.account.unit"].search([]):
            env["key.account.scope"]._get_for([unit.id])
        policy = env.ref("key_account_arrears.key_account_dunning_policy_default")
        # every step a message, so that every row looks for an address
        env.cr.execute(
            "UPDATE key_account_dunning_step SET channel = 'sms', fallback = 'mail' "
            "WHERE rule_id = %s",
            [policy.id],
        )
        env.cr.commit()
    connection = connect(database)
    cursor = connection.cursor()
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute("SELECT currency_id FROM res_company ORDER BY id LIMIT 1")
    [currency] = cursor.fetchone()
    values = {"customers": size, "bills": BILLS, "day": DAY, "currency": currency}
    cursor.execute(FILL, values)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.close()
    analyse(database)


def _measure_selection(report, database, size, repeats):
    """The ratio to plain SQL, and the CPU seconds of the product."""
    from odoo.tools import SQL

    plain, ours, found = [], [], {}
    with environment(database) as env:
        backend = env.cr._cnx.get_backend_pid()
        unit = env.ref("key_account_crm.key_account_unit_centre")
        run = env["key.account.dunning.run"].create({"unit_id": unit.id, "date": DAY})
        for _turn in range(repeats):
            with measured(backend) as taken:
                env.cr.execute(f"CREATE TEMPORARY TABLE bench AS {PLAIN}", {"day": DAY})
            plain.append(taken.cpu)
            found["sql"] = _take(env)
            with measured(backend) as taken:
                selection = run._get_selection_sql(DAY)
                env.cr.execute(
                    SQL(
                        "CREATE TEMPORARY TABLE bench AS SELECT %s FROM (%s) AS found "
                        "WHERE reason IS NULL",
                        SQL(COLUMNS),
                        selection,
                    )
                )
            ours.append(taken.cpu)
            found["ours"] = _take(env)
        if found["sql"] != found["ours"] or not found["sql"][0]:
            raise RuntimeError(f"plain SQL and product differ: {found}")
        with measured(backend) as preview:
            run._select_lines()
        env.cr.rollback()
    ratio = statistics.median(ours) / statistics.median(plain)
    report.row(
        f"{size:,}",
        f"{size * BILLS:,}",
        f"{found['ours'][0]:,}",
        f"{statistics.median(plain):.2f}",
        f"{statistics.median(ours):.2f}",
        f"{ratio:.2f}",
        f"{preview.clock:.1f}",
    )
    return ratio, statistics.median(ours)


def _take(env):
    """How many rows there are, and a sum that tells them apart; the table is gone."""
    env.cr.execute(
        "SELECT COUNT(*), SUM(hashtext(bench::text)::bigint) FROM bench AS bench"
    )
    result = env.cr.fetchone()
    env.cr.execute("DROP TABLE bench")
    return result


def _bench_queries(report, database, size):
    """The first page and the count of arrears by each filter; ages of all."""
    report.section(
        f"(g) Arrears of {size * BILLS:,} open bills by each filter",
        f"80 rows and the count, as of {DAY}, in process; medians of {ROUNDS}, ms. The "
        "head reads one of eight departments, the centre everything.",
        "filter",
        "rows of the centre",
        "head, ms",
        "centre, ms",
        "head / centre",
    )
    worst = 0
    for name, domain in FILTERS.items():
        rows, head = _query(database, "bm_head_1", domain)
        rows, centre = _query(database, "bm_centre", domain)
        worst = max(worst, head / centre)
        report.row(
            name, f"{rows:,}", f"{head:.0f}", f"{centre:.0f}", f"{head / centre:.2f}"
        )
    for login in ("bm_head_1", "bm_centre"):
        with environment(database, login) as env:
            items = env["key.account.open.item"].with_context(
                key_account_as_of=str(DAY)
            )
            start = time.perf_counter()
            items._read_group(
                [("is_overdue", "=", True)], ["bucket_id"], ["amount_overdue:sum"]
            )
            report.row(
                f"ages, {login}", "", f"{time.perf_counter() - start:.2f} s", "", ""
            )
    report.target("arrears of a head / of the centre", worst, 1.5)


def _query(database, login, domain):
    times, rows = [], 0
    with environment(database, login) as env:
        items = env["key.account.open.item"].with_context(key_account_as_of=str(DAY))
        first = env["key.account.grade"].search([], order="id", limit=1).id
        domain = [
            (*term[:2], first if term[2] == "first" else term[2]) for term in domain
        ]
        for _turn in range(ROUNDS):
            start = time.perf_counter()
            items.search_read(domain, NAMES, limit=80)
            rows = items.search_count(domain)
            times.append(1000 * (time.perf_counter() - start))
            env.invalidate_all()
    return rows, statistics.median(times)
