"""Processor time and time on the clock of a piece of work.

Processor time of this process and of the PostgreSQL backend it used: it says what the
work costs and hardly changes when something else runs on the machine. Ratios are of
processor time; where only a client's waiting can be seen they are of the clock.
"""

import os
import time
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Time:
    """What a measured block took."""

    clock = 0.0
    cpu = 0.0


def cpu_of(pid):
    """Seconds of user and system time of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def measured(*backends):
    """Measure the block; ``backends`` are the process ids of its connections."""
    result = Time()
    cpu = time.process_time() + sum(map(cpu_of, backends))
    clock = time.perf_counter()
    yield result
    result.clock = time.perf_counter() - clock
    result.cpu = time.process_time() + sum(map(cpu_of, backends)) - cpu
