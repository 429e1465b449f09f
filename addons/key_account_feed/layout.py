# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The records of the two interfaces, field by field (in prose: readme/FORMAT.md).

A column has a type, which says how its text is read, and names the field of the model
it fills, from which the user's messages take their label.
"""

from typing import NamedTuple

SEPARATOR = "|"
# A field that is exactly this empties the value; an empty field leaves it as it is.
CLEAR = "\\N"
# Follows the fields of a refused row when it is downloaded; reading stops there.
MARKER = "|#!|"

DATE = (
    "^((19|20)[0-9][0-9](0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])"
    "|(19|20)[0-9][0-9](0[469]|11)(0[1-9]|[12][0-9]|30)"
    "|(19|20)[0-9][0-9]02(0[1-9]|1[0-9]|2[0-8])"
    "|(19(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))0229)$"
)
STAMP = DATE[:-1] + "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$"
MONTH = "^(19|20)[0-9][0-9](0[1-9]|1[0-2])$"
AMOUNT = "^-?[0-9]{1,30}$"
COUNT = "^[0-9]{1,9}$"
EMAIL = "^[^@ ]+@[^@ ]+$"
PATTERNS = {
    "date": DATE,
    "stamp": STAMP,
    "month": MONTH,
    "amount": AMOUNT,
    "count": COUNT,
    "email": EMAIL,
}
# The greatest amount one record may carry, in minor units.
MAX_AMOUNT = 10**12

TERM_TYPES = (
    "class",
    "definition",
    "ownership",
    "organisation",
    "value_class",
    "area",
    "brand",
    "channel",
    "method",
)
DATE_TYPES = ("date", "month")
LOOKUP_TYPES = (*TERM_TYPES, "unit", "manager", "line", "industry", "currency")

CHANGE = {"I": "I", "U": "U", "D": "D"}
KIND = {"G": "group", "P": "professional", "I": "individual"}
STATE = {
    "P": "potential",
    "Q": "qualified",
    "A": "active",
    "S": "suspended",
    "C": "churned",
    "W": "won_back",
}
NUMBER_STATE = {"S": "in_service", "1": "one_way", "2": "two_way", "C": "closed"}
BILL_KIND = {"B": "bill", "C": "credit"}
YES_NO = {"Y": "true", "N": "false"}
DECISION = {
    "D": "decides",
    "I": "influences",
    "R": "recommends",
    "U": "uses",
    "P": "pays",
    "O": "opposes",
}
RELATION = {"1": "1", "2": "2", "3": "3", "4": "4"}
SEX = {"M": "male", "F": "female"}


class Column(NamedTuple):
    """One field of a record."""

    name: str
    type: str = "text"
    required: bool = False
    size: int = 0
    target: str = ""
    """Column of the table the record fills, empty where another record finds it."""
    label: str = ""
    """``model.field`` whose label names the column in messages."""
    choices: dict | None = None


class Record(NamedTuple):
    """One type of record: its letter, what it makes, its columns after the letter."""

    letter: str
    name: str
    number: int
    columns: tuple
    optional: int = 0
    """How many of the last columns a row may leave out with their separators: those
    that came later than the first version of the layout."""

    @property
    def names(self):
        return [column.name for column in self.columns]

    def get(self, name):
        return next(column for column in self.columns if column.name == name)


def _partner(name, target=None, **kwargs):
    target = target or name
    return Column(name, target=target, label=f"res.partner.{target}", **kwargs)


def _key(name, **kwargs):
    return _partner(name, f"key_account_{name}", **kwargs)


def _fact(model, name, target=None, label=None, **kwargs):
    target = name if target is None else target
    return Column(
        name, target=target, label=f"key.account.{model}.{label or target}", **kwargs
    )


CHANGE_COLUMN = Column("change", "choice", required=True, choices=CHANGE)
CUSTOMER_COLUMN = Column(
    "customer", required=True, size=30, label="res.partner.key_account_code"
)

CUSTOMER = Record(
    "C",
    "customer",
    1,
    (
        CHANGE_COLUMN,
        Column("changed_at", "stamp", required=True),
        Column("code", required=True, size=30, label="res.partner.key_account_code"),
        _key("kind", type="choice", required=True, choices=KIND),
        _partner("name", required=True, size=120),
        _key("state", type="choice", required=True, choices=STATE),
        Column("city_code", required=True, size=5, label="key.account.unit.city_code"),
        _key("unit_id", type="unit", required=True, size=30),
        _key("manager_id", type="manager", size=64),
        _key("parent_id", type="parent", size=30),
        _key("short_name", size=60),
        _partner("industry_id", type="industry", size=120),
        _partner("phone", size=40),
        _partner("email", type="email", size=120),
        _partner("street", size=200),
        _partner("city", size=60),
        _partner("zip", size=12),
        _key("credit_code", size=30),
        _key("date_from", type="date"),
        _key("date_key", type="date"),
        _key("staff_count", type="count"),
        _key("class_id", type="class", size=30),
        _key("definition_id", type="definition", size=30),
        _key("ownership_id", type="ownership", size=30),
        _key("organisation_id", type="organisation", size=30),
        _key("value_class_id", type="value_class", size=30),
        _key("area_id", type="area", size=30),
        _key("brand_id", type="brand", size=30),
        _key("channel_id", type="channel", size=30),
        _key("method_id", type="method", size=30),
        _key("legal_person", size=60),
        _key("fax", size=40),
        _partner("website", size=200),
        _key("credit_limit", type="amount"),
        _key("is_unified", type="choice", choices=YES_NO),
        _key("date_contract_end", type="date"),
    ),
)
CONTACT = Record(
    "K",
    "contact",
    2,
    (
        CHANGE_COLUMN,
        CUSTOMER_COLUMN,
        Column("code", required=True, size=30, label="res.partner.ref"),
        _partner("name", required=True, size=120),
        _partner("function", size=60),
        _partner("phone", size=40),
        _partner("email", type="email", size=120),
        _key("decision_role", type="choice", choices=DECISION),
        _key("relation", type="choice", choices=RELATION),
        Column("mobile", size=40, label="res.partner.key_account_mobile"),
        Column("birthday", "date", label="res.partner.key_account_birthday"),
        Column("sex", "choice", choices=SEX, label="key.account.person.sex"),
    ),
)
NUMBER = Record(
    "N",
    "number",
    3,
    (
        CHANGE_COLUMN,
        _fact("number", "name", required=True, size=30),
        _fact("number", "line_id", type="line", size=30),
        CUSTOMER_COLUMN,
        _fact("number", "holder_id", type="contact", size=30),
        _fact("number", "brand_id", type="brand", size=30),
        _fact("number", "state", type="choice", required=True, choices=NUMBER_STATE),
        _fact("number", "date_opened", type="date"),
        _fact("number", "date_closed", type="date"),
    ),
)
LINE_FILE = Record(
    "L",
    "line_file",
    4,
    (
        CHANGE_COLUMN,
        CUSTOMER_COLUMN,
        _fact("line.file", "line_id", type="line", required=True, size=30),
        _fact("line.file", "unit_id", type="unit", required=True, size=30),
        _fact("line.file", "manager_id", type="manager", size=64),
        _fact("line.file", "agreement_number", size=60),
        _fact("line.file", "date_from", type="date"),
        _fact("line.file", "date_agreement_end", type="date"),
        _fact("line.file", "amount_year", type="amount"),
        _fact("line.file", "volume", size=60),
        _fact("line.file", "station_count", type="count"),
        _fact("line.file", "season", size=60),
    ),
)
BILL = Record(
    "B",
    "bill",
    5,
    (
        _fact("bill", "name", required=True, size=60),
        CUSTOMER_COLUMN,
        _fact("bill", "line_id", type="line", size=30),
        _fact("bill", "number_id", type="number", size=30),
        _fact("bill", "period", type="month", required=True),
        _fact("bill", "date_bill", type="date", required=True),
        _fact("bill", "date_due", type="date"),
        _fact("bill", "currency_id", type="currency", size=3),
        _fact("bill", "amount", type="amount", required=True),
        _fact("bill", "kind", type="choice", required=True, choices=BILL_KIND),
        _fact("bill", "origin_id", type="bill", size=60),
    ),
    optional=1,
)
PAYMENT = Record(
    "P",
    "payment",
    6,
    (
        _fact("payment", "name", required=True, size=60),
        CUSTOMER_COLUMN,
        _fact("payment", "bill_id", type="bill", size=60),
        _fact("payment", "line_id", type="line", size=30),
        _fact("payment", "date_payment", type="date", required=True),
        _fact("payment", "amount", type="amount", required=True),
        _fact("payment", "currency_id", type="currency", size=3),
        _fact("payment", "channel_id", type="channel", size=30),
    ),
)
RECORDS = {
    record.letter: record
    for record in (CUSTOMER, CONTACT, NUMBER, LINE_FILE, BILL, PAYMENT)
}
INTERFACE_RECORDS = {"customer": "CKNL", "bill": "BP"}
