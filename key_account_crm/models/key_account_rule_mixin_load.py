# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Command

from ..record_data import RecordReader


class KeyAccountRuleMixin(models.AbstractModel):
    """A draft out of plain data, as ``_rule_to_data`` writes it."""

    _inherit = "key.account.rule.mixin"

    @api.model
    def _rule_from_data(self, data, where=None, **vals):
        """A draft with this content. Data that does not fit is refused with the row
        and the field.

        :param where: what the data is called in messages
        :param vals: values to set besides, dates for instance
        """
        # The source language is that of the data, whoever loads it.
        rules = self.with_context(lang="en_US")
        where = where or self._description
        reader = RecordReader(rules, where)
        parts = [*self._rule_children, "limit_ids"]
        content = [n for n in self._get_content_fields() if n not in parts]
        read = reader.read(data, [*content, "note", "date_from"], parts)
        readers = {}
        for part in parts:
            readers[part] = rules._read_part(part, data.get(part, []), where)
            read[part] = [Command.create(row) for _reader, row in readers[part]]
        rule = rules.create({**read, **vals})
        reader.translate(rule)
        for part, rows in readers.items():
            found = rule[part].sorted("id")
            for row, (row_reader, _vals) in zip(found, rows, strict=True):
                row_reader.translate(row)
        return rule.with_env(self.env)

    @api.model
    def _read_part(self, part, rows, where):
        """Readers and values of the rows of a one2many, no row twice."""
        comodel = self.env[self._fields[part].comodel_name]
        key = self._rule_children.get(part, ("path", "row"))
        names = [n for n in comodel._get_content_fields() if n != "res_model"]
        seen, found = set(), []
        for place, data in enumerate(RecordReader(comodel, where).read_rows(rows), 1):
            reader = RecordReader(comodel, f"{where}, {part} {place}")
            vals = reader.read(data, names)
            identity = self._get_row_key(data, key)
            if identity in seen:
                reader.refuse(
                    self.env._("the row %(row)s is there twice.", row=identity)
                )
            seen.add(identity)
            found.append((reader, vals))
        return found
