"""The table at the end of ./dev test, from jobs.tsv and what the jobs left beside it:
their results (junit) and the processor time of their processes (`times` of the shell).

A process that was killed instead of waited for, as browsers do with theirs, is missing
in the processor time; PostgreSQL's is told apart, since all jobs share its server.
"""

import argparse
import os
import re
from pathlib import Path
from xml.etree import ElementTree

KEYS = ("tests", "failures", "errors", "skipped")
SLOWEST = 15


class Job:
    """A line of jobs.tsv with what is found under the job's name."""

    def __init__(self, folder, line):
        self.name, status, seconds = line.split("\t")
        self.failed, self.seconds = int(status) != 0, int(seconds)
        path = folder / self.name.replace(" ", "-")
        self.suites = read_suites(path.with_name(f"{path.name}.xml"))
        self.processor = read_times(path.with_name(f"{path.name}.times"))

    @property
    def counts(self):
        """Tests, failures and errors, skipped; nothing where pytest did not run."""
        if self.suites is None:
            return None
        count = {key: sum(int(s.get(key, 0)) for s in self.suites) for key in KEYS}
        return count["tests"], count["failures"] + count["errors"], count["skipped"]

    def cases(self):
        for suite in self.suites or ():
            for case in suite.iter("testcase"):
                name = f"{case.get('classname')}::{case.get('name')}"
                yield float(case.get("time", 0)), name


def read_suites(path):
    return list(ElementTree.parse(path).iter("testsuite")) if path.exists() else None


def read_times(path):
    """Seconds of all processes that a shell has waited for: the last two figures."""
    text = path.read_text("utf-8").replace(",", ".") if path.exists() else ""
    figures = re.findall(r"(\d+)m([\d.]+)s", text)[-2:]
    return round(sum(60 * int(minutes) + float(rest) for minutes, rest in figures))


def row(name, counts, seconds, processor, remark=""):
    numbers = "".join(f"{n:>9}" for n in counts or "---")
    return f"{name:<40}{numbers}{seconds:>9}{processor:>9}  {remark}".rstrip()


def print_jobs(jobs, postgres, budget):
    total = sum(job.processor for job in jobs) + postgres
    print("\n" + row("job", ("tests", "failed", "skipped"), "seconds", "cpu"))
    for job in jobs:
        remarks = ["FAILED"] if job.failed else []
        share = round(100 * job.processor / max(total, 1))
        if len(jobs) > 3 and share > budget:
            remarks.append(f"{share} % of the whole, more than {budget} %")
        print(row(job.name, job.counts, job.seconds, job.processor, ", ".join(remarks)))
    print(row("PostgreSQL", None, "", postgres))
    counted = [job.counts for job in jobs if job.counts]
    sums = [sum(column) for column in zip(*counted, strict=True)]
    print(row("", sums, "", total))
    return total


def print_slowest(jobs):
    cases = sorted((case for job in jobs for case in job.cases()), reverse=True)
    print("\nslowest tests, with what is set up for them")
    for seconds, name in cases[:SLOWEST]:
        print(f"{seconds:>9.1f}  {name}")


def main(folder, wall, postgres, budget):
    lines = (folder / "jobs.tsv").read_text("utf-8").splitlines()
    jobs = [Job(folder, line) for line in lines]
    total = print_jobs(jobs, postgres, budget)
    if len(jobs) > 1:
        print_slowest(jobs)
        share = round(100 * total / max(wall * os.cpu_count(), 1))
        print(f"\n{wall} s, {share} % of {os.cpu_count()} cores")
    bad = [job.name for job in jobs if job.failed]
    print(f"\nFAILED: {', '.join(bad)}; logs: {folder}" if bad else "\nall passed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for option in ("--wall", "--postgres", "--budget"):
        parser.add_argument(option, type=int, default=0)
    main(**vars(parser.parse_args()))
