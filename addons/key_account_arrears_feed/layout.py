# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Interfaces 06001 and 06002, field by field (in prose: readme/FORMAT.md)."""

from odoo.addons.key_account_feed.layout import Column, Record

# Orders go to the branch, its answers come back; a: what is new since the last file.
ORDERS = "06001"
ANSWERS = "06002"
KINDS = "a"
ORDER = "^S[0-9]{10}$"
KIND = {"one_way": "1", "two_way": "2", "removal": "C", "resume": "S"}
OUTCOME = {"D": "done", "R": "refused"}


def _step(name, target=None, label=None, **kwargs):
    label = f"key.account.suspension.{label or target or name}"
    return Column(name, target=target or "", label=label, **kwargs)


ANSWER = Record(
    "A",
    "suspension",
    9,
    (
        _step("name", type="order", required=True, size=11),
        _step("number", required=True, size=30, label="number_id"),
        _step("outcome", type="choice", required=True, choices=OUTCOME, label="state"),
        _step("date_done", type="stamp", required=True),
        _step("answer", size=200),
    ),
)
