# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

# What another model decides already: assignment, life-cycle, and what follows from it.
GOVERNED = {
    "key_account_unit_id",
    "key_account_manager_id",
    "key_account_state",
    "key_account_scope_id",
}
BASIC = {
    "name",
    "vat",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "phone",
    "email",
    "website",
    "industry_id",
}
TYPES = {
    "char",
    "text",
    "selection",
    "many2one",
    "boolean",
    "integer",
    "float",
    "monetary",
    "date",
}


class KeyAccountKeyField(models.Model):
    """A field of the customer file that changes only after another person agreed
    (COL-05). Which fields these are is data of the operator."""

    _name = "key.account.key.field"
    _description = "Key Field"
    _order = "sequence, id"
    _rec_name = "field_name"

    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", required=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _field_name_uniq = models.UniqueIndex(
        "(field_name)", "This field is in the list already."
    )

    @api.model
    def _selection_field_name(self):
        """The fields of a customer file somebody may decide about, in his language."""
        partner = self.env["res.partner"]
        found = [
            (name, field._description_string(self.env))
            for name, field in partner._fields.items()
            if self._is_eligible(field)
        ]
        return sorted(found, key=lambda item: (item[1] or "", item[0]))

    @api.model
    def _is_eligible(self, field):
        stored = field.store and not field.compute and not field.company_dependent
        ours = field.name.startswith("key_account_") or field.name in BASIC
        return stored and ours and field.type in TYPES and field.name not in GOVERNED

    @api.constrains("field_name")
    def _check_field_name(self):
        partner = self.env["res.partner"]
        for key_field in self:
            field = partner._fields.get(key_field.field_name)
            if field is None or not self._is_eligible(field):
                raise ValidationError(
                    self.env._(
                        "%(field)s is not a fact of the customer file that can be "
                        "decided about: choose another field.",
                        field=key_field.field_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        self._clear_caches()
        return result

    def write(self, vals):
        result = super().write(vals)
        self._clear_caches()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_caches()
        return result

    def _clear_caches(self):
        """The list itself and the forms, where key fields are read only."""
        self.env.registry.clear_cache()
        self.env.registry.clear_cache("templates")

    @api.model
    @tools.ormcache()
    def _get_names(self):
        """Names of the key fields, in their order."""
        # sudo: every writer of a customer is held by this list, whatever he may read.
        known = self.env["res.partner"]._fields
        names = self.sudo().search([]).mapped("field_name")
        return tuple(name for name in names if name in known)
