# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ResCompany(models.Model):
    """The keeper of the ledger of some units, in its currency."""

    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "currency_id" in vals:
            self.env.flush_all()
            self.env.registry.clear_cache()  # res.partner._key_account_get_ledgers
        return result
