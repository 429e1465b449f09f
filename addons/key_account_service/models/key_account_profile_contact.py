# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountProfile(models.Model):
    """Contact and cost rules travel with the profile of an operator (RULE-04)."""

    _inherit = "key.account.profile"

    @api.model
    def _get_models(self):
        return [
            *super()._get_models(),
            "key.account.contact.rule",
            "key.account.cost.rule",
        ]
