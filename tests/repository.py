# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of the repository read: addons, their Python, XML and manifests."""

import ast
import csv
import re
import tokenize
from functools import cache
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(
    path.parent
    for pattern in ("*/__manifest__.py", "addons/*/__manifest__.py")
    for path in ROOT.glob(pattern)
)
# The drawing in the README, as data: addon -> addons of the suite it may stand on.
ARROWS = {
    "key_account_crm": set(),
    "key_account_feed": {"key_account_crm"},
    "key_account_sale": {"key_account_crm"},
    "key_account_survey": {"key_account_crm"},
    "key_account_call_center": {"key_account_crm"},
    "key_account_pdf": set(),
    "key_account_sms_http": set(),
    "key_account_crm_sms": {"key_account_crm"},
    "key_account_service": {"key_account_crm"},
    "key_account_service_feed": {
        "key_account_crm",
        "key_account_feed",
        "key_account_service",
    },
    "key_account_arrears": {"key_account_crm"},
    "key_account_arrears_feed": {
        "key_account_crm",
        "key_account_arrears",
        "key_account_feed",
    },
    "key_account_retention": {"key_account_crm"},
    "key_account_manager": {"key_account_crm"},
    "key_account_manager_arrears": {
        "key_account_crm",
        "key_account_arrears",
        "key_account_manager",
    },
    "key_account_manager_service": {
        "key_account_crm",
        "key_account_manager",
        "key_account_service",
    },
    "key_account_analysis": {
        "key_account_crm",
        "key_account_arrears",
        "key_account_manager",
        "key_account_retention",
        "key_account_service",
    },
}
# The requirement catalogue: group -> number of its last line.
CATALOGUE = {
    "ORG": 21, "FILE": 21, "COL": 9, "GRD": 17, "PTS": 10, "CARD": 9, "SVC": 19,
    "SLA": 7, "CMP": 7, "ARR": 12, "RET": 10, "MGR": 8, "BU": 4, "ASG": 8,
    "PLAN": 6, "TRK": 5, "LOG": 6, "TASK": 6, "REM": 2, "BBS": 4, "APP": 7,
    "STAT": 7, "ANA": 26, "OPS": 4, "SAL": 11, "SAN": 8, "DX": 10, "CALL": 4,
    "QA": 5, "RULE": 4, "SYS": 7,
}  # fmt: skip
CODE = re.compile(r"\b([A-Z]{2,4})-(\d{2})\b")


def manifest(addon):
    return ast.literal_eval(
        "{" + (addon / "__manifest__.py").read_text().partition("{")[2]
    )


def files(addon, *patterns, tests=True):
    """Files of an addon that its repository holds, sorted."""
    found = {path for pattern in patterns for path in addon.rglob(pattern)}
    return sorted(
        path
        for path in found
        if "__pycache__" not in path.parts and (tests or "tests" not in path.parts)
    )


def python_files(addon, tests=True):
    return files(addon, "*.py", tests=tests)


@cache
def tree(path):
    return ast.parse(path.read_text(), str(path))


@cache
def comments(path):
    """Line number -> text of the comment on it."""
    with tokenize.open(path) as source:
        tokens = tokenize.generate_tokens(source.readline)
        return {
            token.start[0]: token.string
            for token in tokens
            if token.type == tokenize.COMMENT
        }


def functions(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def line_count(node):
    """Lines of logic: a text over several lines (a docstring, SQL) counts as one."""
    texts = 0
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            texts += part.end_lineno - part.lineno
    return node.end_lineno - node.lineno + 1 - texts


def models(addon):
    """(file, class, attributes that are plain values) of the addon's Odoo models."""
    for path in python_files(addon, tests=False):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                kind = _model_kind(node)
                if kind:
                    yield path, kind, _attributes(node)


def _model_kind(node):
    for base in node.bases:
        if isinstance(base, ast.Attribute) and base.attr.endswith("Model"):
            return base.attr
    return None


def _attributes(node):
    values = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            try:
                value = ast.literal_eval(statement.value)
            except ValueError:
                continue
            values.update((target.id, value) for target in statement.targets)
    inherit = values.get("_inherit") or []
    values["_inherit"] = [inherit] if isinstance(inherit, str) else list(inherit)
    if values.get("_name") in values["_inherit"]:
        # an extension that also inherits a mixin
        values["_inherit"].remove(values["_name"])
        values["_inherit"].insert(0, values.pop("_name"))
    return values


def xml_records(addon):
    """(file, element) of every record, menu item and template of an addon's XML."""
    for path in files(addon, "*.xml", tests=False):
        if "static" in path.parts:
            continue
        for element in etree.parse(path).iter("record", "menuitem", "template"):
            if element.get("id"):
                yield path, element


def access_lines(addon):
    path = addon / "security" / "ir.model.access.csv"
    if not path.exists():
        return []
    with path.open() as lines:
        return list(csv.DictReader(lines))
