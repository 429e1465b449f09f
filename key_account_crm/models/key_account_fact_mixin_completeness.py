# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountFactMixin(models.AbstractModel):
    """Rows that are themselves facts of a file (numbers, members, private data) make it
    more or less complete when they come and go (COL-07)."""

    _inherit = "key.account.fact.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        facts = super().create(vals_list)
        items = self.env["key.account.completeness.item"]
        items._refresh_for(self._name, facts.partner_id.ids)
        return facts

    def write(self, vals):
        items = self.env["key.account.completeness.item"]
        before = self.partner_id.ids if "partner_id" in vals else []
        result = super().write(vals)
        items._refresh_for(self._name, list({*before, *self.partner_id.ids}))
        return result

    def unlink(self):
        partner_ids = self.partner_id.ids
        result = super().unlink()
        items = self.env["key.account.completeness.item"]
        items._refresh_for(self._name, partner_ids)
        return result
