# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of complaints: how a customer is compensated."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[("compensation_kind", "Compensation Kind")],
        ondelete={"compensation_kind": "cascade"},
    )
