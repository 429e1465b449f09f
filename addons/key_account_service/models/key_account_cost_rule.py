# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

SOURCES = [
    ("contact", "Customer Contact"),
    ("request", "Request"),
    ("inquiry", "Inquiry"),
    ("complaint", "Complaint"),
    ("care", "Care"),
]


class KeyAccountCostRule(models.Model):
    """What serving customers costs: rates per kind of service, line and grade.

    A rate is an amount for each time, for each hour and for each kilometre. The most
    particular one counts: of the kind before any kind, of the line before any line, of
    the grade before any grade.
    """

    _name = "key.account.cost.rule"
    _description = "Cost Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_key = ()
    _rule_children = {"rate_ids": ("source", "kind_id", "line_id", "grade_code")}

    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    rate_ids = fields.One2many(
        comodel_name="key.account.cost.rate",
        inverse_name="rule_id",
        string="Rates",
        copy=True,
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if not self.rate_ids:
            problems.append(self.env._("There is no rate: add what a service costs."))
        # sudo: only the codes of the dictionary are looked at.
        grades = self.env["key.account.grade"].sudo().with_context(active_test=False)
        known = set(grades.search([]).mapped("code"))
        unknown = {rate.grade_code for rate in self.rate_ids} - known - {False}
        return problems + [
            self.env._(
                "There is no grade with the code %(code)s: write it as it stands in "
                "the dictionary of grades.",
                code=code,
            )
            for code in sorted(unknown)
        ]

    def _get_last_decision_date(self):
        """The last day of a service whose cost rests on these versions."""
        days = []
        self.env.flush_all()
        for name in self._get_costed_models():
            table = SQL.identifier(self.env[name]._table)
            day = self.env[name]._cost_get_day_sql()
            query = SQL(
                "SELECT MAX(%s)::date FROM %s AS fact WHERE cost_rule_id = ANY(%s)",
                day,
                table,
                self.ids,
            )
            days += [row[0] for row in self.env.execute_query(query)]
        return max(filter(None, days), default=None)

    @api.model
    def _get_costed_models(self):
        mixin = self.env.registry["key.account.cost.mixin"]
        names = set(mixin._inherit_children) - {"key.account.cost.mixin"}
        return sorted(name for name in names if self.env[name]._auto)

    def _get_cost(self, record, basis):
        """What this version says that a service has cost, rounded to the cent."""
        self.ensure_one()
        rate = self._find_rate(record, basis)
        amount = rate.fixed + rate.per_hour * basis["hours"] + rate.per_km * basis["km"]
        return self.currency_id.round(amount)

    def _find_rate(self, record, basis):
        # sudo: the grade is a figure of the basic file; only a rate comes of it.
        grade = record.partner_id.sudo().key_account_standing_ids.grade_id.code
        asked = (
            ("kind_id", basis["kind"].id),
            ("line_id", record.line_id.id),
            ("grade_code", grade or False),
        )

        def fits(rate):
            values = ((_value(rate, name), wanted) for name, wanted in asked)
            return all(not value or value == wanted for value, wanted in values)

        fitting = self.rate_ids.filtered(
            lambda rate: rate.source == record._cost_source and fits(rate)
        )
        return fitting.sorted(
            lambda rate: [bool(_value(rate, name)) for name, _wanted in asked],
            reverse=True,
        )[:1]


def _value(rate, name):
    return rate[name].id if name.endswith("_id") else rate[name]
