# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

ROLES = ("manager", "head", "company", "centre")


class KeyAccountComplaintRule(models.Model):
    """What is done by rule with complaints: repeats, escalation, call-back,
    compensation (CMP-06, CMP-07, RULE-03)."""

    _name = "key.account.complaint.rule"
    _description = "Complaint Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_key = ()

    repeat_days = fields.Integer(
        string="Repeated within (Days)",
        default=30,
        required=True,
        help="A complaint about the same matter within so many days after another one "
        "repeats it; 0: never.",
    )
    repeat_whose = fields.Selection(
        selection=[
            ("customer", "Of the Same Customer"),
            ("number", "Of the Same Number, where One Is Given"),
        ],
        string="Repeated by",
        default="customer",
        required=True,
    )
    repeat_match = fields.Selection(
        selection=[
            ("type", "The Same Type"),
            ("branch", "The Same Main Type"),
            ("any", "Any Type"),
        ],
        string="The Same Matter Is",
        default="type",
        required=True,
    )
    escalation_repeats = fields.Integer(
        string="Escalate at Repeat",
        default=2,
        required=True,
        help="From this number of repeats on it is escalated at once; 0: never.",
    )
    is_escalated_dissatisfied = fields.Boolean(
        string="Escalate when Not Solved",
        default=True,
        help="A complaint that is opened again at the call-back goes one level up.",
    )
    callback_days = fields.Integer(
        string="Call Back within (Days)", default=3, required=True
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    manager_limit = fields.Monetary(string="An Account Manager Grants", default=200)
    head_limit = fields.Monetary(string="A Department Head Grants", default=1000)
    company_limit = fields.Monetary(string="A Company Manager Grants", default=5000)
    centre_limit = fields.Monetary(
        string="One Person at the Centre Grants",
        default=20000,
        help="Above it a second person at the centre decides.",
    )

    _values = models.Constraint(
        "CHECK (repeat_days >= 0 AND escalation_repeats >= 0 AND callback_days >= 0 "
        "AND manager_limit >= 0)",
        "Days, repeats and limits are not below zero.",
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        limits = [self[f"{role}_limit"] for role in ROLES]
        if limits != sorted(limits):
            problems.append(
                self.env._(
                    "Whoever stands higher grants no less: let the limits of "
                    "compensation rise from the account manager to the centre."
                )
            )
        return problems

    def _get_last_decision_date(self):
        """The day of the last complaint registered where these are in force."""
        # sudo: what others registered counts too; only the day comes out.
        complaints = self.env["key.account.complaint"].sudo()
        last = complaints.search(
            [("rule_id", "in", self.ids)], order="date_accepted desc", limit=1
        )
        return last._clock_get_day() if last else None

    def _get_limit(self, role):
        """Up to which amount a role grants compensation by itself."""
        # sudo: the limit holds for whoever asks.
        rule = self.sudo()
        return rule[f"{role}_limit"] if rule and role in ROLES else 0
