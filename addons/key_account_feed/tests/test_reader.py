# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
import io

from odoo.tests import BaseCase, tagged

from .. import naming, reader
from ..layout import BILL, CUSTOMER, RECORDS
from ..reader import BadRow, Reader, UnreadableError, detect_encoding
from .common import customer


@tagged("post_install", "-at_install")
class TestReader(BaseCase):
    """Encodings, record ends, escapes: what is staged and what is refused (DX-05)."""

    def _read(self, content, **kwargs):
        found = Reader(io.BytesIO(content), {"C": CUSTOMER}, **kwargs)
        return "".join(text for _letter, text in found.chunks()), found.bad

    def test_examples_in_the_documentation_hold(self):
        for module in (naming, reader):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_clean_row_is_staged_as_it_came(self):
        text, bad = self._read(customer("1", name="大客户").encode() + b"\r\n")
        self.assertEqual(text, "1" + customer("1", name="大客户")[1:] + "\n")
        self.assertFalse(bad)

    def test_gb18030_is_recognised(self):
        row = customer("1", name="大客户局")
        for encoding in ("utf-8", "gb18030", "utf-8-sig"):
            with self.subTest(encoding=encoding):
                text, bad = self._read(row.encode(encoding))
                self.assertIn("大客户局", text)
                self.assertFalse(bad)

    def test_second_byte_of_gb18030_is_no_separator(self):
        name = next(
            chr(code)
            for code in range(0x4E00, 0x9FFF)
            if chr(code).encode("gb18030")[1:] == b"|"
        )
        text, bad = self._read(customer("1", name=name * 3).encode("gb18030"))
        self.assertIn(name * 3, text)
        self.assertFalse(bad)

    def test_one_broken_row_does_not_change_the_encoding(self):
        rows = [customer(str(i), name="大客户").encode() for i in range(5)]
        rows[2] = rows[2][:-30] + b"\xff" + rows[2][-30:]
        self.assertEqual(detect_encoding(io.BytesIO(b"\n".join(rows))), "utf-8")
        text, bad = self._read(b"\n".join(rows))
        self.assertEqual(text.count("\n"), 4)
        self.assertEqual(bad, [BadRow(3, "C", "encoding", "")])

    def test_utf_16_is_refused_as_a_file(self):
        with self.assertRaises(UnreadableError) as caught:
            detect_encoding(io.BytesIO(customer("1").encode("utf-16")))
        self.assertEqual(caught.exception.code, "21")

    def test_what_cannot_be_staged_is_refused_with_its_row(self):
        cases = {
            "columns": customer("1") + "|",
            "letter": "X|1",
            "control": customer("1", name="a\x00b"),
            "escape": customer("1", name="a\\x41"),
            "line_long": customer("1", name="x" * 70_000),
        }
        for code, row in cases.items():
            with self.subTest(code=code):
                _text, bad = self._read(f"{customer('0')}\n{row}".encode())
                self.assertEqual([(b.row, b.code) for b in bad], [(2, code)])

    def test_end_of_copy_and_other_hostile_rows_do_no_harm(self):
        for row in ("\\.", "C\\.", "", "|", "C|", "C|\\", "\\N"):
            with self.subTest(row=row):
                text, bad = self._read(row.encode() + b"\n")
                self.assertFalse(text)
                self.assertEqual(len(bad), 1)

    def test_escapes_are_those_of_copy(self):
        text, bad = self._read(customer("1", name="a\\|b\\\\c\\nd").encode())
        self.assertIn("|a\\|b\\\\c\\nd|", text)
        self.assertFalse(bad)

    def test_reasons_of_a_downloaded_row_are_not_read(self):
        row = customer("1")
        text, _bad = self._read(f"{row}|#!|1|any | reason".encode())
        self.assertEqual(text, "1" + row[1:] + "\n")

    def test_second_part_goes_on_counting(self):
        text, _bad = self._read(customer("1").encode(), first_row=42)
        self.assertTrue(text.startswith("42|"))

    def test_letters_are_those_of_the_interface(self):
        found = Reader(io.BytesIO(customer("1").encode()), {"B": BILL})
        self.assertFalse(list(found.chunks()))
        self.assertEqual(found.bad[0].code, "letter")
        self.assertEqual(set(RECORDS), set("CKNLBP"))
