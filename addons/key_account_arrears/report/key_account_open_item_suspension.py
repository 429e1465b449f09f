# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountOpenItem(models.Model):
    """Arrears whose number is suspended, or any number that the bill is about where it
    names none (ARR-01)."""

    _inherit = "key.account.open.item"

    is_suspended = fields.Boolean(
        string="Suspended",
        readonly=True,
        help="A number that the bill is about is suspended, as of today.",
    )

    _depends = {
        "key.account.number": ["line_id", "partner_id", "state", "unit_id"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            %s,
                   EXISTS (
                    SELECT FROM key_account_number AS cut
                     WHERE cut.partner_id = item.partner_id
                       AND cut.state IN ('one_way', 'two_way')
                       AND (cut.id = item.number_id
                            OR item.number_id IS NULL
                               AND cut.unit_id IS NOT DISTINCT FROM item.unit_id
                               AND (cut.line_id IS NULL OR item.line_id IS NULL
                                    OR cut.line_id = item.line_id))
                   ) AS is_suspended
            """,
            super()._select(),
        )
