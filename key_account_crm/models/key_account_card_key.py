# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardKey(models.AbstractModel):
    """Shows a new key once. It is nowhere kept."""

    _name = "key.account.card.key"
    _description = "Key of a System, Shown Once"

    id = fields.Id()
    key = fields.Char(readonly=True)
