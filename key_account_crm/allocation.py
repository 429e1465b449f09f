# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which credit settles which bill: the proposal a clerk starts from."""

from typing import NamedTuple


class Item(NamedTuple):
    """A credit, or a bill: what is left of it, and what it may be matched with."""

    key: object
    currency: object
    line: object
    date: object
    amount: int  # in the smallest unit of the currency, never below zero


def propose(credits, bills):
    """Set credits against bills, each the oldest first: [(credit, bill, amount)].

    A credit goes to the bills of its own line first, since that is what it usually
    corrects, then to the others; never to a bill in another currency.

    >>> notes = [Item("C1", "CNY", "post", 1, 50), Item("C2", "CNY", "parcel", 2, 70)]
    >>> owed = [Item("B1", "CNY", "parcel", 1, 40), Item("B2", "CNY", "post", 2, 30)]
    >>> propose(notes, owed)
    [('C1', 'B2', 30), ('C1', 'B1', 20), ('C2', 'B1', 20)]
    >>> propose([Item("C1", "USD", "post", 1, 50)], owed)
    []
    """
    left = {bill.key: bill.amount for bill in bills}
    found = []
    for credit in sorted(credits, key=_by_age):
        rest = credit.amount
        for bill in sorted(bills, key=lambda bill: _by_line(credit, bill)):
            amount = min(rest, left[bill.key])
            if amount and bill.currency == credit.currency:
                found.append((credit.key, bill.key, amount))
                left[bill.key] -= amount
                rest -= amount
    return found


def _by_age(item):
    return item.date


def _by_line(credit, bill):
    return bill.line != credit.line, bill.date
