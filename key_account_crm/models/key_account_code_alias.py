# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCodeAlias(models.Model):
    """A code a customer was known by before its file was merged into another (FILE-20).

    Interfaces go on naming the old code: it leads to the customer that is left.
    """

    _name = "key.account.code.alias"
    _description = "Former Customer Code"
    _inherit = ["key.account.fact.mixin"]
    _order = "name"

    name = fields.Char(
        string="Former Code",
        required=True,
        readonly=True,
        help="Text: leading zeros are kept.",
    )
    partner_id = fields.Many2one(readonly=True)

    _name_uniq = models.UniqueIndex("(name)", "This code leads to a customer already.")
