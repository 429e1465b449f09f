# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words why something is done with a VIP card."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[("card_reason", "Reason of a Card Step")],
        ondelete={"card_reason": "cascade"},
    )
