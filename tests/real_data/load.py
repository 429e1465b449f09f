"""Loads a public data set through the feed into a database that runs the suite.

    ./dev load online-retail | accounts-receivable | complaints
               [--db DATABASE] [--data FOLDER]

Makes the organisation it needs (city.py), writes the files a branch would send
(feed_files.py), loads them as the operators of three branches, and prints what the
product says beside what was published; it ends with 1 where they differ. Loading the
same again changes nothing.
"""

import argparse
import base64
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from city import City
from feed_files import write_files
from reconcile import print_table, reconcile
from sources import DATASETS

# Odoo is imported inside functions: the tests of this folder do not run inside Odoo,
# and ./dev tells the two kinds apart by their imports.


def main(arguments=None):
    options = _parse(arguments)
    dataset = DATASETS[options.dataset]
    if not dataset.is_at(options.data):
        sys.exit(f"there is no {dataset.path} in {options.data}: set KA_DATA")
    with _timed(f"reading {dataset.path}") as note:
        source = dataset.load(options.data)
        found = {"bills": source.bills, "complaints": source.complaints}
        counts = [f"{len(rows):,} {name}" for name, rows in found.items() if rows]
        note(", ".join([f"{len(source.customers):,} customers", *counts]))
    for reason, count in source.left_out.items():
        print(f"  left out: {count:,} lines {reason}")
    with _environment(options.db) as env:
        _load(env, dataset, source)
    with _environment(options.db) as env:
        lines = reconcile(env, dataset)
    print_table(lines)
    wrong = [line for line in lines if line.difference]
    print(
        f"{len(wrong)} of {len(lines)} figures differ" if wrong else "all figures agree"
    )
    return 1 if wrong else 0


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev load", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("dataset", choices=DATASETS)
    parser.add_argument("--db", default=os.environ.get("KA_DB"), help="the database")
    here = Path(__file__).resolve().parents[2]
    data = os.environ.get("KA_DATA") or here.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(data))
    options = parser.parse_args(arguments)
    if not options.db:
        parser.error("which database? give --db")
    return options


@contextmanager
def _environment(database):
    """A superuser's environment; its work is committed at the end."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    if not config["db_host"]:
        config.parse_config(["--log-level=warn", "--no-http"])
    with Registry(database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        yield env
        _commit(env)


def _commit(env):
    """Commits, and tells the servers of the database to forget what they keep in
    memory (the tree of units, the scopes), as a request does at its end."""
    env.cr.commit()
    env.registry.signal_changes()


def _load(env, dataset, source):
    with _timed("units, lines and users"):
        city = City(env, dataset).build()
        _commit(env)
    with tempfile.TemporaryDirectory() as folder:
        with _timed("writing the files of three branches") as note:
            files = write_files(source, city.names, dataset.currency, Path(folder))
            note(f"{sum(item.rows for item in files):,} rows")
        for item in files:
            feed = _load_files(env, city, item)
            if feed.refused_count and source.complaints:
                _mend(env, city, item, feed, source)
            elif feed.state != "done" or feed.refused_count:
                _complain(feed)


def _load_files(env, city, item):
    """One transmission, sent by the operator of the branch, in its transaction."""
    feeds = env["key.account.feed"].with_user(city.operator(item.company))
    with _timed(f"loading {item.data.name}") as note:
        feed = feeds._load_files(
            city.companies[item.company],
            item.interface,
            item.data,
            control=item.control,
            period=item.period,
        ).sudo()  # the log of the transmission, read for this summary
        note(
            f"{feed.created_count:,} created, {feed.changed_count:,} changed, "
            f"{feed.unchanged_count:,} unchanged, {feed.refused_count:,} refused"
        )
        _commit(env)
    return feed


def _mend(env, city, item, feed, source):
    """Put the number after the highest one where there is none, and send the refused
    rows, as they are downloaded, in a file of the next day."""
    for refusal in feed.refusal_ids:
        print(f"  row {refusal.row}: {refusal.reason} {refusal.remedy}")
    numbers = [int(one.number) for one in source.complaints if one.number.isdigit()]
    rows = base64.b64decode(feed.refused_file).decode().splitlines()
    mended = [
        "|".join(["T", str(max(numbers) + place), *row.split("|")[2:]])
        for place, row in enumerate(rows, 1)
    ]
    day = datetime.strptime(item.period, "%Y%m%d") + timedelta(days=1)
    data = item.data.with_name("mended.dat")
    data.write_text("".join(f"{row}\n" for row in mended), encoding="utf-8")
    period = day.strftime("%Y%m%d")
    item = item._replace(data=data, control=None, period=period)
    feed = _load_files(env, city, item)
    if feed.state != "done" or feed.refused_count:
        _complain(feed)


def _complain(feed):
    for refusal in feed.refusal_ids[:10]:
        print(f"  row {refusal.row}: {refusal.reason} {refusal.remedy}")
    sys.exit(f"{feed.name} is {feed.state}: {feed.file_reason or ''}")


@contextmanager
def _timed(what):
    """Say what is done, how it went and how long it took."""
    notes = []
    print(f"  {what} … ", end="", flush=True)
    start = time.monotonic()
    yield notes.append
    print(f"{' '.join(notes)} ({time.monotonic() - start:.1f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
