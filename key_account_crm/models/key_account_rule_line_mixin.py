# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountRuleLineMixin(models.AbstractModel):
    """A row of a version of a rule: it changes as long as its version is a draft.

    The model says with ``_rule_parent`` which many2one leads to its version.
    """

    _name = "key.account.rule.line.mixin"
    _description = "Row of a Versioned Rule"
    _rule_parent = "rule_id"

    @api.model
    def _get_content_fields(self):
        """Names of the fields that make the row."""
        return [
            name
            for name, field in self._fields.items()
            if name not in ("id", self._rule_parent, *models.MAGIC_COLUMNS)
            and field.store
            and not field.related
            and (not field.compute or not field.readonly)
            and field.type != "one2many"
        ]

    def _get_rules(self):
        """The versions these rows belong to."""
        return self[self._rule_parent]

    def _check_rule_is_draft(self):
        # sudo: only the state of the version is looked at, whoever wrote the row.
        for rules in self.sudo()._get_rules().grouped("state").values():
            rules._check_is_draft()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_rule_is_draft()
        return lines

    def write(self, vals):
        self._check_rule_is_draft()
        result = super().write(vals)
        self._check_rule_is_draft()
        return result

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self._check_rule_is_draft()
        return super()._update_field_translations(
            field_name, translations, digest, source_lang
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_rule_is_draft()
