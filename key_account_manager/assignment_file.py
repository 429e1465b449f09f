# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Rows of a file that assigns customers: customer, line, manager. Knows no Odoo."""

import csv
import io
import zipfile

import openpyxl

MOST_ROWS = 200_000
ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableError(Exception):
    """The file is neither a workbook nor text with commas."""


def read(content, name=""):
    """Yield (row number, customer, line, manager) of a workbook or of text.

    The first row is the heading. Cells are text: leading zeros survive where the file
    has them, and whole numbers lose the decimals a spreadsheet gives them.

    >>> list(read(b"customer,line,manager\\n0012,,li\\n\\n0013,L1, wang ", "a.csv"))
    [(2, '0012', '', 'li'), (4, '0013', 'L1', 'wang')]
    >>> list(read("客户,专业,经理\\n0012,,李".encode("gb18030"), "a.csv"))
    [(2, '0012', '', '李')]
    """
    is_workbook = name.lower().endswith((".xlsx", ".xlsm")) or content[:2] == b"PK"
    rows = _read_workbook(content) if is_workbook else _read_text(content)
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise UnreadableError
        texts = [_to_text(cell) for cell in cells[:3]]
        texts += [""] * (3 - len(texts))
        if number > 1 and any(texts):
            yield (number, *texts)


def _read_workbook(content):
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise UnreadableError from error


def _read_text(content):
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError
    if "\0" in text:
        raise UnreadableError
    yield from csv.reader(io.StringIO(text))


def _to_text(cell):
    """
    >>> [_to_text(cell) for cell in (None, 12.0, 12, " 0012 ", 1.5)]
    ['', '12', '12', '0012', '1.5']
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def write(rows):
    """A text file with a heading that spreadsheets of any language open."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode("utf-8-sig")
