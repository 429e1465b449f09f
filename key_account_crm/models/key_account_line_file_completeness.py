# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountLineFile(models.Model):
    """A line file is a fact of the customer's file (COL-07)."""

    _inherit = "key.account.line.file"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        items = self.env["key.account.completeness.item"]
        items._refresh_for(self._name, files.partner_id.ids)
        return files

    def unlink(self):
        partner_ids = self.partner_id.ids
        result = super().unlink()
        items = self.env["key.account.completeness.item"]
        items._refresh_for(self._name, partner_ids)
        return result
