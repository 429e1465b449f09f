# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads the rows of a data file and hands them to PostgreSQL as they are.

A record is written with the escapes of COPY's text format, so that a clean row goes
into the staging table unchanged, one regular expression per row; only a row with a
backslash is taken apart. A row that cannot be read becomes a refusal with its number.
"""

import re
from itertools import islice
from typing import NamedTuple

from .layout import CLEAR, MARKER, SEPARATOR

MAX_LINE = 65_536
CHUNK = 20_000
ENCODINGS = ("utf-8", "gb18030")
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\x84\x31\x95\x33": "gb18030"}
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What no name contains; tab and the rest would also end a field of COPY.
CONTROL = re.compile("[\x00-\x1f\x7f]")
ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
ESCAPED = {"\\": "\\", "|": "|", "n": "\n", "r": "\r", "t": "\t"}
# Stands in the staging tables for "empty this value"; no row may contain it.
CLEARED = "\x01"


class BadRow(NamedTuple):
    """A row that cannot be staged: its number, letter, the code of the error."""

    row: int
    letter: str
    code: str
    value: str


class UnreadableError(Exception):
    """The file as a whole cannot be read; carries its file-level code."""

    def __init__(self, code, value=""):
        super().__init__(code)
        self.code = code
        self.value = value


def detect_encoding(stream):
    """utf-8 or gb18030; the stream is read once and put back to its beginning.

    A single broken character does not turn a UTF-8 file into a GB18030 one, whose bytes
    are nearly always legal: what most lines with foreign characters are decides.

    >>> from io import BytesIO
    >>> detect_encoding(BytesIO("C|大客户\\n".encode("gb18030")))
    'gb18030'
    >>> detect_encoding(BytesIO("C|大客户\\n".encode()))
    'utf-8'
    """
    start = stream.read(4)
    stream.seek(0)
    if start[:2] in WIDE_BOMS:
        raise UnreadableError("21")
    for bom, encoding in BOMS.items():
        if start.startswith(bom):
            return encoding
    good = bad = 0
    for line in iterate_lines(stream):
        if not line.isascii():
            if _decodes(line, "utf-8"):
                good += 1
            else:
                bad += 1
    stream.seek(0)
    return "gb18030" if bad > good else "utf-8"


def iterate_lines(stream):
    """Lines as bytes without their end; a line without end is refused, not read."""
    for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE * 16), b"")):
        if len(line) >= MAX_LINE * 16 and not line.endswith(b"\n"):
            raise UnreadableError("11", str(number + 1))
        yield line.rstrip(b"\r\n")


def _decodes(line, encoding):
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def normalise_escapes(line):
    r"""The line with clearing marks replaced, None when an escape is unknown.

    >>> normalise_escapes("C|a\\|b|\\N") == "C|a\\|b|" + CLEARED
    True
    >>> normalise_escapes("a\\|b"), normalise_escapes("a\\x41")
    ('a\\|b', None)
    """
    for found in ESCAPE.finditer(line):
        if found[1] not in ESCAPED and found[1] != "N":
            return None
    fields = [CLEARED if field == CLEAR else field for field in split_escaped(line)]
    if any(re.search(r"(?<!\\)(\\\\)*\\N", field) for field in fields):
        return None
    return SEPARATOR.join(fields)


def split_escaped(line):
    r"""Fields of a line, still escaped; a separator after a backslash is text.

    >>> split_escaped("a|b\\|c|\\\\|d")
    ['a', 'b\\|c', '\\\\', 'd']
    """
    return (
        re.findall(r"(?:^|(?<=\|))((?:[^|\\]|\\.)*)(?:\||$)", line)
        if ("\\" in line)
        else line.split(SEPARATOR)
    )


class Reader:
    """One data file: decodes, numbers and sorts its rows by record type."""

    def __init__(self, stream, records, encoding=None, first_row=1):
        """
        :param stream: the data file, binary and seekable
        :param records: map of the letters of the interface to their ``Record``
        :param first_row: number of the first row, above 1 for a further part
        """
        self.stream = stream
        self.separators = {
            letter: len(record.columns) for letter, record in records.items()
        }
        self.optional = {letter: record.optional for letter, record in records.items()}
        self.encoding = encoding or detect_encoding(stream)
        self.next_row = first_row
        self.bad = []

    def chunks(self):
        """Pairs of letter and COPY text of a few thousand rows, in the file's order."""
        for lines in self._batches():
            texts = {letter: [] for letter in self.separators}
            for row, line in enumerate(lines, self.next_row):
                self._sort(row, line, texts)
            self.next_row += len(lines)
            for letter, rows in texts.items():
                if rows:
                    yield letter, "\n".join(rows) + "\n"

    def _batches(self):
        lines = iterate_lines(self.stream)
        while batch := list(islice(lines, CHUNK)):
            yield self._decode(batch)

    def _decode(self, batch):
        """Decoded lines; one that is not in the file's encoding comes as bytes."""
        if self.next_row == 1 or batch[0][:4] in BOMS:
            for bom in BOMS:
                batch[0] = batch[0].removeprefix(bom)
        try:
            return b"\n".join(batch).decode(self.encoding).split("\n")
        except UnicodeDecodeError:
            return [
                line.decode(self.encoding) if _decodes(line, self.encoding) else line
                for line in batch
            ]

    def _sort(self, row, line, texts):
        if isinstance(line, bytes):
            self._refuse(row, line.decode("latin-1")[:1], "encoding", "")
            return
        if MARKER in line:
            line = line[: line.index(MARKER)]
        letter = line[:1]
        code = self._find_error(line, letter)
        missing = 0
        if code is None:
            code, line, missing = self._take(line, letter)
        if code:
            self._refuse(row, letter, code, self._describe(code, line))
        else:
            texts[letter].append(f"{row}{line[1:]}{SEPARATOR * missing}")

    def _find_error(self, line, letter):
        if len(line) > MAX_LINE:
            return "line_long"
        if CONTROL.search(line):
            return "control"
        if letter not in self.separators or line[1:2] != SEPARATOR:
            return "letter"
        return None

    def _take(self, line, letter):
        """Error, line for COPY, number of optional fields it leaves out at its end."""
        count = line.count(SEPARATOR)
        if "\\" in line:
            clean = normalise_escapes(line)
            if clean is None:
                return "escape", line, 0
            line, count = clean, len(split_escaped(clean)) - 1
        missing = self.separators[letter] - count
        if 0 <= missing <= self.optional[letter]:
            return None, line, missing
        return "columns", line, 0

    def _describe(self, code, line):
        if code == "columns":
            return str(len(split_escaped(line or "")))
        return (line or "")[:1] if code == "letter" else ""

    def _refuse(self, row, letter, code, value):
        letter = letter if letter in self.separators else ""
        self.bad.append(BadRow(row, letter, code, CONTROL.sub("?", value)))


def count_rows(stream):
    """Rows and bytes of a data file: a last line without end counts."""
    rows = size = 0
    last = b"\n"
    for block in iter(lambda: stream.read(1 << 20), b""):
        rows += block.count(b"\n")
        size += len(block)
        last = block[-1:]
    stream.seek(0)
    return rows + (last != b"\n"), size


def has_record_end(stream):
    """Whether records end in LF or CR LF: a file with bare CR has one endless line."""
    start = stream.read(MAX_LINE * 16)
    stream.seek(0)
    return b"\n" in start or b"\r" not in start.rstrip(b"\r")
