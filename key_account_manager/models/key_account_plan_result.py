# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

from .key_account_plan import PERIODS
from .key_account_plan_target import complete

# What of a target is kept beside the figures: as it was at the moment of measuring.
COPIED = (
    "plan_id",
    "unit_id",
    "manager_id",
    "indicator_id",
    "content_id",
    "date_from",
    "date_to",
    "target",
    "weight",
    "remark",
)


class KeyAccountPlanResult(models.Model):
    """What a plan reached of one target: measured now, or frozen at the due date.

    A frozen row is what the archive keeps (TRK-02, TRK-05): target, actual, completion,
    remarks and the moment of the data. Nobody changes or deletes it, neither through
    the ORM, as superuser too, nor by SQL: a trigger of the table refuses that.
    """

    _name = "key.account.plan.result"
    _description = "Plan Completion"
    _order = "date_from desc, unit_id, manager_id, indicator_id"
    _rec_name = "indicator_id"
    _key_account_export_roles = FIGURE_ROLES
    # Rows of running plans are rewritten with every measuring.
    _key_account_untracked = ("actual", "completion", "date_measured", "version")

    target_id = fields.Many2one(
        comodel_name="key.account.plan.target",
        string="Of the Target",
        required=True,
        ondelete="cascade",
    )
    plan_id = fields.Many2one(
        comodel_name="key.account.plan", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", required=True, index=True, ondelete="restrict"
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
    )
    indicator_id = fields.Many2one(
        comodel_name="key.account.indicator",
        required=True,
        index=True,
        ondelete="restrict",
    )
    version = fields.Integer(
        string="Version of Indicator", readonly=True, aggregator=None
    )
    formula = fields.Char(related="indicator_id.formula")
    content_id = fields.Many2one(
        comodel_name="key.account.term", string="Content", ondelete="restrict"
    )
    period = fields.Selection(selection=PERIODS, required=True)
    date_from = fields.Date(string="Begin", required=True)
    date_to = fields.Date(string="Due on", required=True, index=True)
    target = fields.Float(digits=(16, 2))
    actual = fields.Float(digits=(16, 2))
    rest = fields.Float(
        string="Still to Do",
        compute="_compute_rest",
        digits=(16, 2),
        help="The target less what is reached.",
    )
    completion = fields.Float(string="Completion (%)", digits=(16, 1), aggregator="avg")
    weight = fields.Float(digits=(16, 2), aggregator=None)
    remark = fields.Char(string="Remarks")
    date_measured = fields.Datetime(string="As of", required=True)
    is_frozen = fields.Boolean(string="Frozen", index=True)
    run_id = fields.Many2one(
        comodel_name="key.account.run", string="Frozen by", ondelete="restrict"
    )

    _target_uniq = models.UniqueIndex("(target_id)", "A target has one result.")

    def init(self):
        super().init()
        # The function is that of the logs, which are append-only as a whole.
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS key_account_plan_result_frozen
                ON key_account_plan_result;
            CREATE TRIGGER key_account_plan_result_frozen
                BEFORE UPDATE OR DELETE ON key_account_plan_result
                FOR EACH ROW WHEN (OLD.is_frozen)
                EXECUTE FUNCTION key_account_trace_refuse();
            """
        )

    @api.depends("target", "actual")
    def _compute_rest(self):
        for result in self:
            result.rest = result.target - result.actual

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_by_hand()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand()
        self._refuse_frozen()
        return super().write(vals)

    def unlink(self):
        self._refuse_by_hand()
        self._refuse_frozen()
        return super().unlink()

    def _refuse_by_hand(self):
        if not self.env.su:
            raise UserError(
                self.env._("Results are measured by the system and never written.")
            )

    def _refuse_frozen(self):
        if any(result.is_frozen for result in self):
            raise UserError(
                self.env._("A frozen result stays as it is: it is the archive.")
            )

    @api.model
    def _write_measured(self, targets, actuals, run=None):
        """Bring one row for each target in line; frozen where a run freezes it.

        :param actuals: map of the targets' ids to their figures
        """
        known = self.search([("target_id", "in", targets.ids)])
        by_target = {result.target_id.id: result for result in known}
        fresh = []
        for target in targets:
            vals = self._prepare_vals(target, actuals.get(target.id, 0.0), run)
            result = by_target.get(target.id)
            if not result:
                fresh.append(vals)
            elif not result.is_frozen:
                result.write(vals)
        results = known | self.create(fresh)
        self.flush_model()
        return results

    @api.model
    def _prepare_vals(self, target, actual, run):
        vals = {name: target[name] for name in COPIED}
        vals = {
            n: v.id if isinstance(v, models.BaseModel) else v for n, v in vals.items()
        }
        indicator = target.indicator_id
        return {
            **vals,
            "target_id": target.id,
            "period": target.plan_id.period,
            "version": indicator.version,
            "actual": actual,
            "completion": complete(indicator.direction, target.target, actual),
            "date_measured": run.date_start if run else fields.Datetime.now(),
            "is_frozen": bool(run),
            "run_id": run.id if run else False,
        }

    def action_view_rows(self):
        """The rows behind the figure: those that were counted when it was frozen."""
        self.ensure_one()
        if self.is_frozen:
            return self._get_evidence()._get_rows_action()
        return self.plan_id._get_rows_action(self.indicator_id)

    def action_view_plan(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account.plan",
            "res_id": self.plan_id.id,
            "views": [(False, "form")],
        }

    def _get_evidence(self):
        """What was counted for this result, of the indicators it is made of."""
        self.ensure_one()
        bases = self.indicator_id._get_bases()
        if self.manager_id:
            owner = [("manager_id", "=", self.manager_id.id)]
        else:
            owner = [("unit_id", "in", self.unit_id._get_below().ids)]
        return self.env["key.account.plan.evidence"].search(
            [("run_id", "=", self.run_id.id), ("indicator_id", "in", bases.ids), *owner]
        )
