# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountProfile(models.Model):
    """Profiles carry grades and the rules that give them (GRD-04, GRD-05)."""

    _inherit = "key.account.profile"

    @api.model
    def _get_models(self):
        return [*super()._get_models(), "key.account.grade", "key.account.grade.rule"]
