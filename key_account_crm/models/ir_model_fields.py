# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class IrModelFields(models.Model):
    """A column that goes takes its place in the change log's triggers with it."""

    _inherit = "ir.model.fields"

    def _drop_column(self):
        names = set(self.mapped("model"))
        result = super()._drop_column()
        self.env["key.account.audit"]._refresh_triggers(names)
        return result
