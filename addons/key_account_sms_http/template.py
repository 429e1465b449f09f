# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts with places for values: ``{number}``, ``{secret:password}``. Nothing else.

A template cannot compute, look anything up or call. What is put in is never looked at
again, so that a message that reads "{secret:password}" stays what it is.

>>> fill("to={number}&m={text}", {"number": "+86 1", "text": "{number}"})
'to=+86 1&m={number}'
>>> fill_json('{"to": "{number}", "n": "{int:parts}"}', {"number": '1"', "parts": 2})
{'to': '1"', 'n': 2}
>>> unknown("{number} {password}")
['password']
"""

import json
import re
from xml.sax.saxutils import escape

VARIABLE = re.compile(r"\{(?:(secret|int):)?([a-z][a-z0-9_]*)\}")
# Per message; the last three in what is signed only.
MESSAGE = (
    "text number numbers uuid parts account sender timestamp timestamp_ms datetime "
    "nonce report_url signature"
).split()
SIGNED = ["fields", "fields_encoded", "body"]
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def used(template):
    """Names of the variables in a template; secrets with their prefix."""
    return {
        f"secret:{name}" if kind == "secret" else name
        for kind, name in VARIABLE.findall(template or "")
    }


def secrets(template):
    return {n.partition(":")[2] for n in used(template) if n.startswith("secret:")}


def unknown(template, allowed=MESSAGE):
    """Variables that do not exist, sorted."""
    names = {name for name in used(template) if not name.startswith("secret:")}
    return sorted(names - set(allowed))


def fill(template, values, quote=str):
    """Put the values in, each as ``quote`` writes it."""
    return VARIABLE.sub(lambda match: quote(_text(_value(match, values))), template)


def _value(match, values):
    kind, name = match.groups()
    return values[f"secret:{name}" if kind == "secret" else name]


def _text(value):
    return ",".join(value) if isinstance(value, list) else str(value)


def fill_json(template, values):
    """The object of a JSON template: values fill its texts, never its structure."""
    return _fill_leaves(json.loads(template), values)


def _fill_leaves(part, values):
    if isinstance(part, dict):
        return {name: _fill_leaves(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_fill_leaves(value, values) for value in part]
    if not isinstance(part, str):
        return part
    whole = VARIABLE.fullmatch(part)
    if whole and whole.group(1) == "int":
        return int(_value(whole, values))
    if whole and isinstance(_value(whole, values), list):
        return _value(whole, values)
    return fill(part, values)


def fill_xml(template, values):
    """For element texts and attributes: no value opens or closes either."""
    entities = {'"': "&quot;", "'": "&apos;"}
    return fill(template, values, lambda text: escape(NOT_XML.sub("", text), entities))
