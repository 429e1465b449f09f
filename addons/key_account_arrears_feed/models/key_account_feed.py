# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..layout import ANSWERS, KINDS


class KeyAccountFeed(models.Model):
    """Transmissions with the branch's answers about suspensions: interface 06002."""

    _inherit = "key.account.feed"

    interface = fields.Selection(
        selection_add=[("suspension", "Answers about Suspensions")],
        ondelete={"suspension": "cascade"},
    )

    @api.model
    def _get_interfaces(self):
        return super()._get_interfaces() | {ANSWERS: "suspension"}

    @api.model
    def _get_kinds(self, code):
        return KINDS if code == ANSWERS else super()._get_kinds(code)
