# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Card numbers: text that keeps its leading zeros, in ranges, with a check digit."""

import re

# Letters before the digits that are counted; the whole is what is printed and typed.
NUMBER = re.compile(r"([A-Z]{0,8})([0-9]{4,24})")


def normalise(text):
    """How a number is compared: without the spaces and hyphens of print, in capitals.

    >>> normalise(" 0086 1000-0001 "), normalise("vip0001"), normalise(None)
    ('008610000001', 'VIP0001', '')
    """
    return re.sub(r"[\s-]+", "", text or "").upper()


def split(number):
    """The letters and the digits of a number, or None where it is none.

    >>> split("VIP000120"), split("000120"), split("12"), split("12A34")
    (('VIP', '000120'), ('', '000120'), None, None)
    """
    found = NUMBER.fullmatch(number)
    return found and found.groups()


def check_digit(digits):
    """The digit that the Luhn formula appends.

    >>> check_digit("7992739871"), check_digit("0000")
    ('3', '0')
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def has_check_digit(number):
    """Whether the last digit is the right one.

    >>> has_check_digit("79927398713"), has_check_digit("79927398710")
    (True, False)
    """
    found = split(number)
    return bool(found) and check_digit(found[1][:-1]) == found[1][-1]


def count(first, last):
    """How many numbers a range holds; 0 where it is no range.

    >>> count("VIP0001", "VIP0010"), count("0001", "00010"), count("A0001", "B0002")
    (10, 0, 0)
    """
    one, other = split(first), split(last)
    if not one or not other or one[0] != other[0] or len(one[1]) != len(other[1]):
        return 0
    return max(int(other[1]) - int(one[1]) + 1, 0)


def iterate(first, last, with_check_digit=False):
    """The numbers of a range in order.

    >>> list(iterate("VIP0009", "VIP0011"))
    ['VIP0009', 'VIP0010', 'VIP0011']
    >>> list(iterate("799273987", "799273988", True))
    ['7992739875', '7992739883']
    """
    letters, digits = split(first)
    for number in range(int(digits), int(digits) + count(first, last)):
        text = f"{number:0{len(digits)}}"
        yield letters + text + (check_digit(text) if with_check_digit else "")
