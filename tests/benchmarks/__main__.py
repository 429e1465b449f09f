"""Measures the suite's promises of speed, as ratios within one run.

    ./dev bench [--sizes 10000,100000] [--bills 1000000] [--only feed,…] [--keep]

In databases of its own, which it drops at the end. Takes about half an hour; with
smaller sizes a few minutes. The tables are printed as they come and, after a complete
run, written to RESULTS.md. It ends with 1 when a promise was not kept.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import bench_arrears
import bench_assignment
import bench_cards
import bench_change_log
import bench_feed
import bench_grade
import bench_log_search
import bench_plan
import bench_points
import bench_screens
import bench_service
import machine
import organisation
from databases import analyse, build, drop, environment, exists
from report import Report

LOG_CUSTOMERS = int(os.environ.get("KA_BENCH_LOG") or 20_000)
PARTS = (
    "feed",
    "bills",
    "lists",
    "search",
    "form",
    "log",
    "log_search",
    "cards",
    "points",
    "service",
    "grade",
    "arrears",
    "plan",
    "assignment",
)
NEEDS_CUSTOMERS = {"bills", "lists", "search", "form"}


def main():
    options = _parse()
    _start_odoo()
    base = os.environ.get("KA_DB") or "key_account_bench"
    full = f"{base}_full"
    report = Report(machine.describe())
    sizes = [int(size) for size in options.sizes.split(",")]
    if not options.keep or not exists(base):
        _make(base)
    only = set(options.only)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if "feed" in options.only or (not exists(full) and NEEDS_CUSTOMERS & only):
            bench_feed.bench_customers(report, base, sizes, options.repeats, folder)
        if "bills" in only:
            bench_feed.bench_bills(report, full, options.bills, sizes[-1], folder)
        if NEEDS_CUSTOMERS & only:
            _bench_screens(report, options.only, full, sizes[-1])
        _bench_batches(report, only, base, options, folder)
    if not options.keep:
        for database in (base, full):
            drop(database)
    return _finish(report, options)


def _bench_batches(report, only, base, options, folder):
    """Parts that need the organisation alone, each in a clone of its own."""
    sizes = [int(size) for size in options.sizes.split(",")]
    if "service" in only:
        bench_service.bench_service(report, base, options.requests, folder)
    if "points" in only:
        bench_points.bench_points(report, base, sizes)
    if "grade" in only:
        bench_grade.bench_grade(report, base, sizes, options.repeats)
    if "arrears" in only:
        bench_arrears.bench_arrears(report, base, sizes, options.repeats)
    if "plan" in only:
        bench_plan.bench_plan(report, base, sizes, options.repeats)
    if "log" in only:
        bench_change_log.bench_log(report, base, LOG_CUSTOMERS, options.repeats, folder)
    if "log_search" in only:
        bench_log_search.bench_log_search(report, base)
    if "assignment" in only:
        bench_assignment.bench_assignment(report, base)
    if "cards" in only:
        bench_cards.bench_cards(report, base, sizes[-1], options.repeats)


def _parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--bills", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS), type=lambda s: s.split(","))
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    return parser.parse_args()


def _start_odoo():
    from odoo.tools import config

    config.parse_config(["--log-level=error", "--no-http"])


def _make(base):
    print(f"building {base} …", flush=True)
    for database in (base, f"{base}_full"):
        drop(database)
    build(base)
    with environment(base) as env:
        organisation.build(env)
    analyse(base)


def _bench_screens(report, only, full, customers):
    if {"lists", "search", "form"} & set(only):
        analyse(full)
    for part in ("lists", "search", "form"):
        if part in only:
            getattr(bench_screens, f"bench_{part}")(report, full, customers)


def _finish(report, options):
    report.say("")
    if report.missed:
        report.say("Missed: " + "; ".join(report.missed) + ".")
    else:
        report.say("Every promise was kept.")
    if set(options.only) == set(PARTS):
        report.save()
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
