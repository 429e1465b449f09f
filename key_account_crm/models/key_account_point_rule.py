# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

BASES = [
    ("on_time", "Paid on time"),
    ("paid", "Paid"),
    ("billed", "Billed"),
]
# What may count towards the value points of a year: field of the rule by kind.
VALUE_KINDS = {
    "consumption": "is_value_consumption",
    "tenure": "is_value_tenure",
    "credit": "is_value_credit",
    "data": "is_value_data",
    "reward": "is_value_reward",
}


class KeyAccountPointRule(models.Model):
    """One version of how points are earned, used and lost (PTS-02, domain 2.4).

    Points of a month are computed per pot (customer, line, number) from its bills:

    * consumption: so many points per currency unit of what the basis names, at most
      what was billed after credit notes, times the multiplier of the grade;
    * tenure, credit: the share of these points, and the points, of the highest band
      that the months in net, or the months on time in a row, reach;
    * data service: the same by the month's amount, of bills of the lines named.

    Fractions are dropped. A month keeps the version it was first computed by.
    """

    _name = "key.account.point.rule"
    _description = "Points Rule"
    _inherit = ["key.account.rule.mixin"]
    _order = "date_from desc, id desc"
    _rule_key = ()
    _rule_children = {
        "band_ids": ("kind", "value_from"),
        "multiplier_ids": ("grade_code",),
    }

    basis = fields.Selection(
        selection=BASES,
        default="on_time",
        required=True,
        help="What of the month's bills earns points.",
    )
    grace_days = fields.Integer(
        string="Days of Grace",
        help="So many days after the due date a payment still is on time.",
    )
    rate = fields.Float(
        string="Points per Unit",
        default=1.0,
        required=True,
        digits=(16, 4),
        help="Points for one currency unit.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        ondelete="restrict",
        help="Only bills in this currency earn points; empty: all, each by its own "
        "unit.",
    )
    excluded_line_ids = fields.Many2many(
        comodel_name="key.account.line",
        relation="key_account_point_rule_excluded_rel",
        column1="rule_id",
        column2="line_id",
        string="Lines without Points",
        help="Bills of these lines earn nothing, agency fees for instance.",
    )
    data_line_ids = fields.Many2many(
        comodel_name="key.account.line",
        relation="key_account_point_rule_data_rel",
        column1="rule_id",
        column2="line_id",
        string="Data Service Lines",
    )
    band_ids = fields.One2many(
        comodel_name="key.account.point.band",
        inverse_name="rule_id",
        string="Bands",
        copy=True,
    )
    multiplier_ids = fields.One2many(
        comodel_name="key.account.point.multiplier",
        inverse_name="rule_id",
        string="Multipliers by Grade",
        copy=True,
    )
    is_value_consumption = fields.Boolean(string="Consumption Points", default=True)
    is_value_tenure = fields.Boolean(string="Tenure Points", default=True)
    is_value_credit = fields.Boolean(string="Credit Points", default=True)
    is_value_data = fields.Boolean(string="Data Service Points", default=True)
    is_value_reward = fields.Boolean(string="Reward Points")
    expires = fields.Boolean(
        string="Points Expire",
        default=True,
        help="What is left of a year's points is cleared at the end of a later year.",
    )
    keep_years = fields.Integer(
        string="Years Kept",
        default=2,
        help="Points of the year T expire at the end of the year T + this number.",
    )
    clears_on_leaving = fields.Boolean(
        string="Cleared on Leaving",
        default=True,
        help="When a customer leaves, or a number is closed.",
    )
    clears_on_brand = fields.Boolean(
        string="Cleared on Brand Change",
        default=True,
        help="When a number changes from one brand to another.",
    )
    redemption_limit = fields.Integer(
        string="Redemption without Approval up to",
        default=5000,
        help="Redeeming more points waits for another person's approval.",
    )
    adjustment_limit = fields.Integer(
        string="Largest Adjustment",
        default=100000,
        help="Points that one reward or adjustment may give or take. Each waits for "
        "another person's approval.",
    )

    _positive = models.Constraint(
        "CHECK (rate >= 0 AND grace_days >= 0 AND keep_years >= 0 "
        "AND redemption_limit >= 0 AND adjustment_limit >= 0)",
        "Rates, days, years and limits of points are zero or more.",
    )

    def _rule_problems(self):
        return [
            *super()._rule_problems(),
            *self._get_band_problems(),
            *self._get_line_problems(),
            *self._get_multiplier_problems(),
        ]

    def _get_band_problems(self):
        """Bands begin at a bound each, so that they cannot leave a gap or overlap."""
        bands = self.band_ids
        kinds = dict(bands._fields["kind"]._description_selection(self.env))
        problems = []
        for kind, rows in bands.grouped("kind").items():
            bounds = [band.value_from for band in rows]
            problems += [
                self.env._(
                    "%(kind)s: two bands begin at %(bound)s, so they overlap: "
                    "change one of them.",
                    kind=kinds[kind],
                    bound=f"{bound:g}",
                )
                for bound in sorted({b for b in bounds if bounds.count(b) > 1})
            ]
        return problems

    def _get_line_problems(self):
        """What is given refers to something."""
        bands, problems = self.band_ids, []
        if not self.data_line_ids and bands.filtered(lambda b: b.kind == "data"):
            problems.append(
                self.env._(
                    "No business line is a data service line, though such lines would "
                    "earn points: choose the lines, or remove the bands."
                )
            )
        if not self.rate and bands.filtered("percent"):
            problems.append(
                self.env._(
                    "Shares of consumption points are given, but a currency unit "
                    "earns no points: give a rate."
                )
            )
        both = self.excluded_line_ids & self.data_line_ids
        if both:
            problems.append(
                self.env._(
                    "%(lines)s: a line without points cannot be a data service line.",
                    lines=", ".join(both.mapped("name")),
                )
            )
        return problems

    def _get_multiplier_problems(self):
        codes = self.multiplier_ids.mapped("grade_code")
        problems = [
            self.env._("Grade %(code)s has two multipliers: leave one.", code=code)
            for code in sorted({code for code in codes if codes.count(code) > 1})
        ]
        problems += [
            self.env._("There is no grade with the code %(code)s.", code=code)
            for code in sorted(set(codes) - self._get_grade_codes())
        ]
        return problems

    def _get_last_decision_date(self):
        """The end of the last month that was computed by one of these versions."""
        if not self.ids:
            return None
        self.env["key.account.point.run"].flush_model()
        [[last]] = self.env.execute_query(
            SQL(
                """
                SELECT MAX(run.last_day) FROM key_account_point_rule AS rule
                  JOIN (
                    SELECT (month + interval '1 month - 1 day')::date AS last_day
                      FROM key_account_point_run WHERE date_looked IS NOT NULL
                  ) AS run
                    ON run.last_day >= rule.date_from
                   AND run.last_day <= COALESCE(rule.date_to, 'infinity')
                 WHERE rule.id = ANY(%s) AND rule.state = 'approved'
                """,
                self.ids,
            )
        )
        return last

    @api.model
    def _get_grade_codes(self):
        """Codes of the grades there are."""
        grades = self.env["key.account.grade"].with_context(active_test=False)
        return set(grades.search([]).mapped("code"))

    def _get_first_year(self, day):
        """The earliest year whose points may be used on a day."""
        if not self or not self.expires:
            return 0
        return day.year - self.keep_years
