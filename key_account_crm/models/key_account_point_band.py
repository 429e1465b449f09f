# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

KINDS = [
    ("tenure", "Tenure: months in net"),
    ("credit", "Credit: months on time in a row"),
    ("data", "Data service: amount of the month"),
]


class KeyAccountPointBand(models.Model):
    """From a bound on, up to where the next band begins, a month earns this (PTS-02).

    Bands are given by where they begin (included), hence they neither overlap nor leave
    a gap; below the first one nothing is earned.
    """

    _name = "key.account.point.band"
    _description = "Band of a Points Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, kind, value_from, id"
    _rule_parent = "rule_id"
    _rec_name = "kind"

    rule_id = fields.Many2one(
        comodel_name="key.account.point.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(selection=KINDS, required=True, default="tenure")
    value_from = fields.Float(
        string="From",
        required=True,
        digits=(16, 2),
        help="Months, or for data service the month's amount; included.",
    )
    percent = fields.Float(
        string="Share (%)",
        digits=(16, 4),
        help="Of the month's consumption points.",
    )
    points = fields.Integer(help="Given besides the share.")

    _positive = models.Constraint(
        "CHECK (value_from >= 0 AND percent >= 0 AND points >= 0)",
        "Bounds, shares and points of a band are zero or more.",
    )
    _credit_months = models.Constraint(
        "CHECK (kind <> 'credit' OR (value_from >= 1 AND value_from <= 36))",
        "Credit looks at 1 to 36 months in a row.",
    )
