# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountStanding(models.Model):
    """A new customer has a first row in the ledger of assignments."""

    _inherit = "key.account.standing"

    @api.model
    def _ensure(self, partners):
        result = super()._ensure(partners)
        self.env["key.account.assignment"]._sync(partners.ids)
        return result
