# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of managers: their grades (MGR-07)."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[("manager_grade", "Grade of Managers")],
        ondelete={"manager_grade": "cascade"},
    )
