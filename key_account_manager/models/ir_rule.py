# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class IrRule(models.Model):
    """What a user may read is kept for a day: substitution begins and ends with one."""

    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        yield from super()._compute_domain_context_values()
        yield self.env["key.account.unit"]._get_today()
