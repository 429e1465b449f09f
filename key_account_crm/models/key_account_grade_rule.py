# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .res_partner import KINDS


class KeyAccountGradeRule(models.Model):
    """One version of the rule that grades a kind of customers (GRD-03, GRD-05).

    Each criterion leads to a grade; the highest applicable one is the grade the rule
    aims at (GRD-13). It is reached after so many periods in a row, left after a grace.
    """

    _name = "key.account.grade.rule"
    _description = "Grade Rule"
    _inherit = ["key.account.rule.mixin"]
    _order = "kind, date_from desc, id desc"
    _rule_key = ("kind",)
    _rule_children = {
        "criterion_ids": ("code",),
        "threshold_ids": ("criterion", "grade_id", "level"),
        "component_ids": ("criterion", "measure", "line_id"),
    }

    kind = fields.Selection(selection=KINDS, string="Customer Kind", required=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        ondelete="restrict",
        help="Of the thresholds; revenue in other currencies is converted at the rate "
        "of the day of the run. Empty: that of the centre's company.",
    )
    criterion_ids = fields.One2many(
        comodel_name="key.account.grade.criterion",
        inverse_name="rule_id",
        string="Criteria",
        copy=True,
    )
    threshold_ids = fields.One2many(
        comodel_name="key.account.grade.threshold",
        inverse_name="rule_id",
        string="Thresholds",
        copy=True,
    )
    component_ids = fields.One2many(
        comodel_name="key.account.grade.component",
        inverse_name="rule_id",
        string="Parts of Value Scores",
        copy=True,
    )
    up_periods = fields.Integer(
        string="Up after",
        default=3,
        help="Runs of consecutive months in which the higher grade is met. The first "
        "grade of a customer is given at once.",
    )
    down_periods = fields.Integer(
        string="Down after",
        default=6,
        help="Grace: runs of consecutive months in which the grade is not met.",
    )
    is_down_yearly = fields.Boolean(
        string="Down at the Yearly Re-check only",
        help="Or when the membership ends.",
    )
    confirm_up = fields.Boolean(
        string="Confirm Upgrades", help="A person confirms what a run proposes."
    )
    confirm_down = fields.Boolean(
        string="Confirm Downgrades", help="A person confirms what a run proposes."
    )
    validity_months = fields.Integer(
        string="Membership",
        default=12,
        help="Months a grade is valid, the month of the decision included; then it is "
        "checked again. 0: without end.",
    )
    arrears_days = fields.Integer(
        string="Arrears of more than",
        default=0,
        help="Days past the due date after which a customer is graded lower at once. "
        "0: arrears do not count.",
    )
    arrears_steps = fields.Integer(
        string="Grades Lower", default=1, help="As long as the arrears last."
    )
    notice_days = fields.Integer(
        string="Notice",
        default=30,
        help="Days before the end of a membership at which manager and customer are "
        "told.",
    )

    _periods_positive = models.Constraint(
        "CHECK (up_periods > 0 AND down_periods > 0)",
        "Up and down are counted in periods: at least one each.",
    )
    _counts_positive = models.Constraint(
        "CHECK (validity_months >= 0 AND arrears_days >= 0 AND arrears_steps > 0 "
        "AND notice_days >= 0)",
        "Days and months are counted: none can be negative, and arrears drop a "
        "customer by at least one grade.",
    )

    def _get_currency(self):
        """The currency of the thresholds."""
        if self.currency_id:
            return self.currency_id
        centre = self.env["key.account.unit"]._get_centre_company_id()
        # sudo: the currency of the centre's company is no secret.
        company = self.env["res.company"].sudo().browse(centre) or self.env.company
        return company.currency_id.sudo(False)

    def _get_ladder(self):
        """The grades this version leads to, lowest first. The place of a grade in it,
        from 1 on, is its level in SQL; 0 is no grade."""
        self.ensure_one()
        grades = self.threshold_ids.grade_id
        return grades.sorted(lambda grade: (grade.rank, -grade._origin.id))

    def _get_criteria(self):
        return self.criterion_ids.sorted(lambda c: (c.sequence, c.id))

    def _get_thresholds(self, criterion):
        return self.threshold_ids.filtered(lambda t: t.criterion == criterion.code)

    def _get_components(self, criterion):
        return self.component_ids.filtered(lambda c: c.criterion == criterion.code)

    def _get_last_decision_date(self):
        # sudo: decisions on customers of every unit count; only their date is used.
        [[day]] = (
            self.env["key.account.grade.move"]
            .sudo()
            ._read_group([("rule_id", "in", self.ids)], [], ["date:max"])
        )
        return day or None
