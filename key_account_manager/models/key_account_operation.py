# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountOperation(models.Model):
    """A business operation that account managers may be allowed to do (ORG-12)."""

    _name = "key.account.operation"
    _description = "Business Operation"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What the suite asks for where the operation is done."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text(string="Remarks", translate=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "Another operation has this code.")
