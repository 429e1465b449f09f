# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_manager.models.key_account_handover_parts import Part


class KeyAccountHandover(models.Model):
    """Open requests, complaints and acts of care travel with the customers; whoever
    handled them for the giver hands them on."""

    _inherit = "key.account.handover"

    @api.model
    def _get_parts(self):
        return [
            *super()._get_parts(),
            Part(
                "key.account.request",
                self.env._("requests"),
                SQL("fact.state NOT IN ('closed', 'cancelled')"),
                "handler_id",
            ),
            Part(
                "key.account.complaint",
                self.env._("complaints"),
                SQL(
                    "fact.state IN ('registered', 'dispatched', 'handling', 'waiting')"
                ),
                "handler_id",
            ),
            Part(
                "key.account.care",
                self.env._("acts of care"),
                SQL("fact.state = 'planned'"),
                "user_id",
            ),
            Part(
                "key.account.contact.event",
                self.env._("planned contacts"),
                SQL("fact.state = 'planned'"),
                "user_id",
            ),
        ]
