# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The records of interface 02001, field by field (in prose: readme/FORMAT.md)."""

from odoo.addons.key_account_feed.layout import CUSTOMER_COLUMN, Column, Record

INTERFACE = "02001"
# a: what changed since the last file; s: the same of all complaints.
KINDS = "as"
LOOKUP_TYPES = (
    "complaint_type",
    "complaint_cause",
    "handler",
    "operation",
    "service_class",
)
# A number that is none is refused: it could not be found again by it.
TICKET = "^[0-9]{1,30}$"
STATE = {
    "R": "registered",
    "H": "handling",
    "W": "waiting",
    "A": "replied",
    "C": "closed",
    "X": "withdrawn",
}
MARK = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5"}


def _complaint(name, target=None, **kwargs):
    target = target or name
    return Column(
        name, target=target, label=f"key.account.complaint.{target}", **kwargs
    )


COMPLAINT = Record(
    "T",
    "complaint",
    7,
    (
        _complaint("name", "reference", type="ticket", required=True, size=30),
        CUSTOMER_COLUMN,
        _complaint("number_id", size=30),
        _complaint("line_id", type="line", size=30),
        _complaint("type_id", type="complaint_type", required=True, size=30),
        _complaint("cause_id", type="complaint_cause", size=30),
        _complaint("subject", required=True, size=200),
        _complaint("description", size=4000),
        _complaint("channel_id", type="channel", size=30),
        _complaint("region", size=60),
        _complaint("date_accepted", type="stamp", required=True),
        _complaint("state", type="choice", required=True, choices=STATE),
        _complaint("date_replied", type="stamp"),
        _complaint("reply", size=4000),
        _complaint("mark", type="choice", choices=MARK),
        _complaint("cost", type="amount"),
        _complaint("handler_id", type="handler", size=64),
    ),
)


def _service(name, target=None, **kwargs):
    target = target or name
    return Column(
        name, target=target, label=f"key.account.service.log.{target}", **kwargs
    )


SERVICE = Record(
    "S",
    "service",
    8,
    (
        _service("name", required=True, size=30),
        Column("city_code", required=True, size=5, label="key.account.unit.city_code"),
        _service("manager_id", "user_id", type="handler", required=True, size=64),
        CUSTOMER_COLUMN._replace(required=False),
        _service("number_id", size=30),
        _service("class_id", type="service_class", required=True, size=30),
        _service("operation", "kind_id", type="operation", size=30),
        _service("date_start", type="stamp", required=True),
        _service("date_stop", type="stamp"),
        _service("result", size=2000),
        _service("channel_id", type="channel", size=30),
        _service("cost", type="amount"),
        _service("operator", size=60),
        _service("remark", size=200),
    ),
)
