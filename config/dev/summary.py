"""The table at the end of ./dev test, from jobs.tsv and the junit files beside it."""

import sys
from pathlib import Path
from xml.etree import ElementTree

KEYS = ("tests", "failures", "errors", "skipped")


def read_counts(path):
    """Tests, failures and errors, skipped; nothing for a job that is no pytest run."""
    if not path.exists():
        return None
    suites = list(ElementTree.parse(path).iter("testsuite"))
    count = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in KEYS}
    return count["tests"], count["failures"] + count["errors"], count["skipped"]


def read_jobs(folder):
    for line in (folder / "jobs.tsv").read_text("utf-8").splitlines():
        job, status, seconds = line.split("\t")
        counts = read_counts(folder / f"{job.replace(' ', '-')}.xml")
        yield job, counts, int(status) != 0, int(seconds)


def row(name, counts, seconds, remark=""):
    numbers = "".join(f"{n:>9}" for n in counts or "---")
    return f"{name:<40}{numbers}{seconds:>9}  {remark}".rstrip()


def main(folder):
    jobs = list(read_jobs(folder))
    print("\n" + row("job", ("tests", "failed", "skipped"), "seconds"))
    for job, counts, failed, seconds in jobs:
        print(row(job, counts, seconds, "FAILED" if failed else ""))
    counted = [counts for _, counts, *_ in jobs if counts]
    print(row("", [sum(column) for column in zip(*counted, strict=True)], ""))
    bad = [job for job, _, failed, _ in jobs if failed]
    print(f"\nFAILED: {', '.join(bad)}; logs: {folder}" if bad else "\nall passed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
