# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many parts a text message has (3GPP TS 23.038, 23.040).

>>> count("Hello")
Parts(encoding='gsm7', units=5, parts=1)
>>> count("您好")
Parts(encoding='ucs2', units=2, parts=1)
>>> count("a" * 161).parts, count("欠" * 70).parts, count("欠" * 71).parts
(2, 1, 2)
>>> count("€" * 81).parts  # two units each, never cut in two
2
>>> count("")
Parts(encoding='gsm7', units=0, parts=0)
"""

from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
# encoding: (units of a message alone, units of each part of several)
LIMITS = {"gsm7": (160, 153), "ucs2": (70, 67)}


class Parts(NamedTuple):
    encoding: str
    units: int
    parts: int


def count(text):
    """The smallest alphabet that holds the text, its length in it, and its parts."""
    encoding = "gsm7" if set(text) <= BASIC | EXTENDED else "ucs2"
    widths = [_width(character, encoding) for character in text]
    units = sum(widths)
    alone, each = LIMITS[encoding]
    if units <= alone:
        return Parts(encoding, units, min(units, 1))
    return Parts(encoding, units, _pack(widths, each))


def _width(character, encoding):
    if encoding == "gsm7":
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _pack(widths, size):
    """Parts of ``size`` units when no character may be cut in two."""
    parts, used = 1, 0
    for width in widths:
        if used + width > size:
            parts, used = parts + 1, 0
        used += width
    return parts
