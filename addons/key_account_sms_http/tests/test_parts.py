# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import answer, parts, paths, signing, template, transport, vault

GSM = sorted(parts.BASIC)
LONG = sorted(parts.EXTENDED)


def pack(widths, size):
    """The same by another road: the fewest parts, found by trying every cut."""
    best = [0]
    for end in range(1, len(widths) + 1):
        options, used = [], 0
        for start in range(end - 1, -1, -1):
            used += widths[start]
            if used > size:
                break
            options.append(best[start] + 1)
        best.append(min(options))
    return best[-1]


@tagged("post_install", "-at_install")
class TestParts(BaseCase):
    def test_examples_in_the_documentation(self):
        for module in (answer, parts, paths, signing, template, transport, vault):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_limits(self):
        for text, encoding, count in (
            ("a" * 160, "gsm7", 1),
            ("a" * 161, "gsm7", 2),
            ("a" * 306, "gsm7", 2),
            ("a" * 307, "gsm7", 3),
            ("[" * 80, "gsm7", 1),
            ("a" * 152 + "[" + "a" * 152, "gsm7", 3),
            ("ç", "ucs2", 1),
            ("款" * 70, "ucs2", 1),
            ("款" * 71, "ucs2", 2),
            ("款" * 134, "ucs2", 2),
            ("款" * 135, "ucs2", 3),
            ("😀" * 35, "ucs2", 1),
            ("😀" * 66, "ucs2", 2),
            ("😀" * 67, "ucs2", 3),
        ):
            with self.subTest(text=text[:3], length=len(text)):
                found = parts.count(text)
                self.assertEqual((found.encoding, found.parts), (encoding, count))

    @given(st.text(st.sampled_from(GSM + LONG), max_size=500))
    @settings(deadline=None, max_examples=60)
    def test_latin_never_cuts_a_character(self, text):
        widths = [2 if character in LONG else 1 for character in text]
        found = parts.count(text)
        self.assertEqual(found.units, sum(widths))
        wanted = pack(widths, 153) if sum(widths) > 160 else min(len(text), 1)
        self.assertEqual(found.parts, wanted)

    @given(st.text(st.sampled_from("款€ab😀𠮷"), max_size=250).map("号".__add__))
    @settings(deadline=None, max_examples=60)
    def test_unicode_is_counted_in_utf_16(self, text):
        found = parts.count(text)
        self.assertEqual(found.units, len(text.encode("utf-16-be")) // 2)
        widths = [len(character.encode("utf-16-be")) // 2 for character in text]
        wanted = pack(widths, 67) if found.units > 70 else 1
        self.assertEqual(found.parts, wanted)
