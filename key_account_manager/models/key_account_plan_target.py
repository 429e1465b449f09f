# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

CAP = 120
SPLIT_KEYS = [
    ("equal", "Equal Parts"),
    ("last_year", "Last Year's Share"),
    ("potential", "Potential"),
    ("same", "The Same for Everybody"),
    ("hand", "By Hand"),
]


def complete(direction, target, actual):
    """Percent of a target that is reached; of figures that are to be low, 100 where
    they are as planned and more where they are lower.

    >>> complete("up", 200, 150), complete("down", 4, 5), complete("up", 0, -1)
    (75.0, 75.0, 0.0)
    """
    if not target:
        is_kept = actual <= 0 if direction == "down" else actual >= 0
        return 100.0 if is_kept else 0.0
    share = actual / target if target > 0 else 2 - actual / target
    if direction == "down":
        share = 2 - share
    return max(100.0 * share, 0.0)


class KeyAccountPlanTarget(models.Model):
    """How much of an indicator a plan is to reach, and how much of it is reached.

    The actual figure is measured when somebody looks (TRK-01), and what was frozen is
    shown once the plan is archived (TRK-05).
    """

    _name = "key.account.plan.target"
    _description = "Plan Target"
    _inherit = ["key.account.plan.part.mixin"]
    _order = "plan_id, sequence, id"
    _rec_name = "indicator_id"
    _key_account_export_roles = FIGURE_ROLES

    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        comodel_name="key.account.indicator",
        required=True,
        index=True,
        ondelete="restrict",
    )
    item_id = fields.Many2one(
        comodel_name="key.account.plan.item",
        string="Item",
        domain="[('plan_id', '=', plan_id)]",
        index="btree_not_null",
        ondelete="set null",
    )
    content_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Content",
        domain=[("category", "=", "plan_content")],
        compute="_compute_content_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    target = fields.Float(digits=(16, 2), aggregator=None)
    weight = fields.Float(
        default=1,
        digits=(16, 2),
        aggregator=None,
        help="In the completion of the plan.",
    )
    split_key = fields.Selection(
        selection=SPLIT_KEYS, default="hand", required=True, string="Split by"
    )
    is_adjusted = fields.Boolean(
        string="Adjusted",
        help="Written by hand: spreading the rest leaves it as it is.",
    )
    parent_id = fields.Many2one(
        comodel_name="key.account.plan.target",
        string="Part of",
        compute="_compute_parent_id",
        help="The target of the superior plan.",
    )
    split_sum = fields.Float(
        string="Sum of Parts",
        compute="_compute_split",
        digits=(16, 2),
        help="What the plans below add up to.",
    )
    split_rest = fields.Float(
        string="Not Split Yet",
        compute="_compute_split",
        digits=(16, 2),
        help="The target less the sum of its parts; below zero, they are too many.",
    )
    is_split = fields.Boolean(
        string="Adds up", compute="_compute_split", help="Parts add up to the whole."
    )
    actual = fields.Float(compute="_compute_actual", digits=(16, 2))
    completion = fields.Float(
        string="Completion (%)", compute="_compute_actual", digits=(16, 1)
    )
    date_measured = fields.Datetime(string="As of", compute="_compute_actual")
    value_unit = fields.Selection(related="indicator_id.value_unit")
    formula = fields.Char(related="indicator_id.formula")
    remark = fields.Char(string="Remarks")
    result_ids = fields.One2many(
        comodel_name="key.account.plan.result", inverse_name="target_id"
    )

    _indicator_uniq = models.UniqueIndex(
        "(plan_id, indicator_id)", "A plan has one target for each indicator."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "A weight is not below 0."
    )

    _plan_part_open_fields = ("remark",)

    @api.depends("item_id.content_id")
    def _compute_content_id(self):
        for target in self:
            target.content_id = target.item_id.content_id or target.content_id

    @api.depends("plan_id.parent_id.target_ids.indicator_id", "indicator_id")
    @api.depends_context("uid")
    def _compute_parent_id(self):
        # sudo: only the ids of superior plans; who may not read them sees nothing.
        above = self.search([("plan_id", "in", self.plan_id.sudo().parent_id.ids)])
        known = {(one.plan_id.id, one.indicator_id): one for one in above}
        for target in self:
            # sudo: as above
            plan = target.plan_id.sudo().parent_id
            target.parent_id = known.get((plan.id, target.indicator_id))

    @api.depends(
        "target",
        "plan_id.child_ids.target_ids.target",
        "plan_id.child_ids.target_ids.indicator_id",
    )
    def _compute_split(self):
        groups = self._read_group(
            [("plan_id.parent_id", "in", self.plan_id.ids)],
            ["plan_id", "indicator_id"],
            ["target:sum"],
        )
        sums = {}
        for plan, indicator, total in groups:
            key = plan.parent_id.id, indicator.id
            sums[key] = sums.get(key, 0) + total
        ways = {plan: plan._get_split_way() for plan in self.plan_id}
        for target in self:
            way = ways.get(target.plan_id)
            adds_up = bool(way and target.indicator_id._is_split(way))
            key = target.plan_id.id, target.indicator_id.id
            target.is_split = adds_up
            target.split_sum = sums.get(key, 0) if adds_up else 0
            rest = target.target - target.split_sum if adds_up else 0
            target.split_rest = round(rest, 2)

    @api.depends(
        "indicator_id",
        "target",
        "plan_id.date_from",
        "plan_id.period",
        "plan_id.unit_id",
        "plan_id.manager_id",
        "plan_id.state",
    )
    def _compute_actual(self):
        measured = self.plan_id._measure(self)
        for target in self:
            actual, moment = measured.get(target._origin.id, (0.0, False))
            target.actual, target.date_measured = actual, moment
            target.completion = complete(
                target.indicator_id.direction, target.target, actual
            )

    @api.constrains("item_id", "plan_id")
    def _check_item_id(self):
        for target in self:
            if target.item_id and target.item_id.plan_id != target.plan_id:
                raise UserError(
                    self.env._("The item belongs to another plan: choose one of this.")
                )

    def write(self, vals):
        if "target" in vals and "is_adjusted" not in vals and not self.env.su:
            vals = {**vals, "is_adjusted": True}
        return super().write(vals)

    def _get_frozen(self):
        """Frozen results of these targets."""
        return self.env["key.account.plan.result"].search(
            [("target_id", "in", self.ids), ("is_frozen", "=", True)]
        )

    def _round(self, value):
        """To the piece or the cent, as the indicator is counted."""
        return round(value, 0 if self.indicator_id.value_unit == "count" else 2)

    def action_view_rows(self):
        """The rows behind the actual figure, those that the reader may open."""
        self.ensure_one()
        return self.plan_id._get_rows_action(self.indicator_id)

    def action_view_parts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.indicator_id.name,
            "res_model": self._name,
            "domain": [
                ("plan_id.parent_id", "=", self.plan_id.id),
                ("indicator_id", "=", self.indicator_id.id),
            ],
            "views": [(False, "list"), (False, "form")],
        }
