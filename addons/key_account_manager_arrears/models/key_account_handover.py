# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_manager.models.key_account_handover_parts import Part


class KeyAccountHandover(models.Model):
    """Open promises to pay and disputes travel with the customers."""

    _inherit = "key.account.handover"

    @api.model
    def _get_parts(self):
        return [
            *super()._get_parts(),
            Part(
                "key.account.promise",
                self.env._("promises to pay"),
                SQL("fact.date_kept IS NULL AND fact.date_withdrawn IS NULL"),
            ),
            Part(
                "key.account.dispute",
                self.env._("disputes"),
                SQL("fact.state = 'open'"),
            ),
        ]
