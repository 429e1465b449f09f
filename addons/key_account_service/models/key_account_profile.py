# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountProfile(models.Model):
    """Service standards travel with the profile of an operator (RULE-03, RULE-04); the
    shipped profiles hold those of telecom and post."""

    _inherit = "key.account.profile"

    @api.model
    def _get_models(self):
        return [*super()._get_models(), "key.account.standard"]

    @api.model
    def _get_shipped_files(self, code):
        path = f"key_account_service/data/profiles/{code}.json"
        return [*super()._get_shipped_files(code), path]
