# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountStandardFactor(models.Model):
    """By how much the limit of a standard is shorter for the customers of a grade."""

    _name = "key.account.standard.factor"
    _description = "Factor of a Service Standard"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "factor, id"
    _rec_name = "grade_code"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.standard",
        string="Service Standard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    grade_code = fields.Char(string="Grade", required=True)
    factor = fields.Float(default=1.0, required=True, help="1 is the whole limit.")

    _grade_uniq = models.Constraint(
        "UNIQUE (rule_id, grade_code)", "The standard has a factor for this grade."
    )
    _factor_positive = models.Constraint("CHECK (factor > 0)", "A factor is above 0.")
