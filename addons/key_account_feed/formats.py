# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the ORM derives of a telephone number and a mail address, for many at once.

Nearly all numbers of a branch are Chinese mobile numbers and nearly all addresses
plain: those are answered by a pattern, the rest by the functions the ORM itself calls.
"""

import re

from odoo.tools import email_normalize

PLAIN_EMAIL = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z0-9-]+(\.[a-z0-9-]+)+")
# The mobile numbers of the numbering plan that phonenumbers accepts as valid.
CHINESE_MOBILE = re.compile(
    r"1740[0-5]\d{6}|1(?:[38]\d|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])\d{8}"
)


def format_emails(env, values, country=None):
    """The normalised address of each value, in order."""
    return [
        value if PLAIN_EMAIL.fullmatch(value) else email_normalize(value) or None
        for value in values
    ]


def format_phones(env, values, country):
    """The number of each value as E.164, None where it is not valid in the country."""
    is_chinese = country.code == "CN"
    format_one = env["res.partner"]._phone_format
    return [
        f"+86{value}"
        if is_chinese and CHINESE_MOBILE.fullmatch(value)
        else format_one(number=value, country=country) or None
        for value in values
    ]
