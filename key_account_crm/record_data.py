# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records out of plain data: every value is checked before it reaches the ORM.

Data may come from a file that somebody else wrote. Whatever does not fit is refused
with the place (section, row), the field and what to do; nothing else is guessed.
"""

import json
import math

from odoo import fields
from odoo.exceptions import UserError

MAX_INTEGER = 2**31 - 1
MAX_ROWS = 10_000
SEPARATOR = "/"
TEXTS = ("char", "text")


def load_json(text):
    """Parse JSON strictly: no doubled keys, no NaN, no bottomless nesting.

    >>> load_json('{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    >>> load_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: doubled key 'a'
    >>> load_json('[NaN]')
    Traceback (most recent call last):
    ValueError: NaN is no number
    >>> load_json(b'"\\\\u0000"')
    Traceback (most recent call last):
    ValueError: control character \\u0000
    >>> load_json('[' * 100000)
    Traceback (most recent call last):
    ValueError: nested too deeply
    """
    text = text.decode() if isinstance(text, bytes) else text
    if "\\u0000" in text:
        raise ValueError("control character \\u0000")
    try:
        return json.loads(
            text, object_pairs_hook=_make_object, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _make_object(pairs):
    result = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"doubled key {key!r}")
        result[key] = value
    return result


def _refuse_constant(name):
    raise ValueError(f"{name} is no number")


class RecordReader:
    """Turns one object of the data into values of a record of a model.

    :param where: the place in the data, in words
    """

    def __init__(self, model, where):
        self.model = model
        self.env = model.env
        self.where = where
        self.texts = {}

    def refuse(self, problem, name=None):
        place = f"{self.where}, {name}" if name else self.where
        raise UserError(
            self.env._(
                "%(place)s: %(problem)s Correct the data and load it again.",
                place=place,
                problem=problem,
            )
        )

    def read(self, data, names, others=()):
        """Values for ``create``; ``texts`` then holds the translated ones.

        :param names: fields that may be given
        :param others: keys that somebody else reads
        """
        if not isinstance(data, dict):
            self.refuse(self.env._("an object with fields is expected."))
        vals = {}
        for name, value in data.items():
            if name in others:
                continue
            if name not in names:
                self.refuse(self.env._("there is no such field."), name)
            vals[name] = self.read_value(self.model._fields[name], value)
        for name in names:
            field = self.model._fields[name]
            if field.required and not field.default and data.get(name) is None:
                self.refuse(self.env._("a value is required."), name)
        return vals

    def read_value(self, field, value):
        if value is None:
            if field.required and field.type != "boolean":
                self.refuse(self.env._("a value is required."), field.name)
            return False
        return getattr(self, f"read_{field.type}", self.read_other)(field, value)

    def read_other(self, field, value):
        self.refuse(self.env._("this field cannot be loaded."), field.name)

    def read_char(self, field, value):
        if field.translate and isinstance(value, dict):
            return self.read_texts(field, value)
        if not isinstance(value, str):
            self.refuse(self.env._("a text is expected."), field.name)
        if "\x00" in value or (field.type == "char" and "\n" in value):
            self.refuse(self.env._("the text has control characters."), field.name)
        return value

    read_text = read_char

    def read_texts(self, field, value):
        """A text per language; languages that are not installed are left out."""
        for lang, text in value.items():
            if not isinstance(text, str) or not text.strip() or "\x00" in text:
                self.refuse(
                    self.env._("the text of %(lang)s is none.", lang=lang), field.name
                )
        if not value:
            self.refuse(self.env._("a text is expected."), field.name)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        self.texts[field.name] = {
            lang: text
            for lang, text in value.items()
            if lang in installed and lang != "en_US"
        }
        return value.get("en_US") or next(iter(value.values()))

    def read_integer(self, field, value):
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(self.env._("a whole number is expected."), field.name)
        if abs(value) > MAX_INTEGER:
            self.refuse(self.env._("the number is too large."), field.name)
        return value

    def read_float(self, field, value):
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(self.env._("a number is expected."), field.name)
        if abs(value) > 1e15 or not math.isfinite(value):
            self.refuse(self.env._("the number is too large."), field.name)
        return value

    read_monetary = read_float

    def read_boolean(self, field, value):
        if not isinstance(value, bool):
            self.refuse(self.env._("true or false is expected."), field.name)
        return value

    def read_date(self, field, value):
        try:
            if not isinstance(value, str) or len(value) != 10:
                raise ValueError
            return fields.Date.to_date(value)
        except ValueError:
            self.refuse(self.env._("a date like 2027-01-31 is expected."), field.name)

    def read_selection(self, field, value):
        allowed = field.get_values(self.env)
        if value not in allowed:
            self.refuse(
                self.env._(
                    "%(value)s is none of %(allowed)s.",
                    value=str(value)[:50],
                    allowed=", ".join(map(str, allowed[:20])),
                ),
                field.name,
            )
        return value

    def read_many2one(self, field, value):
        return self.find(field, value).id

    def read_many2many(self, field, value):
        if not isinstance(value, list):
            self.refuse(self.env._("a list of codes is expected."), field.name)
        found = [self.find(field, part).id for part in value]
        return [fields.Command.set(found)]

    def find(self, field, value):
        """The record that a natural key names; it must be there."""
        comodel = self.env[field.comodel_name].with_context(active_test=False)
        names = self.env["key.account.rule.mixin"]._get_natural_names(comodel)
        parts = value.split(SEPARATOR, len(names) - 1) if isinstance(value, str) else ()
        found = comodel.browse()
        if len(parts) == len(names):
            found = comodel.with_context(lang="en_US").search(
                [(name, "=", part) for name, part in zip(names, parts, strict=True)],
                limit=1,
            )
        if not found:
            self.refuse(
                self.env._(
                    "there is no %(kind)s %(value)s: add it first.",
                    kind=comodel._description,
                    value=str(value)[:50],
                ),
                field.name,
            )
        return found.with_context(**self.env.context)

    def read_rows(self, rows):
        if not isinstance(rows, list):
            self.refuse(self.env._("a list of rows is expected."))
        if len(rows) > MAX_ROWS:
            self.refuse(self.env._("there are too many rows."))
        return rows

    def translate(self, record):
        """Write the texts of other languages that the last ``read`` found."""
        for name, texts in self.texts.items():
            if texts:
                record.update_field_translations(name, texts)
