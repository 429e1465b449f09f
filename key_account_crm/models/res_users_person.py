# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from .res_partner_person import SHOWN


class ResUsers(models.Model):
    """A contact may be a (portal) user, who shows the same private data (ORG-21)."""

    _name = "res.users"
    _inherit = ["res.users", "key.account.private.mixin"]

    def _key_account_private_fields(self):
        return SHOWN

    def _key_account_private_partners(self):
        return self.partner_id
