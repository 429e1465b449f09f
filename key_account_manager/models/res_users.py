# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class ResUsers(models.Model):
    """Whom a manager stands in for today, and whose assistant he is (ASG-05)."""

    _inherit = "res.users"

    def _get_key_account_managers(self):
        """Himself, and for their dates those he stands in for; no further."""
        # sudo: whom somebody stands in for decides what he reads.
        found = (
            self.env["key.account.substitution"]
            .sudo()
            .search(
                Domain("substitute_id", "in", self.ids)
                & self.env["key.account.substitution"]._get_present_domain()
            )
        )
        return super()._get_key_account_managers() | found.user_id.sudo(self.env.su)

    def _compute_key_account_shared_ids(self):
        """An assistant reads the basic file of the customer too."""
        result = super()._compute_key_account_shared_ids()
        for user in self:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT partner_id FROM key_account_assignment
                     WHERE role = 'assistant' AND user_id = %s
                       AND date_from <= %s AND (date_to IS NULL OR date_to >= %s)
                    """,
                    *(user.id or 0, *[self.env["key.account.unit"]._get_today()] * 2),
                )
            )
            if rows:
                partners = self.env["res.partner"].browse(row[0] for row in rows)
                user.key_account_shared_ids |= partners
        return result
