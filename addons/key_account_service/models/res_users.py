# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Which secret complaints a user knows of."""

    _inherit = "res.users"

    key_account_secret_domain = fields.Json(
        string="Secret Complaints Known",
        compute="_compute_key_account_secret_domain",
        groups=fields.NO_ACCESS,
        help="The condition that record rules set for secret complaints.",
    )

    @api.depends("key_account_role", "key_account_unit_id")
    def _compute_key_account_secret_domain(self):
        for user in self:
            user.key_account_secret_domain = list(user._get_key_account_secrets())

    def _get_key_account_secrets(self):
        """Secret complaints are known to those who handle, registered or answer for
        them, to the heads of the units they are with, and to the centre."""
        self.ensure_one()
        if self.key_account_role == "centre":
            return Domain.TRUE
        managers = self.key_account_manager_ids.ids
        known = (
            Domain("handler_id", "in", managers)
            | Domain("manager_id", "in", managers)
            | Domain("registrant_id", "=", self.id)
        )
        if self.key_account_role in ("head", "company"):
            unit_id = self.key_account_unit_id.id
            for fname in ("unit_id", "handling_unit_id", "escalated_unit_id"):
                known |= Domain(fname, "=", unit_id)
        return known
