"""Where a result was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from databases import connect


def describe():
    connection = connect("postgres")
    cursor = connection.cursor()
    cursor.execute("SHOW server_version")
    [postgres] = cursor.fetchone()
    connection.close()
    from odoo.release import version

    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GiB, {model}",
        "load at the start": "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg()),
        "versions": f"Odoo {version}, PostgreSQL {postgres.split()[0]}, "
        f"Python {platform.python_version()}",
    }


def _commit():
    here = Path(__file__).parent
    done = subprocess.run(
        ["git", "-C", here, "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"
