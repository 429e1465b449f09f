# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ResPartner(models.Model):
    """A customer whose requests follow where the customer is assigned."""

    _inherit = "res.partner"

    def _key_account_realign_facts(self):
        result = super()._key_account_realign_facts()
        if self.ids:
            self.env["key.account.request"]._align_scopes_of(self.ids)
        return result
