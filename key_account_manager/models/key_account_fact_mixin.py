# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountFactMixin(models.AbstractModel):
    """What a manager enters about a customer is an operation that he may be allowed or
    not (ORG-12). This is the one place where the suite asks."""

    _inherit = "key.account.fact.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["key.account.manager"]._check_operation(self._name, vals_list)
        return super().create(vals_list)
