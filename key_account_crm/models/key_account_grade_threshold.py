# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

# Levels that lead to a grade, by the method of their criterion.
LEVELS = {
    "member": [
        ("member_1", "Member: Most Important"),
        ("member_2", "Member: Important"),
        ("member_3", "Member: Ordinary"),
    ],
    "key_person": [
        ("role_decides", "Decides"),
        ("role_influences", "Influences"),
        ("role_recommends", "Recommends"),
        ("role_uses", "Uses"),
        ("role_pays", "Pays"),
    ],
    "relation": [
        ("relation_4", "Relation: Trusting"),
        ("relation_3", "Relation: Friendly"),
        ("relation_2", "Relation: Neutral"),
        ("relation_1", "Relation: Distant"),
    ],
}


class KeyAccountGradeThreshold(models.Model):
    """What a criterion asks for a grade: bounds, a share of the places, or a level.

    A lower bound belongs to the grade, an upper bound to the next one.
    """

    _name = "key.account.grade.threshold"
    _description = "Threshold of a Grade"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, criterion, sequence, id"
    _rule_parent = "rule_id"
    _rec_name = "grade_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.grade.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    criterion = fields.Char(required=True, help="Code of the criterion.")
    grade_id = fields.Many2one(
        comodel_name="key.account.grade", required=True, ondelete="restrict"
    )
    lower = fields.Float(
        string="From",
        digits=(16, 2),
        help="Revenue, growth value or score that earns the grade; included.",
    )
    upper = fields.Float(
        string="To",
        digits=(16, 2),
        help="Where the next grade begins; not included. 0: no upper bound.",
    )
    share = fields.Float(
        string="Up to Place (%)",
        digits=(5, 2),
        help="Share of the customers, counted from the highest revenue.",
    )
    level = fields.Selection(
        selection=[level for levels in LEVELS.values() for level in levels]
    )
    is_rest = fields.Boolean(
        string="All Others", help="Whoever reaches no other grade of the criterion."
    )
    currency_id = fields.Many2one(related="rule_id.currency_id")

    _share_range = models.Constraint(
        "CHECK (share >= 0 AND share <= 100)", "A share lies between 0 and 100 percent."
    )
