# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountStanding(models.Model):
    """A customer of another grade is contacted at another pace."""

    _inherit = "key.account.standing"

    @api.model
    def _ensure(self, partners):
        result = super()._ensure(partners)
        # sudo: figures follow from the file, whoever registers it.
        self.env["key.account.contact.standing"].sudo()._refresh(partners.ids)
        return result

    @api.model
    def _apply_grade_moves(self, moves):
        result = super()._apply_grade_moves(moves)
        # sudo: as above, whoever decides on the grade.
        partner_ids = moves.sudo().partner_id.ids
        self.env["key.account.contact.standing"].sudo()._refresh(partner_ids)
        return result
