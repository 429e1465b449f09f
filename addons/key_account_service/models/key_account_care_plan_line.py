# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from odoo.addons.key_account_crm.models.res_partner import KINDS

from .key_account_care_plan import COUNTED

MEANS = [
    ("visit", "Visit"),
    ("call", "Call"),
    ("gift", "Gift"),
    ("card", "Greeting Card"),
    ("message", "Written Greeting"),
    ("training", "Training at the Premises"),
    ("bill_delivery", "Bill Delivered at the Premises"),
    ("collection", "Fees Collected at the Premises"),
    ("business", "Business Handled at the Premises"),
    ("recommendation", "Recommendation"),
    ("attendance", "Attending the Anniversary"),
    ("reward", "Reward for Loyalty"),
    ("guide", "Customer Education"),
]
# By which way of contact a means reaches the customer: what an opt-out is about.
CHANNEL_OF_MEANS = {
    "visit": "visit",
    "call": "call",
    "gift": "gift",
    "card": "mail",
    "message": "mail",
    "training": "visit",
    "bill_delivery": "visit",
    "collection": "visit",
    "business": "visit",
    "recommendation": "call",
    "attendance": "visit",
    "reward": "gift",
    "guide": "mail",
}
EXECUTORS = [
    ("manager", "Account Manager"),
    ("head", "Head of the Unit"),
    ("user", "A Named Person"),
]


class KeyAccountCarePlanLine(models.Model):
    """What a care plan does for customers of a kind and grade: by which means, how
    long before the day, with which gift, at what cost, by whom."""

    _name = "key.account.care.plan.line"
    _description = "Row of a Care Plan"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, sequence, step, id"

    rule_id = fields.Many2one(
        comodel_name="key.account.care.plan",
        string="Plan",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=KINDS, string="Customer Kind", help="Empty: all kinds."
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all grades that have no row of their own.",
    )
    step = fields.Integer(
        string="Step Number",
        default=1,
        required=True,
        aggregator=None,
        help="Of several acts before the same day, such as 60, 30 and 7 days before a "
        "contract ends: each is a step with its own lead time.",
    )
    name = fields.Char(string="What", required=True, translate=True)
    means = fields.Selection(selection=MEANS, required=True, default="call")
    lead_days = fields.Integer(
        string="Days before", default=3, help="How long before the day it is planned."
    )
    interval_days = fields.Integer(
        string="After Days",
        help="Without contact, or since the last time: after how many days.",
    )
    years_from = fields.Integer(
        string="From Year", default=1, help="Of an anniversary: from which one on."
    )
    years_every = fields.Integer(
        string="Every Years", default=1, help="Of an anniversary: 5 is every fifth one."
    )
    gift_id = fields.Many2one(
        comodel_name="key.account.gift",
        string="Gift",
        index="btree_not_null",
        ondelete="restrict",
    )
    gift_quantity = fields.Integer(string="Pieces", default=1)
    cost = fields.Monetary(help="Planned for one act, besides the gift.")
    budget_year = fields.Monetary(
        string="Yearly Budget",
        help="What all care of one customer may cost in a calendar year. Zero: no "
        "limit.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    executor = fields.Selection(
        selection=EXECUTORS, string="Done by", required=True, default="manager"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Named Person",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("key_account_role", "!=", False)],
    )

    _positive = models.Constraint(
        "CHECK (step > 0 AND lead_days >= 0 AND interval_days >= 0 AND years_from > 0 "
        "AND years_every > 0 AND gift_quantity > 0 AND cost >= 0 AND budget_year >= 0)",
        "Steps, years and pieces are one or more; days, cost and budget zero or more.",
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _get_label(self):
        """Whom the row is about, in words."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return " · ".join(
            [
                kinds.get(self.kind) or self.env._("All kinds"),
                self.grade_id.name or self.env._("All grades"),
                self.env._("step %(step)s", step=self.step),
            ]
        )

    def _get_problems(self):
        self.ensure_one()
        problems, label = [], self._get_label()
        if self.rule_id.occasion in COUNTED and self.interval_days <= 0:
            problems.append(self.env._("%(row)s: say after how many days.", row=label))
        if self.executor == "user" and not self.user_id:
            problems.append(self.env._("%(row)s: say who does it.", row=label))
        return problems
