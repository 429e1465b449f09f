"""(b) A department head's list against the list without rules; name search by part.

(c) What opening a customer's form asks of the database.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import people
from databases import environment
from organisation import PASSWORD
from screens import specification

sys.path.append(str(Path(__file__).resolve().parents[1] / "real_data"))
from rpc import Client  # noqa: E402

LIST = "key_account_crm.res_partner_view_list_key_account"
FORM = "key_account_crm.res_partner_view_form_key_account"
CUSTOMERS = [("key_account_kind", "!=", False)]
ROUNDS = 40


@contextmanager
def server(database, *options):
    """An Odoo of its own on the database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [os.environ["KA_ODOO_BIN"], "-d", database, f"--http-port={port}"]
    command += [f"--db-filter=^{database}$", "--max-cron-threads=0"]
    process = subprocess.Popen([*command, *options, "--log-level=error"])
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(url, process):
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/web/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server ended before it answered")


def bench_lists(report, database, customers):
    logins = ("bm_head_3", "bm_centre", "bm_admin")
    fields = [_list_fields(database, login) for login in logins]
    report.section(
        f"(b) The customer list, {customers:,} customers",
        f"web_search_read of 80 rows and {len(fields[0])} columns of our list, "
        f"with count, through HTTP; {ROUNDS} rounds, everybody in turn, medians of the "
        "client's waiting in ms. The centre reads without a restricting rule.",
        "list",
        "head of 1 of 8 departments",
        "centre",
        "administrator",
        "head / centre",
    )
    worst = 0
    with server(database) as url:
        clients = [Client(url, database, login, PASSWORD) for login in logins]
        for what, query in LISTS.items():
            medians = _in_turn(clients, fields, query)
            ratio = medians[0] / medians[1]
            if what == "first page":
                worst = ratio
            report.row(what, *(f"{value:.1f}" for value in medians), f"{ratio:.2f}")
    report.target("head's list / list without rules", worst, 1.5)


def _list_fields(database, login):
    """The columns of the list as this user gets it; the administrator's has fewer."""
    with environment(database, login) as env:
        return specification(env, "res.partner", "list", LIST)


SEARCH = [*CUSTOMERS, ("key_account_search", "ilike", "华信")]
LISTS = {
    "first page": {"domain": CUSTOMERS},
    "page 20": {"domain": CUSTOMERS, "offset": 1520},
    "by part of a name": {"domain": SEARCH},
}


def _in_turn(clients, fields, query):
    """The median milliseconds of every client, asking one after the other."""
    times = [[] for _client in clients]
    for turn in range(-3, ROUNDS):  # the first three warm up
        for client, wanted, found in zip(clients, fields, times, strict=True):
            query.update(specification=wanted, limit=80, count_limit=10001)
            start = time.perf_counter()
            client.call("res.partner", "web_search_read", **query)
            if turn >= 0:
                found.append(1000 * (time.perf_counter() - start))
    return [statistics.median(found) for found in times]


# Two or three words of each kind, as frequent as their kind is.
SEARCHES = {
    "Latin word": ("Soylent Foods", "Globex 1", "Orion Steel 9"),
    "Chinese, three and more": ("华信科技", "北京恒通", "长江医药"),
    "Chinese, two": ("华信", "鑫达", "恒通"),
    "Chinese, one": ("鑫", "雅", "桥"),
}


def bench_search(report, database, customers):
    report.section(
        f"(b) Name search by part, {customers:,} customers",
        "search of 80 and count, as the list asks, in process as superuser; without "
        "index: Odoo's own condition with the suite's three search indexes dropped. "
        "Medians of 5 over three words, in turn, ms.",
        "word",
        "with index",
        "without",
        "without / with",
        "rows found",
    )
    ratios = {}
    for kind, words in SEARCHES.items():
        with_index, without, found = _compare_search(database, words)
        ratios[kind] = without / with_index
        report.row(
            f"{kind}: {' · '.join(words)}",
            f"{with_index:.1f}",
            f"{without:.1f}",
            f"{ratios[kind]:.1f}",
            " · ".join(f"{count:,}" for count in found),
        )
    for kind, ratio in ratios.items():
        report.target(f"without / with index, {kind}", ratio, 10, True)


INDEXES = ("name_trigram", "identifier_trigram", "chars")


def _compare_search(database, words):
    with environment(database) as env:
        partners = env["res.partner"]
        with_index, found = _search(partners, words)
        for index in INDEXES:
            env.cr.execute(f"DROP INDEX res_partner_key_account_{index}_idx")
        narrow = env.registry["res.partner"]._key_account_narrow
        env.registry["res.partner"]._key_account_narrow = lambda *args: None
        try:
            without, same = _search(partners, words)
        finally:
            env.registry["res.partner"]._key_account_narrow = narrow
        if found != same:
            raise RuntimeError(f"other rows without the index: {found} {same}")
        env.cr.rollback()
    return with_index, without, found


def _search(partners, words):
    times, found = [], []
    for word in words:
        domain = [*CUSTOMERS, ("complete_name", "ilike", word)]
        for turn in range(6):
            start = time.perf_counter()
            partners.search(domain, limit=80)
            count = partners.search_count(domain, limit=10001)
            if turn:
                times.append(1000 * (time.perf_counter() - start))
        found.append(count)
    return statistics.median(times), found


def bench_form(report, database, customers):
    """Queries of web_read of the whole form, one customer, more and more bills."""
    report.section(
        f"(c) Opening a customer's form, {customers:,} customers",
        "web_read of every field of the form as its department's head, caches empty; "
        "the number of SQL queries.",
        "bills of the customer",
        "queries",
        "ms",
    )
    counts = []
    for bills in (0, 12, 120, 1200):
        _add_bills(database, bills)
        with environment(database, "bm_head_1") as env:
            fields = specification(env, "res.partner", "form", FORM)
            customer = _customer(env)
            customer.web_read(fields)  # record rules and other caches of the process
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            customer.web_read(fields)
            counts.append(env.cr.sql_log_count - before)
            elapsed = 1000 * (time.perf_counter() - start)
        report.row(f"{bills:,}", counts[-1], f"{elapsed:.0f}")
    report.target("queries with 1,200 bills / with 12", counts[-1] / counts[1], 1)


def _customer(env):
    code = people.code(10 * people.DEPARTMENTS)
    return env["res.partner"].search([("key_account_code", "=", code)])


def _add_bills(database, count):
    with environment(database) as env:
        customer = _customer(env)
        env.cr.execute(
            "DELETE FROM key_account_payment WHERE partner_id = %s", [customer.id]
        )
        env.cr.execute(
            "DELETE FROM key_account_bill WHERE partner_id = %s", [customer.id]
        )
        env["key.account.bill"].create(
            [
                {
                    "name": f"FORM{number}",
                    "partner_id": customer.id,
                    "period": f"{2026 - number % 12 // 6}-{number % 12 + 1:02}-01",
                    "date_bill": "2026-01-31",
                    "date_due": "2026-02-28",
                    "amount": 10,
                }
                for number in range(count)
            ]
        )
        env.cr.commit()
