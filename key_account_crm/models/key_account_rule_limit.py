# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

KINDS = [
    ("range", "From … to"),
    ("percent", "Plus or minus %"),
    ("free", "Anything"),
]


class KeyAccountRuleLimit(models.Model):
    """What of a central version a unit may set for itself, and how far (RULE-04)."""

    _name = "key.account.rule.limit"
    _description = "Limit of Unit Overrides"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "res_model, res_id, path, id"
    _rec_name = "path"
    _rule_parent = "res_id"

    res_model = fields.Char(string="Rule Model", required=True, index=True)
    res_id = fields.Many2oneReference(
        string="Version", model_field="res_model", required=True, index=True
    )
    path = fields.Char(
        string="Value",
        required=True,
        help="Technical name of what a unit may set: a field of the rule, or of its "
        "rows, for example component_ids.weight.",
    )
    label = fields.Char(string="Name of the Value", compute="_compute_label")
    row = fields.Char(
        help="Which row, by what identifies it (a code). Empty: all rows."
    )
    kind = fields.Selection(selection=KINDS, default="range", required=True)
    minimum = fields.Float(digits=(16, 4))
    maximum = fields.Float(digits=(16, 4))
    percent = fields.Float(digits=(16, 4), help="Of the central value.")

    _range_order = models.Constraint(
        "CHECK (kind <> 'range' OR minimum <= maximum)",
        "A range begins below its end: correct the limit.",
    )
    _percent_positive = models.Constraint(
        "CHECK (kind <> 'percent' OR percent >= 0)",
        "A percentage up and down is zero or more: correct the limit.",
    )
    _path_uniq = models.UniqueIndex(
        "(res_model, res_id, path, COALESCE(\"row\", ''))",
        "This value has a limit already: change that one.",
    )

    @api.depends("path", "res_model")
    @api.depends_context("lang")
    def _compute_label(self):
        for limit in self:
            rules = self.env.get(limit.res_model)
            field = rules is not None and rules._get_path_field(limit.path)
            limit.label = field and field._description_string(self.env)

    def _get_rules(self):
        """Limits belong to versions of any one rule model at a time."""
        [name] = set(self.mapped("res_model"))
        return self.env[name].browse(self.mapped("res_id"))

    def _check_rule_is_draft(self):
        for limits in self.grouped("res_model").values():
            super(KeyAccountRuleLimit, limits)._check_rule_is_draft()

    def _get_range(self, central):
        """Lowest and highest value a unit may set, or None where it is free."""
        if self.kind == "free":
            return None
        if self.kind == "range":
            return self.minimum, self.maximum
        reach = abs(central or 0) * self.percent / 100
        return (central or 0) - reach, (central or 0) + reach
