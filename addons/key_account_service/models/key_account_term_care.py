# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of care: what is done at an outlet, kinds of activities for members."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[
            ("outlet_service", "Service of an Outlet"),
            ("activity_kind", "Kind of Activity"),
        ],
        ondelete={"outlet_service": "cascade", "activity_kind": "cascade"},
    )
