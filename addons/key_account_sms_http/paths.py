# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of JSONPath that gateways need: names and numbers, nothing that computes.

>>> answer = {"code": 0, "list": [{"sid": "7"}, {"sid": "8"}]}
>>> get(answer, "code"), get(answer, "$.list[1].sid"), get(answer, "list.0.sid")
(0, '8', '7')
>>> get(answer, "list[5].sid") is None, get("no object", "code") is None
(True, True)
>>> get(answer, "") == answer
True
"""

import re

STEP = re.compile(r"[^.\[\]]+")
VALID = re.compile(r"(\$|@)?\.?[^.\[\]$@]*((\.[^.\[\]]+)|(\[\d+\]))*")


def get(value, path):
    """What stands at the path, or None."""
    for step in STEP.findall(path.removeprefix("$").removeprefix("@")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and len(step) < 7:
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def is_valid(path):
    return bool(VALID.fullmatch(path or ""))
