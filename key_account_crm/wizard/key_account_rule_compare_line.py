# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountRuleCompareLine(models.TransientModel):
    """One thing two versions say differently."""

    _name = "key.account.rule.compare.line"
    _description = "Difference between Versions"
    _order = "sequence, id"

    compare_id = fields.Many2one(
        comodel_name="key.account.rule.compare", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    kind = fields.Selection(
        selection=[("value", "Value"), ("added", "Added"), ("removed", "Removed")],
        readonly=True,
    )
    label = fields.Char(string="What", readonly=True)
    before = fields.Char(readonly=True)
    after = fields.Char(readonly=True)
