# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..grading import parse_steps

METHODS = [
    ("revenue", "Revenue"),
    ("rank", "Rank by Revenue"),
    ("growth", "Growth Value"),
    ("value_score", "Value Score"),
    ("member", "Important Member of a Group"),
    ("key_person", "Key Person"),
    ("relation", "Personal Relation"),
]
# Methods whose thresholds are bounds of a number.
BOUNDED = ("revenue", "growth", "value_score")
MONEY = ("revenue", "rank")


class KeyAccountGradeCriterion(models.Model):
    """One way to a grade: what is looked at, over which time (GRD-11, GRD-13, GRD-14).

    An addon adds a method with a selection value and ``_get_<method>_query``,
    ``_get_<method>_level`` and ``_say_<method>``.
    """

    _name = "key.account.grade.criterion"
    _description = "Criterion of a Grade Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, sequence, id"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.grade.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Thresholds name the criterion by it.")
    name = fields.Char(required=True, translate=True)
    method = fields.Selection(selection=METHODS, required=True, default="revenue")
    measure = fields.Selection(
        selection=[("average", "Average of a Month"), ("total", "Total")],
        default="total",
        required=True,
    )
    basis = fields.Selection(
        selection=[
            ("period", "Months Billed"),
            ("date", "Bill Dates"),
            ("year", "Last Calendar Year"),
        ],
        default="period",
        required=True,
        help="Months Billed: the last months up to the month of the run. Bill Dates: "
        "the time up to the day of the run, that day included and the first one not.",
    )
    months = fields.Integer(default=12, help="How many of them.")
    days = fields.Integer(help="Instead of months, with Bill Dates.")
    is_gross = fields.Boolean(
        string="Gross", help="Bills and their corrections, without credit notes."
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        ondelete="restrict",
        help="Empty: all lines together.",
    )
    population = fields.Selection(
        selection=[
            ("all", "All Customers of the Rule"),
            ("billed", "Those Ever Billed"),
        ],
        default="all",
        required=True,
        help="Among whom the places are given: the highest revenue first, of equal "
        "ones the lower customer code; the number of places is rounded down.",
    )
    tenure_min = fields.Integer(
        string="Takes Part after", default=12, help="Months as a customer."
    )
    tenure_steps = fields.Char(
        string="Points of Tenure",
        default="1:100 3:200 10:300",
        help="years:points, from that year on; for example 1:100 3:200 10:300.",
    )
    suspension_points = fields.Integer(
        string="Points off per Suspension", default=100, help="Because of arrears."
    )
    suspension_limit = fields.Integer(string="Points off at most", default=500)
    is_suggestion = fields.Boolean(
        string="Suggests Only", help="A person confirms the grade it leads to."
    )
    currency_id = fields.Many2one(related="rule_id.currency_id")

    _code_uniq = models.Constraint(
        "UNIQUE (rule_id, code)", "The rule has a criterion with this code."
    )
    _window_positive = models.Constraint(
        "CHECK (months > 0 AND COALESCE(days, 0) >= 0)",
        "Say over how many months or days the criterion looks back.",
    )
    _points_positive = models.Constraint(
        "CHECK (tenure_min >= 0 AND suspension_points >= 0 AND suspension_limit >= 0)",
        "Months and points are counted: none can be negative.",
    )

    @api.constrains("tenure_steps")
    def _check_tenure_steps(self):
        for criterion in self:
            try:
                parse_steps(criterion.tenure_steps)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(text)s does not say points of tenure: write years:points "
                        "in ascending order, for example 1:100 3:200 10:300.",
                        text=criterion.tenure_steps,
                    )
                ) from error
