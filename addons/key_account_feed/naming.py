# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of a branch's files, and what its control file says (DX-05, domain 2.12)."""

import re
from datetime import date, datetime
from typing import NamedTuple

INTERFACES = {"01001": "customer", "05001": "bill"}
# a: what changed since the last file; i, s: the same of everything (first time, audit).
KINDS = {"01001": "ai", "05001": "as"}
MAX_BYTES = 2_000_000_000

PERIODS = r"\d{10}|\d{8}|\d{6}"
NAME = re.compile(
    rf"(?P<kind>[a-z])_(?P<city>\d{{5}})_(?P<period>{PERIODS})_(?P<interface>\d{{5}})"
    r"_(?P<revision>\d{2})(?:_(?P<part>\d{3}))?\.(?P<suffix>dat|verf)"
)
PERIOD_FORMATS = {6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H"}


class FileName(NamedTuple):
    """The name of a data file, or of a control file when it has no part."""

    kind: str
    city: str
    period: str
    interface: str
    revision: int
    part: str | None

    @property
    def series(self):
        """What all transmissions of the same kind, branch, period and interface share.

        >>> parse_name("a_13100_20260131_01001_02_001.dat").series
        'a_13100_20260131_01001'
        """
        return f"{self.kind}_{self.city}_{self.period}_{self.interface}"

    @property
    def stem(self):
        """Series and re-transmission number: the name without part and suffix."""
        return f"{self.series}_{self.revision:02}"

    @property
    def day(self):
        return parse_period(self.period)


class ControlLine(NamedTuple):
    """What the control file says of one data file."""

    name: str
    size: int
    rows: int
    period: str


def parse_name(name):
    """The parts of a file name, or None when it is not one of ours.

    >>> parse_name("a_13100_20260131_01001_00_001.dat").part
    '001'
    >>> parse_name("a_13100_20260131_01001_00.verf").revision
    0
    >>> parse_name("a_13100_20260131_01001_00.dat") is None
    True
    >>> parse_name("../a_13100_20260131_01001_00_001.dat") is None
    True
    """
    match = NAME.fullmatch(name or "")
    if not match or (match["part"] is None) != (match["suffix"] == "verf"):
        return None
    return FileName(
        kind=match["kind"],
        city=match["city"],
        period=match["period"],
        interface=match["interface"],
        revision=int(match["revision"]),
        part=match["part"],
    )


def parse_period(text):
    """The first day of a period yyyymm, yyyymmdd or yyyymmddhh, None when illegal.

    >>> parse_period("202602"), parse_period("20260230")
    (datetime.date(2026, 2, 1), None)
    """
    if len(text) not in PERIOD_FORMATS or not text.isascii() or not text.isdigit():
        return None
    try:
        day = datetime.strptime(text, PERIOD_FORMATS[len(text)]).date()
    except ValueError:
        return None
    return day if date(1900, 1, 1) <= day <= date(2099, 12, 31) else None


def parse_control(content):
    """The lines of a control file; None when one of them is malformed (code 16).

    >>> content = b"a_13100_202601_01001_00_001.dat|12|1|202601|20260201020000"
    >>> [(line.size, line.rows) for line in parse_control(content)]
    [(12, 1)]
    >>> parse_control(b"nonsense") is None
    True
    """
    lines = [line for line in content.replace(b"\r\n", b"\n").split(b"\n") if line]
    parsed = [_parse_control_line(line) for line in lines]
    return parsed if parsed and None not in parsed else None


def _parse_control_line(line):
    match = re.fullmatch(
        rb"([\w.]{1,100})\|(\d{1,12})\|(\d{1,12})\|(\d{6,10})\|(\d{14})", line.strip()
    )
    if not match:
        return None
    name, size, rows, period, _created = (group.decode() for group in match.groups())
    return ControlLine(name, int(size), int(rows), period)
