# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

from .. import periods

PERIODS = [
    ("year", "Year"),
    ("quarter", "Quarter"),
    ("month", "Month"),
    ("week", "Week"),
]
STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("running", "Running"),
    ("due", "Due"),
    ("archived", "Archived"),
]
# What only the steps of a plan write.
STEP_FIELDS = {
    "state",
    "author_id",
    "submitted_by_id",
    "date_submitted",
    "approver_id",
    "date_approved",
    "refusal",
    "run_id",
    "date_archived",
}
# What may still be said of a plan that is no draft.
OPEN_FIELDS = {"note", "message_follower_ids", "message_ids", "activity_ids"}


class KeyAccountPlan(models.Model):
    """What a unit or a manager is to reach in a year, quarter, month or week.

    Plans are a tree (PLAN-06): that of the centre is split into those of its companies,
    theirs into those of departments and managers; or one into shorter ones of the same
    owner. A plan is split one way only, so that the parts of a target add up.
    """

    _name = "key.account.plan"
    _description = "Work Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _parent_store = True
    _order = "date_from desc, date_to desc, parent_path, id"
    _key_account_export_roles = FIGURE_ROLES

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        tracking=True,
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('key_account_unit_id', '=', unit_id)]",
        tracking=True,
        help="Whose plan it is. Empty: the whole unit's.",
    )
    period = fields.Selection(
        selection=PERIODS, default="month", required=True, tracking=True
    )
    date_from = fields.Date(
        string="Begin",
        required=True,
        index=True,
        default=lambda self: periods.begin(fields.Date.context_today(self), "month"),
        tracking=True,
        help="Any day of the period: it becomes its first.",
    )
    date_to = fields.Date(
        string="Due on", compute="_compute_date_to", store=True, index=True
    )
    parent_id = fields.Many2one(
        comodel_name="key.account.plan",
        string="Superior Plan",
        index="btree_not_null",
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        comodel_name="key.account.plan", inverse_name="parent_id", string="Split into"
    )
    child_count = fields.Integer(string="Parts", compute="_compute_child_count")
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    item_ids = fields.One2many(
        comodel_name="key.account.plan.item",
        inverse_name="plan_id",
        string="Items",
        copy=True,
    )
    target_ids = fields.One2many(
        comodel_name="key.account.plan.target",
        inverse_name="plan_id",
        string="Targets",
        copy=True,
    )
    suggestion_ids = fields.One2many(
        comodel_name="key.account.plan.suggestion",
        inverse_name="plan_id",
        string="Suggestions",
    )
    open_suggestion_count = fields.Integer(
        string="Open Suggestions", compute="_compute_open_suggestion_count"
    )
    note = fields.Text(string="Remarks")
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Made by",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    submitted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Submitted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_submitted = fields.Datetime(string="Submitted on", readonly=True, copy=False)
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_approved = fields.Datetime(string="Approved on", readonly=True, copy=False)
    refusal = fields.Text(string="Why Returned", readonly=True, copy=False)
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Frozen by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_archived = fields.Datetime(string="Frozen on", readonly=True, copy=False)
    completion = fields.Float(
        compute="_compute_completion",
        digits=(16, 1),
        help="The mean of the targets' completions by their weights, each counted to "
        "120 % at most.",
    )
    days_left = fields.Integer(compute="_compute_days_left")
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _owner_uniq = models.UniqueIndex(
        "(unit_id, manager_id, period, date_from) NULLS NOT DISTINCT "
        "WHERE active AND state <> 'draft'",
        "This unit or manager has a plan of this period already: add to that one.",
    )

    @api.depends("period", "date_from")
    def _compute_date_to(self):
        for plan in self:
            ready = plan.date_from and plan.period
            plan.date_to = ready and periods.end(plan.date_from, plan.period)

    @api.depends("child_ids")
    def _compute_child_count(self):
        groups = self._read_group(
            [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
        )
        counts = {plan.id: count for plan, count in groups}
        for plan in self:
            plan.child_count = counts.get(plan.id, 0)

    @api.depends("suggestion_ids.state")
    def _compute_open_suggestion_count(self):
        groups = self.env["key.account.plan.suggestion"]._read_group(
            [("plan_id", "in", self.ids), ("state", "=", "open")],
            ["plan_id"],
            ["__count"],
        )
        counts = {plan.id: count for plan, count in groups}
        for plan in self:
            plan.open_suggestion_count = counts.get(plan.id, 0)

    @api.depends("date_to", "state")
    @api.depends_context("tz")
    def _compute_days_left(self):
        today = self._get_today()
        for plan in self:
            is_open = plan.date_to and plan.state in ("approved", "running")
            plan.days_left = (plan.date_to - today).days + 1 if is_open else 0

    @api.depends("name", "manager_id", "unit_id", "date_from", "period")
    def _compute_display_name(self):
        for plan in self:
            # sudo: the names of units and colleagues are no secret.
            owner = (plan.sudo().manager_id or plan.sudo().unit_id).name
            plan.display_name = " · ".join(
                filter(None, (plan.name, owner, plan._get_period_text()))
            )

    def _get_period_text(self):
        """The period as one says it: 2026, 2026 Q1, 2026-01, 2026-W03."""
        self.ensure_one()
        if not self.date_from:
            return ""
        day = self.date_from
        year, week, _weekday = day.isocalendar()
        return {
            "year": f"{day.year}",
            "quarter": f"{day.year} Q{(day.month + 2) // 3}",
            "month": f"{day:%Y-%m}",
            "week": f"{year} W{week:02}",
        }[self.period]

    @api.constrains("manager_id", "unit_id")
    def _check_manager_id(self):
        for plan in self:
            # sudo: to which unit a user belongs is no secret.
            manager = plan.manager_id.sudo()
            if manager and manager.key_account_unit_id != plan.unit_id:
                raise ValidationError(
                    self.env._(
                        "%(manager)s does not belong to %(unit)s: choose the unit of "
                        "the manager.",
                        manager=manager.name,
                        unit=plan.unit_id.name,
                    )
                )

    @api.constrains("parent_id", "unit_id", "manager_id", "period", "date_from")
    def _check_tree(self):
        # sudo: how the tree hangs together, whoever may read its other plans.
        for plan in self.sudo():
            if plan._has_cycle():
                raise ValidationError(
                    self.env._("A plan cannot stand below itself: choose another one.")
                )
            plan._check_place()
            for child in plan.child_ids:
                child._check_place()

    def _check_place(self):
        """Below its superior plan by organisation or by time, as its siblings are."""
        parent = self.parent_id
        if not parent:
            return
        if not self._get_way():
            raise ValidationError(
                self.env._(
                    "%(plan)s does not fit below %(parent)s: a part has the same "
                    "period and belongs to a unit below or a manager, or has a shorter "
                    "period and the same owner.",
                    plan=self.display_name,
                    parent=parent.display_name,
                )
            )
        ways = {(one._get_way(), one.period) for one in parent.child_ids}
        if len(ways) > 1:
            raise ValidationError(
                self.env._(
                    "%(parent)s is split another way already: by organisation or into "
                    "periods of one length.",
                    parent=parent.display_name,
                )
            )

    def _get_way(self):
        """How this plan is a part of the superior one: "unit", "time" or neither."""
        self.ensure_one()
        parent = self.parent_id
        same_owner = (self.unit_id, self.manager_id) == (
            parent.unit_id,
            parent.manager_id,
        )
        same_days = (self.date_from, self.date_to) == (parent.date_from, parent.date_to)
        within = parent.date_from <= self.date_from and self.date_to <= parent.date_to
        if same_owner and within and not same_days:
            return "time"
        below = parent.unit_id._get_below()
        if same_days and not same_owner and not parent.manager_id:
            if self.unit_id in below:
                return "unit"
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("Only drafts are deleted: return the plan to a draft first.")
            )
        if any(plan._is_set_from_above() for plan in self):
            raise AccessError(self._get_set_from_above_error())

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_period(vals) for vals in vals_list]
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - STEP_FIELDS}
                for vals in vals_list
            ]
        plans = super().create(vals_list)
        plans._check_parent_access()
        return plans

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        if not {"date_from", "period"} & vals.keys():
            result = super().write(vals)
        else:
            result = True
            for plan in self:
                own = {"period": plan.period, "date_from": plan.date_from, **vals}
                super(KeyAccountPlan, plan).write(self._prepare_period(own))
        if "parent_id" in vals:
            self._check_parent_access()
        return result

    def _check_write(self, vals):
        if STEP_FIELDS & vals.keys():
            raise AccessError(self.env._("A plan moves on by its buttons."))
        placed = {"parent_id", "unit_id", "manager_id", "period", "date_from", "active"}
        if placed & vals.keys() and any(plan._is_set_from_above() for plan in self):
            raise AccessError(self._get_set_from_above_error())
        if vals.keys() - OPEN_FIELDS and any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._(
                    "The plan is no draft any more: let it be returned, or suggest "
                    "what should change."
                )
            )

    def _check_parent_access(self):
        """Whoever hangs a plan below another one may write that one, or it is his."""
        if not self.env.su:
            self.parent_id.check_access("write")

    @api.model
    def _prepare_period(self, vals):
        """The first day of the period that the given day lies in."""
        day = fields.Date.to_date(vals.get("date_from"))
        if not day:
            return vals
        period = vals.get("period") or "month"
        if period not in periods.ORDER:
            return vals
        return {**vals, "date_from": periods.begin(day, period)}

    def _get_today(self):
        """Today at the organisation's, wherever the reader or the server is."""
        return fields.Date.context_today(self.with_context(tz=self._get_zone()))

    @api.model
    def _get_zone(self):
        """The time zone in which days of plans begin and end: that of the centre's
        company, whoever asks."""
        # sudo: the time zone of the company is no secret.
        centre = self.env["key.account.unit"]._get_centre_company_id()
        company = self.env["res.company"].sudo().browse(centre or self.env.company.id)
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def action_view_results(self):
        self.ensure_one()
        self.action_measure()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_plan_result_action"
        )
        domain = [("plan_id", "child_of", self.id)]
        return {**action, "domain": domain, "context": {}}
