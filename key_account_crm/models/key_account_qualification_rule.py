# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..life_cycle import get_verdict

TOTAL = 100


class KeyAccountQualificationRule(models.Model):
    """One version of how potential customers are scored (GRD-01, RULE-04, domain 2.3).

    Decisions on potential files keep the version they rest on.
    """

    _name = "key.account.qualification.rule"
    _description = "Qualification Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_children = {"component_ids": ("code",)}

    threshold_qualify = fields.Float(
        string="Qualified from", default=60, required=True, digits=(5, 2)
    )
    threshold_nurture = fields.Float(
        string="Nurtured from",
        default=40,
        required=True,
        digits=(5, 2),
        help="Scores below are rejected, with a reason.",
    )
    assign_days = fields.Integer(
        string="Assign within",
        default=3,
        help="Working days in which a qualified customer gets an account manager.",
    )
    nurture_months = fields.Integer(
        string="Review after",
        default=3,
        help="Months after which a nurtured customer is looked at again.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        help="Amounts of a rule are in the currency of the reader's company.",
    )
    component_ids = fields.One2many(
        comodel_name="key.account.qualification.component",
        inverse_name="rule_id",
        string="Components",
        copy=True,
    )
    weight_total = fields.Integer(compute="_compute_weight_total")

    _thresholds_order = models.Constraint(
        "CHECK (0 < threshold_nurture AND threshold_nurture <= threshold_qualify "
        "AND threshold_qualify <= 100)",
        "Thresholds lie between 0 and 100, that of nurturing below that of qualifying.",
    )
    _delays_positive = models.Constraint(
        "CHECK (assign_days >= 0 AND nurture_months >= 0)",
        "Days and months are counted from the decision on: none can be negative.",
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("component_ids.weight")
    def _compute_weight_total(self):
        for rule in self:
            rule.weight_total = sum(rule.component_ids.mapped("weight"))

    def _rule_problems(self):
        problems = super()._rule_problems()
        if self.weight_total != TOTAL:
            problems.append(
                self.env._(
                    "The weights of %(rule)s add up to %(total)s instead of 100: "
                    "change them.",
                    rule=self.name or self.env._("the rule"),
                    total=self.weight_total,
                )
            )
        codes = self.component_ids.mapped("code")
        problems += [
            self.env._("Two components have the code %(code)s: leave one.", code=code)
            for code in sorted(
                {code for code in codes if codes.count(code) > 1 and code}
            )
        ]
        if not 0 < self.threshold_nurture <= self.threshold_qualify <= TOTAL:
            problems.append(
                self.env._(
                    "Thresholds lie between 0 and 100, that of nurturing below that of "
                    "qualifying."
                )
            )
        return problems

    def _get_last_decision_date(self):
        # sudo: decisions of every unit count; only their date is used.
        files = self.env["key.account.potential"].sudo()
        [[day]] = files._read_group(
            [("rule_id", "in", self.ids)], [], ["date_confirmed:max"]
        )
        return day or None

    def _score(self, potential, day):
        """Measure a potential file: (score, list of what each component gave).

        A part says which component it is, its points, and the facts they rest on, so
        that the reason can be put into the words of whoever reads it.
        """
        parts = [component._measure(potential, day) for component in self.component_ids]
        return round(sum(part["points"] for part in parts), 2), parts

    def _get_verdict(self, score):
        return get_verdict(score, self.threshold_qualify, self.threshold_nurture)
