# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountLineFile(models.Model):
    """A line file is opened by managers who may (ORG-12)."""

    _inherit = "key.account.line.file"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["key.account.manager"]._check_operation(self._name, vals_list)
        return super().create(vals_list)
