# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

MEASURES = [
    ("members", "Bills of the Members"),
    ("own", "Own Bills"),
    ("unified", "Unified Payment"),
    ("staff", "Staff"),
    ("vnet", "V-Net Users"),
    ("products", "Products Used"),
    ("informatisation", "Informatisation Level"),
    ("contract_years", "Years since Signing"),
    ("member_churn", "Members Lost in the Year (%)"),
    ("influence", "Influence"),
    ("tax_rank", "Revenue and Tax Rank"),
]


class KeyAccountGradeComponent(models.Model):
    """A part of a value score (0 to 100): what counts, for how many points (GRD-14).

    Points grow in proportion up to the figure that earns all of them. Members lost
    cost as many points as none lost earn; the first rank earns all, ranks beyond the
    full figure none.
    """

    _name = "key.account.grade.component"
    _description = "Part of a Value Score"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, criterion, sequence, id"
    _rule_parent = "rule_id"
    _rec_name = "measure"

    rule_id = fields.Many2one(
        comodel_name="key.account.grade.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    criterion = fields.Char(required=True, help="Code of the criterion.")
    measure = fields.Selection(selection=MEASURES, required=True)
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        ondelete="restrict",
        help="Of the bills; empty: all lines.",
    )
    weight = fields.Float(
        digits=(5, 2), required=True, help="Points when all is given."
    )
    full = fields.Float(
        string="Full Points at", digits=(16, 2), required=True, default=1
    )

    _weight_range = models.Constraint(
        "CHECK (weight > 0 AND weight <= 100)", "A weight lies between 0 and 100."
    )
    _full_positive = models.Constraint(
        'CHECK ("full" > 0)', "Say which figure earns all points."
    )
