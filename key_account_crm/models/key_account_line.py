# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountLine(models.Model):
    """A business line (专业 / 业务种类), run by one professional company."""

    _name = "key.account.line"
    _description = "Key Account Business Line"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Text: the daily feed names lines by it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Owning Company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "key_account_crm.key_account_unit_centre", raise_if_not_found=False
        ),
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another line has this code.")
