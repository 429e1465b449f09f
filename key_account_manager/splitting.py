# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Splitting a figure by shares so that the parts add up to it again: no database."""

from decimal import Decimal


def split(total, weights, step="0.01"):
    """Parts of a total in proportion to weights, each a multiple of the step.

    What is left after rounding down goes to the largest remainders, the first of equal
    ones. Weights below zero count as none; where nobody has any, all are equal. The
    parts of a total that is itself a multiple of the step always add up to it.

    >>> [str(part) for part in split(100, [1, 1, 1])]
    ['33.34', '33.33', '33.33']
    >>> [str(part) for part in split(7, [2, 1, 0, -5], step="1")]
    ['5', '2', '0', '0']
    >>> [str(part) for part in split(-10, [0, 0, 0], step="1")]
    ['-4', '-3', '-3']
    >>> split(5, [])
    []
    """
    if not weights:
        return []
    step = Decimal(step)
    units = to_units(total, step)
    parts = _share_out(abs(units), _clean(weights))
    sign = -1 if units < 0 else 1
    return [sign * part * step for part in parts]


def to_units(value, step):
    """How many steps a value is, rounded half away from zero.

    >>> to_units(0.125, Decimal("0.01"))
    13
    """
    return int((Decimal(str(value)) / step).to_integral_value("ROUND_HALF_UP"))


def _clean(weights):
    exact = [max(Decimal(str(weight)), Decimal(0)) for weight in weights]
    return exact if sum(exact) else [Decimal(1)] * len(exact)


def _share_out(units, weights):
    whole = sum(weights)
    shares = [units * weight / whole for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(
        range(len(weights)),
        key=lambda place: (parts[place] - shares[place], place),
    )
    # Those without a weight have no remainder either: they come last.
    for place in by_remainder[: units - sum(parts)]:
        parts[place] += 1
    return parts
