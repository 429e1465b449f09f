# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clock of a request: what its ledger says, by whatever calendar and limit.

Needs neither Odoo nor a database. The ledger is the truth: which limit or calendar is
asked for is no part of the clock, so that the answers are as exact after a standard or
a calendar changed as they were before, and cost as much as there are pauses.
"""

# What happened -> (state before, state after).
STEPS = {
    "start": ("idle", "running"),
    "pause": ("running", "paused"),
    "resume": ("paused", "running"),
    "stop": ("running", "stopped"),
    "reopen": ("stopped", "running"),
}
STATES = ("idle", "running", "paused", "stopped")


class ClockError(ValueError):
    """A step that does not follow from the state, or that lies before the last one."""


class Clock:
    """Started, paused, resumed, stopped: the periods in which it ran.

    >>> from datetime import datetime
    >>> from .working_time import AroundTheClock
    >>> at = lambda hour: datetime(2026, 1, 15, hour)
    >>> clock = Clock([("start", at(8)), ("pause", at(10)), ("resume", at(13))])
    >>> clock.state, clock.elapsed(AroundTheClock(), at(14)) // 3600
    ('running', 3)
    >>> clock.deadline(AroundTheClock(), 4 * 3600)
    datetime.datetime(2026, 1, 15, 15, 0)
    >>> clock.step("pause", at(14)).deadline(AroundTheClock(), 4 * 3600) is None
    True
    >>> clock.step("stop", at(15)).is_met(AroundTheClock(), 2 * 3600)
    False
    """

    def __init__(self, steps=()):
        self.state = "idle"
        self.last = None
        # (start, end) of each period; the end of one that still runs is None.
        self.runs = []
        for kind, moment in steps:
            self._take(kind, moment)

    def step(self, kind, moment):
        """Take a step more, and give back the clock."""
        self._take(kind, moment)
        return self

    def _take(self, kind, moment):
        if kind == "stop" and self.state == "paused":
            before, after = "paused", "stopped"
        else:
            before, after = STEPS[kind]
        if self.state != before:
            raise ClockError(f"{kind} of a clock that is {self.state}")
        if self.last is not None and moment < self.last:
            raise ClockError(f"{kind} at {moment}, before {self.last}")
        if after == "running":
            self.runs.append((moment, None))
        elif self.state == "running":
            self.runs[-1] = self.runs[-1][0], moment
        self.state, self.last = after, moment

    def elapsed(self, hours, now):
        """Seconds of service used up by an instant."""
        used = 0
        for start, end in self.runs:
            if start >= now:
                break
            used += hours.between(start, min(end or now, now))
        return used

    def deadline(self, hours, limit):
        """When the limit is, or was, used up; None while the clock stands before that
        (or where the service never opens again).

        A clock that stopped in time says when the limit would have been used up.
        """
        left = limit
        for start, end in self.runs:
            if end is None:
                return hours.after(start, left)
            used = hours.between(start, end)
            if used >= left:
                moment = hours.after(start, left)
                if moment < end:
                    return moment
            left -= used
        if self.state == "stopped":
            return hours.after(self.last, left)
        return None

    def is_met(self, hours, limit):
        """Whether it stopped by its deadline: exactly then is in time."""
        deadline = self.deadline(hours, limit)
        return self.state == "stopped" and (not deadline or self.last <= deadline)
