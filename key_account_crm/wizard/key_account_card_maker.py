# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardMaker(models.TransientModel):
    """The cards somebody chose for the card maker, until the list is downloaded."""

    _name = "key.account.card.maker"
    _description = "Cards for the Card Maker"

    card_ids = fields.Many2many(
        comodel_name="key.account.card",
        relation="key_account_card_maker_card_rel",
        string="Cards",
        required=True,
    )
