# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of contacts and of what is learnt in them."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[
            ("contact_kind", "Contact Kind"),
            ("intelligence_source", "Source of Intelligence"),
        ],
        ondelete={"contact_kind": "cascade", "intelligence_source": "cascade"},
    )
    icon = fields.Char(
        help="Of a contact kind: the picture on its button, such as fa-phone."
    )
