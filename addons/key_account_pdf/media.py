# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which media queries of a style sheet hold on paper of a given width.

WeasyPrint knows media types only and leaves out whatever stands under another query,
columns that a report shows from a certain width on among them. Queries on the width are
therefore decided beforehand and replaced by a type.
"""

import re

QUERY = re.compile(r"@media\s+([^{;]+)\{")
FEATURE = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|em|rem)\s*\)")
PIXELS = {"px": 1, "em": 16, "rem": 16}
TYPES = {"all", "print"}


def decide(style, pixels):
    """The style sheet with each media query as ``all`` or ``not-paper``.

    >>> decide("@media (min-width: 768px) {a{}} @media (min-width:1200px){b{}}", 992)
    '@media all {a{}} @media not-paper {b{}}'
    """

    def replace(match):
        parts = match[1].split(",")
        holds = any(_holds(part, pixels) for part in parts)
        return f"@media {'all' if holds else 'not-paper'} {{"

    return QUERY.sub(replace, style)


def _holds(query, pixels):
    """
    >>> _holds("only print and (max-width: 60em)", 992), _holds("print", 992)
    (False, True)
    >>> _holds("screen", 992), _holds("(prefers-reduced-motion: reduce)", 992)
    (False, False)
    """
    terms = [term.strip().lower() for term in query.split(" and ")]
    return all(_term_holds(term.removeprefix("only "), pixels) for term in terms)


def _term_holds(term, pixels):
    feature = FEATURE.fullmatch(term)
    if not feature:
        return term in TYPES
    bound = float(feature[2]) * PIXELS[feature[3]]
    return pixels >= bound if feature[1] == "min" else pixels <= bound
