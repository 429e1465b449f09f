# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..life_cycle import share_of_amount, share_of_end, share_of_level

# What a follower assesses on the potential file, worst to best; the place in the list
# is the level.
LEVELS = {
    "growth": [
        ("0", "Shrinks"),
        ("1", "Stagnates"),
        ("2", "Grows Slowly"),
        ("3", "Grows"),
        ("4", "Grows Fast"),
    ],
    "reachability": [
        ("0", "Unknown"),
        ("1", "Known by Name"),
        ("2", "Reached through Others"),
        ("3", "Reached Directly"),
        ("4", "Meets Us Regularly"),
    ],
    "need_clarity": [
        ("0", "None Known"),
        ("1", "Vague"),
        ("2", "Described"),
        ("3", "Specified"),
        ("4", "Asked for an Offer"),
    ],
    "credit": [
        ("0", "Bad"),
        ("1", "Doubtful"),
        ("2", "Fair"),
        ("3", "Good"),
        ("4", "Very Good"),
    ],
}
TOP_LEVEL = 4


class KeyAccountQualificationComponent(models.Model):
    """A part of a qualification rule: what it looks at, how, and for how many points.

    An addon adds a method with a selection value and two functions: ``_measure_…``
    gives the share of the weight (0 to 1) and the facts, ``_explain_…`` the words.
    """

    _name = "key.account.qualification.component"
    _description = "Qualification Component"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, sequence, id"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.qualification.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    weight = fields.Integer(required=True, help="Points when everything is given.")
    method = fields.Selection(
        selection=[
            ("amount", "Yearly revenue against an amount"),
            ("level", "Level assessed on the file"),
            ("end", "Supplier's contract ends soon"),
        ],
        required=True,
        default="level",
    )
    level_field = fields.Selection(
        selection=[
            ("growth", "Growth"),
            ("reachability", "Reachability"),
            ("need_clarity", "Clarity of Needs"),
            ("credit", "Credit"),
        ],
        string="Assessed",
    )
    amount = fields.Monetary(
        string="Full Points at",
        default=10000,
        help="Estimated revenue a year that earns all points: the threshold of the "
        "lowest grade.",
    )
    months = fields.Integer(default=6, help="Within how many months it must end.")
    currency_id = fields.Many2one(related="rule_id.currency_id")

    _code_uniq = models.Constraint(
        "UNIQUE (rule_id, code)", "The rule has a component with this code."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0 AND weight <= 100)", "A weight lies between 1 and 100."
    )
    _amount_positive = models.Constraint(
        "CHECK (method <> 'amount' OR amount > 0)",
        "Say at which yearly revenue all points are earned.",
    )
    _months_positive = models.Constraint(
        "CHECK (method <> 'end' OR months > 0)",
        "Say within how many months the supplier's contract ends.",
    )
    _level_given = models.Constraint(
        "CHECK (method <> 'level' OR level_field IS NOT NULL)",
        "Say which assessment of the file earns the points.",
    )

    def _measure(self, potential, day):
        """The points of a potential file on a day, and the facts they rest on."""
        self.ensure_one()
        share, facts = getattr(self, f"_measure_{self.method}")(potential, day)
        return {
            "component_id": self.id,
            "code": self.code,
            "name": self.name,
            "method": self.method,
            "weight": self.weight,
            "points": round(self.weight * share, 2),
            "facts": facts,
        }

    def _measure_amount(self, potential, day):
        currency = potential.currency_id or self.currency_id
        year = currency._convert(
            potential.revenue_year, self.currency_id, self.env.company, day
        )
        facts = {"amount": year, "full": self.amount, "currency": self.currency_id.id}
        return share_of_amount(year, self.amount), facts

    def _measure_level(self, potential, day):
        level = potential[self.level_field]
        facts = {"field": self.level_field, "level": level}
        return share_of_level(int(level) if level else None, TOP_LEVEL), facts

    def _measure_end(self, potential, day):
        end = potential.date_supplier_end
        facts = {"end": end and fields.Date.to_string(end), "months": self.months}
        return share_of_end(day, end, self.months), facts

    @api.model
    def _explain(self, part):
        """The reason of a measured part in the reader's words."""
        return getattr(self, f"_explain_{part['method']}")(part["facts"])

    @api.model
    def _explain_amount(self, facts):
        currency = self.env["res.currency"].browse(facts["currency"])
        return self.env._(
            "%(amount)s a year expected, all points from %(full)s on",
            amount=format_amount(self.env, facts["amount"], currency),
            full=format_amount(self.env, facts["full"], currency),
        )

    @api.model
    def _explain_level(self, facts):
        if not facts["level"]:
            return self.env._("not assessed yet")
        field = self.env["key.account.potential"]._fields[facts["field"]]
        return self.env._(
            "assessed: %(level)s (%(place)s of %(top)s)",
            level=dict(field._description_selection(self.env))[facts["level"]],
            place=facts["level"],
            top=TOP_LEVEL,
        )

    @api.model
    def _explain_end(self, facts):
        if not facts["end"]:
            return self.env._("the end of the supplier's contract is not known")
        return self.env._(
            "the supplier's contract ends on %(end)s, points within %(months)s months",
            end=format_date(self.env, facts["end"]),
            months=facts["months"],
        )
