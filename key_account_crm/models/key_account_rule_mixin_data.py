# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# What identifies the records that rules point at, where it is not their code.
NATURAL_KEYS = {
    "key.account.term": ("category", "code"),
    "res.company": ("name",),
    "res.currency": ("name",),
    "res.partner.industry": ("name",),
}
SEPARATOR = "/"


class KeyAccountRuleMixin(models.AbstractModel):
    """A version as plain data: codes instead of ids, texts per language, rows by what
    identifies them. Comparison, limits, profiles and files rest on it."""

    _inherit = "key.account.rule.mixin"

    def _rule_to_data(self):
        """Everything the version says, as values that JSON knows."""
        self.ensure_one()
        data = self._values_to_data(self)
        data["date_from"] = fields.Date.to_string(self.date_from)
        if self.note:
            data["note"] = self.note
        for child, key in self._rule_children.items():
            rows = [self._values_to_data(row) for row in self[child]]
            data[child] = sorted(rows, key=lambda row, k=key: self._get_row_key(row, k))
        limits = [self._values_to_data(limit) for limit in self.limit_ids]
        if limits:
            for limit in limits:
                limit.pop("res_model")
            data["limit_ids"] = limits
        return data

    @api.model
    def _values_to_data(self, record):
        return {
            name: self._value_to_data(record, record._fields[name])
            for name in record._get_content_fields()
            if record._fields[name].type != "one2many"
        }

    @api.model
    def _value_to_data(self, record, field):
        value = record[field.name]
        if field.type == "many2one":
            return self._get_natural_key(value) if value else None
        if field.type == "many2many":
            return sorted(self._get_natural_key(target) for target in value)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else None
        if field.translate and isinstance(record.id, int):
            return self._get_texts(record, field) or None
        if field.type in ("integer", "boolean"):
            return value
        if field.type in ("float", "monetary"):
            return value + 0.0
        return value or None

    @api.model
    def _get_texts(self, record, field):
        """The text in every language that is installed: {language: text}."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        texts = {
            code: record.with_context(lang=code)[field.name]
            for code in dict.fromkeys(("en_US", *codes))
        }
        source = texts["en_US"]
        return {
            code: text
            for code, text in texts.items()
            if text and (code == "en_US" or text != source)
        }

    @api.model
    def _get_natural_names(self, comodel):
        """The fields that identify a record of a model outside the database."""
        known = "code" if "code" in comodel._fields else "name"
        return NATURAL_KEYS.get(comodel._name, (known,))

    @api.model
    def _get_natural_key(self, record):
        # sudo: the code of what a rule names is part of the rule.
        record = record.sudo().with_context(lang="en_US")
        names = self._get_natural_names(record)
        return SEPARATOR.join(str(record[name] or "") for name in names)

    @api.model
    def _get_row_key(self, row, key):
        """What identifies a row of data within its version, as text."""
        parts = [row.get(name) for name in key]
        return SEPARATOR.join("" if part is None else str(part) for part in parts)

    # ---- two versions beside each other --------------------------------------------

    def action_compare(self):
        """Show what a version changes: against the one before, or two selected ones
        against each other, the earlier first."""
        self.check_access("read")
        if len(self) > 2:
            raise UserError(self.env._("Select one or two versions to compare."))
        if len(self) == 2:
            before, after = self.sorted(lambda rule: (rule.date_from, rule.id))
        else:
            before, after = self._get_version_before(), self
        if not before:
            raise UserError(
                self.env._(
                    "There is no version before %(rule)s to compare it with.",
                    rule=self.display_name,
                )
            )
        if before._get_key() != after._get_key():
            raise UserError(
                self.env._("These are different rules: select versions of one.")
            )
        return self.env["key.account.rule.compare"]._open(before, after)

    def _get_version_before(self):
        """The version of the unit before this one, else what its unit overrides."""
        eve = fields.Date.subtract(self.date_from, days=1)
        own = self._get_approved().filtered(lambda rule: rule.date_from <= eve)[-1:]
        if own or not self.unit_id:
            return own
        return self._get_in_force(
            self.date_from, self.unit_id.parent_id, **self._get_key()
        )

    def _get_compare_name(self):
        day = format_date(self.env, self.date_from)
        return f"{self.display_name}, {day}"

    def _compare_with(self, other):
        """What another version of this rule says differently, in order.

        Each step has: ``kind`` (value, added, removed), ``path``, ``row`` (what
        identifies it), ``label``, ``before``, ``after``, and these as text.
        """
        self.ensure_one()
        before, after = self._rule_to_data(), other._rule_to_data()
        steps = []
        is_new = not isinstance(other.id, int)
        for name in self._get_content_fields():
            if is_new and self._fields[name].translate:
                continue  # an unsaved version has its texts in one language
            if name in self._rule_children:
                steps += self._compare_rows(name, before[name], after[name])
            elif name != "name" and before[name] != after[name]:
                steps.append(self._get_step(self, name, before[name], after[name]))
        return steps

    def _compare_rows(self, child, before, after):
        rows = self.env[self._fields[child].comodel_name]
        key = self._rule_children[child]
        before = {self._get_row_key(row, key): row for row in before}
        after = {self._get_row_key(row, key): row for row in after}
        for row in dict.fromkeys([*before, *after]):
            if row not in after or row not in before:
                yield self._get_row_step(child, row, before.get(row), after.get(row))
                continue
            for name, value in before[row].items():
                if name not in ("name", "sequence") and value != after[row][name]:
                    yield self._get_step(
                        rows, name, value, after[row][name], child=child, row=row
                    )

    def _get_step(self, model, name, before, after, child=None, row=None):
        field = model._fields[name]
        label = field._description_string(self.env)
        return {
            "kind": "value",
            "path": f"{child}.{name}" if child else name,
            "row": row,
            "label": f"{self._get_row_label(child, row)}: {label}" if row else label,
            "before": before,
            "after": after,
            "before_text": self._to_text(field, before),
            "after_text": self._to_text(field, after),
        }

    def _get_row_step(self, child, row, before, after):
        there, absent = self.env._("there"), self.env._("not there")
        return {
            "kind": "added" if before is None else "removed",
            "path": child,
            "row": row,
            "label": self._get_row_label(child, row),
            "before": before,
            "after": after,
            "before_text": absent if before is None else there,
            "after_text": absent if after is None else there,
        }

    def _get_row_label(self, child, row):
        return f"{self._fields[child]._description_string(self.env)} {row}"

    def _to_text(self, field, value):
        """A value of the data in the words of whoever reads it."""
        if value is None or value == []:
            return "–"
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, dict):
            lang = self.env.lang or "en_US"
            return str(value.get(lang) or value.get("en_US") or "–")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return format_date(self.env, value)
        return self._format_number(value) if isinstance(value, float) else str(value)

    @api.model
    def _format_number(self, value):
        return f"{value:.6f}".rstrip("0").rstrip(".")
