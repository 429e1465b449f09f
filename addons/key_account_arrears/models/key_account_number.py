# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountNumber(models.Model):
    """A number knows every step that was taken to suspend and to resume it."""

    _inherit = "key.account.number"

    suspension_ids = fields.One2many(
        comodel_name="key.account.suspension",
        inverse_name="number_id",
        string="Suspensions",
    )
