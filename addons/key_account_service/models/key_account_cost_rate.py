# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .key_account_cost_rule import SOURCES

# What kind a source is told apart by; the others are told apart by nothing.
CATEGORIES = ("contact_kind", "request_kind", "complaint_type", "care_kind")


class KeyAccountCostRate(models.Model):
    """What one kind of service costs: each time, each hour, each kilometre."""

    _name = "key.account.cost.rate"
    _description = "Rate of a Cost Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, source, id"
    _rec_name = "source"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.cost.rule",
        string="Cost Rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    source = fields.Selection(
        selection=SOURCES, string="Service", required=True, default="contact"
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        ondelete="restrict",
        domain=[("category", "in", CATEGORIES)],
        help="Empty: every kind that has no rate of its own.",
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        ondelete="restrict",
        help="Empty: every line that has no rate of its own.",
    )
    grade_code = fields.Char(
        string="Grade", help="Empty: every grade that has no rate of its own."
    )
    currency_id = fields.Many2one(related="rule_id.currency_id")
    fixed = fields.Monetary(string="Each Time")
    per_hour = fields.Monetary()
    per_km = fields.Monetary(string="Per Kilometre")

    _rate_uniq = models.UniqueIndex(
        "(rule_id, source, kind_id, line_id, grade_code) NULLS NOT DISTINCT",
        "There is a rate for this service, kind, line and grade.",
    )
    _not_negative = models.Constraint(
        "CHECK (fixed >= 0 AND per_hour >= 0 AND per_km >= 0)",
        "A service costs nothing or more: correct the rate.",
    )
