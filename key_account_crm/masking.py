# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How private values look to those who may know only that they exist (ORG-21)."""

HIDDEN = "•••"
STAR = "*"


def mask_tail(text, head=0, tail=4):
    """Show the ends of a long text, and next to nothing of a short one.

    >>> mask_tail("310101198006121234")
    '**************1234'
    >>> mask_tail("13812345678", head=3)
    '138****5678'
    >>> mask_tail("1234567"), mask_tail("123"), mask_tail("")
    ('******7', '***', '')
    """
    if len(text) < head + tail + 4:
        head, tail = 0, len(text) // 4
    shown = text[len(text) - tail :]
    return text[:head] + STAR * (len(text) - head - tail) + shown


def mask_date(date):
    """Show the month, by which greetings are planned.

    >>> import datetime
    >>> mask_date(datetime.date(1980, 6, 12))
    '****-06-**'
    """
    return f"****-{date.month:02}-**"


def is_masked(text):
    """Whether a text comes from a masked field and not from somebody who knows it.

    >>> is_masked("138****5678"), is_masked("•••"), is_masked("13812345678")
    (True, True, False)
    """
    return STAR in text or HIDDEN in text


def mask_name(text):
    """Show the first character of each word of a name.

    >>> mask_name("王小明"), mask_name("Ada  Lovelace"), mask_name(None)
    ('王**', 'A** L*******', '')
    """
    words = (text or "").split()
    return " ".join(word[0] + STAR * (len(word) - 1) for word in words)
