"""(a) The feed against stock load(), batched create() and the bare limit.

The bare limit is COPY of the very rows the feed wrote (ids and all: nothing is looked
up; only the reference to the feed's batch is left out) into a staging table and one
INSERT … SELECT into the same tables with the same indexes and foreign keys, without
triggers, checks, moves, months, standing or log.
"""

import os
import statistics
from io import StringIO

import people
import psycopg2
from clock import measured
from databases import clone, cloned, connect, drop, environment

TABLES = {
    "customer": ("res_partner",),
    "bill": ("key_account_bill", "key_account_payment"),
}
SAMPLE = int(os.environ.get("KA_BENCH_SAMPLE") or 10_000)


def load_feed(database, interface, path, period=people.PERIOD):
    """Load a file through the feed; seconds and the transmission's counts."""
    with environment(database) as env:
        operator = env["res.users"].search([("login", "=", "bm_operator")])
        unit = env["key.account.unit"].search([("code", "=", people.PREFIX)])
        feeds = env["key.account.feed"].with_user(operator)
        with measured(env.cr._cnx.info.backend_pid) as time:
            feed = feeds._load_files(unit, interface, path, period=period)
            env.flush_all()
            env.cr.commit()
        feed = feed.sudo()
        if feed.state != "done" or feed.refused_count:
            raise RuntimeError(f"{feed.name}: {feed.state} {feed.file_reason}")
    return time


def take_rows(database, interface):
    """What the feed wrote: for each table its columns that are filled, and the rows."""
    rows = []
    connection = connect(database)
    cursor = connection.cursor()
    for table in TABLES[interface]:
        columns = _filled_columns(cursor, table, _ours(interface))
        text = StringIO()
        cursor.copy_expert(
            f"COPY (SELECT {columns} FROM {table} WHERE {_ours(interface)}) TO STDOUT",
            text,
        )
        rows.append((table, columns, text.getvalue()))
    connection.close()
    return rows


def _ours(interface):
    if interface == "customer":
        return f"key_account_code LIKE '{people.PREFIX}%'"
    return "TRUE"


def _filled_columns(cursor, table, ours):
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass "
        "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    names = [name for (name,) in cursor.fetchall() if name != "run_id"]
    counts = ", ".join(f'COUNT("{name}")' for name in names)
    cursor.execute(f"SELECT {counts} FROM {table} WHERE {ours}")
    filled = zip(names, cursor.fetchone(), strict=True)
    return ", ".join(f'"{name}"' for name, count in filled if count)


def load_bare(database, rows):
    """COPY and INSERT … SELECT of the same columns, in one transaction."""
    connection = psycopg2.connect(dbname=database)
    cursor = connection.cursor()
    for table, *_rest in rows:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with measured(connection.info.backend_pid) as time:
        for table, columns, text in rows:
            cursor.execute(
                f"CREATE TEMPORARY TABLE bare_{table} ON COMMIT DROP AS "
                f"SELECT {columns} FROM {table} LIMIT 0"
            )
            cursor.copy_expert(f"COPY bare_{table} FROM STDIN", StringIO(text))
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM bare_{table}"
            )
        connection.commit()
    connection.close()
    return time


def _stock_rows(count):
    """Name, code and the ordinary columns of a contact, as an import file has them."""
    for number, name in enumerate(people.names(count)):
        industry = people.INDUSTRIES[number % len(people.INDUSTRIES)]
        data = people.contact_data(number)
        yield {
            "name": name,
            "ref": people.code(number),
            **data,
            "industry_id": industry,
        }


def _keyed_rows(count):
    """Twelve stock columns, the external id among them as the key, two codes by name.

    The salesperson stands for the manager of the file, by the same login.
    """
    for number, row in enumerate(_stock_rows(count)):
        yield {
            "id": f"bench.customer_{row['ref']}",
            **row,
            "is_company": "1",
            "user_id": people.manager(number),
            "company_registry": f"R{number:08}",
        }


def _whole_rows(count):
    """The columns of the file under the names of the suite's own fields.

    The external id is the key; unit, manager and industry are looked up by name. What
    hangs on a customer follows as from the screen: first move, standing, log.
    """
    for number, row in enumerate(_stock_rows(count)):
        code = row.pop("ref")
        yield {
            "id": f"bench.customer_{code}",
            "key_account_code": code,
            "key_account_kind": "group",
            "key_account_state": "active",
            "key_account_unit_id": people.department(number),
            "key_account_manager_id": people.manager(number),
            "key_account_date_from": "2024-01-01",
            **row,
        }


def load_plain(database, count):
    return load_stock(database, list(_stock_rows(count)))


def load_keyed(database, count):
    return load_stock(database, list(_keyed_rows(count)))


def load_whole(database, count):
    return load_stock(database, list(_whole_rows(count)))


def load_stock(database, rows):
    """res.partner.load() as the web importer calls it, in batches of 2,000."""
    count = len(rows)
    with environment(database) as env:
        partners = env["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        with measured(env.cr._cnx.info.backend_pid) as time:
            for start in range(0, count, 2000):
                batch = [list(row.values()) for row in rows[start : start + 2000]]
                result = partners.load(list(rows[0]), batch)
                if not result["ids"]:
                    raise RuntimeError(result["messages"])
            env.cr.commit()
    return time


def create_stock(database, count):
    """create() in batches of 2,000, many2one cells looked up before."""
    rows = list(_stock_rows(count))
    with environment(database) as env:
        partners = env["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        found = env["res.partner.industry"].search([])
        industries = {industry.name: industry.id for industry in found}
        for row in rows:
            row["industry_id"] = industries[row["industry_id"]]
        with measured(env.cr._cnx.info.backend_pid) as time:
            for start in range(0, count, 2000):
                partners.create(rows[start : start + 2000])
            env.cr.commit()
    return time


def median(times):
    return statistics.median(time.cpu for time in times)


def _line(report, what, count, times, bare, note=""):
    cpu = median(times)
    clock = statistics.median(time.clock for time in times)
    rate = f"{count / clock:,.0f}"
    ratio = f"{cpu / count / bare:.1f}"
    report.row(what, f"{count:,}", f"{clock:.1f}", f"{cpu:.1f}", rate, ratio, note)


HEADINGS = ("method", "rows", "s", "CPU s", "rows/s", "CPU per row / bare", "")


def bench_customers(report, base, sizes, repeats, folder):
    """Customers at every size; the largest filled database is kept as ``base_full``."""
    report.section(
        "(a) Customer feed",
        "Twelve columns and the code, three of them names or codes that are looked "
        "up; a fresh database for each measurement, feed and bare limit in turn, "
        f"medians. load() and create() are measured on {SAMPLE:,} rows, tracking "
        "off, in batches of 2,000. *load() of the file's columns* makes the same "
        "customers through the model: external id as the key, unit, manager and "
        "industry by name, and what follows (scope, first move, standing, log). "
        "*load() of stock columns, by key* takes twelve columns of the stock model: "
        "external id, name, code, is a company, phone, mail, street, city, "
        "postcode, register number, salesperson and industry by name; no customer "
        "file is made. *no key, one code*: without external id, salesperson, "
        "register number and is a company. create() takes the same, its industries "
        "looked up beforehand.",
        *HEADINGS,
    )
    stock = _measure_stock(base, folder)
    per_row = {}
    for size in sizes:
        path = people.write_customers(folder / f"customers_{size}.dat", size)
        fed, bare = _alternate(base, "customer", path, repeats, size == sizes[-1])
        limit = median(bare) / size
        per_row[size] = median(fed) / size
        _line(report, "COPY + INSERT … SELECT (bare)", size, bare, limit)
        _line(report, "customer feed", size, fed, limit)
        for what, times in stock.items():
            _line(report, what, SAMPLE, times, limit)
        report.target(f"feed of {size:,} / bare", per_row[size] / limit, 3)
        for what in RIVALS:
            load = median(stock[what]) / SAMPLE
            report.target(f"{what} / feed of {size:,}", load / per_row[size], 10, True)
        if size != sizes[-1]:
            report.say("")
            report.row(*HEADINGS)
            report.row(*("---" for _heading in HEADINGS))
    if len(sizes) > 1:
        growth = per_row[sizes[-1]] / per_row[sizes[0]]
        what = f"cost per row at {sizes[-1]:,} / at {sizes[0]:,}"
        report.target(what, growth, 1.25)


# What load() is given, from the same work to the least.
STOCK = {
    "load() of the file's columns": load_whole,
    "load() of stock columns, by key": load_keyed,
    "load(), no key, one code": load_plain,
    "create(), batches": create_stock,
}
RIVALS = ("load() of the file's columns", "load() of stock columns, by key")


def _measure_stock(base, folder):
    times = {}
    for what, work in STOCK.items():
        with cloned(base, f"{base}_work") as database:
            times[what] = [work(database, SAMPLE)]
    return times


def _alternate(base, interface, path, repeats, keep):
    """Feed, bare, bare, feed …: times of both, on fresh clones."""
    fed, bare, rows = [], [], None
    for turn in range(repeats):
        is_last = turn == repeats - 1
        name = f"{base}_full" if keep and is_last else f"{base}_work"
        database = clone(base, name)
        fed.append(load_feed(database, interface, path))
        rows = rows or take_rows(database, interface)
        with cloned(base, f"{base}_bare") as other:
            bare.append(load_bare(other, rows))
    return fed, bare


def bench_bills(report, full, rows, customers, folder):
    """Bills and payments into the largest database."""
    report.section(
        f"(a) Bill feed, {customers:,} customers",
        "Three bills and two payments of five rows; the bare limit fills the tables of "
        "bills and payments alone, the feed also checks, settles and keeps months, "
        "standing and log.",
        *HEADINGS,
    )
    path = people.write_bills(folder / "bills.dat", rows, customers)
    clone(full, f"{full}_bare")
    fed = [load_feed(full, "bill", path)]
    written = take_rows(full, "bill")
    bare = [load_bare(f"{full}_bare", written)]
    drop(f"{full}_bare")
    limit = median(bare) / rows
    _line(report, "COPY + INSERT … SELECT (bare)", rows, bare, limit)
    _line(report, "bill feed", rows, fed, limit)
    report.target(f"bill feed of {rows:,} / bare", median(fed) / rows / limit, 3)
