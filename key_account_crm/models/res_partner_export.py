# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

FILE_ROLES = ("centre",)


class ResPartner(models.Model):
    """Customer files leave through the centre; other contacts are none of our
    business (ORG-21, domain 3.2)."""

    _inherit = "res.partner"

    @api.model
    def _key_account_get_export_roles(self):
        return FILE_ROLES

    def _key_account_check_export(self):
        # sudo: only whether the row belongs to a customer; reading it is checked by
        # the export.
        if any(partner.key_account_unit_id for partner in self.sudo()):
            return super()._key_account_check_export()
        return None

    @api.model
    def _key_account_may_export(self):
        # Whoever has no role sees other contacts only.
        return not self.env.user.key_account_role or super()._key_account_may_export()
