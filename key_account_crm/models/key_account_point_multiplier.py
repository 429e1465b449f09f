# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPointMultiplier(models.Model):
    """By how much the consumption points of customers of a grade are multiplied."""

    _name = "key.account.point.multiplier"
    _description = "Multiplier of a Points Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, grade_code, id"
    _rule_parent = "rule_id"
    _rec_name = "grade_code"

    rule_id = fields.Many2one(
        comodel_name="key.account.point.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    grade_code = fields.Char(required=True, help="The code of the grade.")
    factor = fields.Float(default=1.0, required=True, digits=(16, 4))

    _factor_positive = models.Constraint(
        "CHECK (factor >= 0)", "A multiplier is zero or more."
    )
