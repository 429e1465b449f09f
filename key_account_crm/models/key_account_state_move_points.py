# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL


class KeyAccountStateMove(models.Model):
    """Who leaves loses the points that are left, where the rule says so (PTS-05)."""

    _inherit = "key.account.state.move"

    def _follow_up(self):
        super()._follow_up()
        gone = self.filtered(lambda move: move.state_to == "churned")
        if gone:
            entries = self.env["key.account.point.entry"]
            entries._clear_left(SQL("partner_id = ANY(%s)", gone.partner_id.ids))
