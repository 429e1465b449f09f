# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_partner import KINDS

SCOPES = [
    ("all", "All Customers"),
    ("unit", "A Unit and Those Below"),
    ("selection", "Chosen Customers"),
]


class KeyAccountGradeRun(models.Model):
    """A grading of many customers: for which month, as of which day, of whom, and what
    came of it (GRD-07, GRD-09, GRD-15).

    All or nothing, and repeated it changes nothing (``_work``).
    """

    _name = "key.account.grade.run"
    _description = "Grading Run"
    _order = "date desc, id desc"
    _rec_names_search = ["unit_id"]
    _key_account_untracked = ("examined_count",)

    name = fields.Char(compute="_compute_name")
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="The month that was billed last, as its first day: months are counted up "
        "to it.",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="Bill dates, arrears, memberships and protections are looked at as of "
        "this day, and moves are effective on it.",
    )
    scope = fields.Selection(selection=SCOPES, default="unit", required=True)
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="The unit that runs it; of a unit's run, the one whose customers are "
        "graded with those below.",
    )
    kind = fields.Selection(
        selection=KINDS, string="Customer Kind", help="Empty: all kinds."
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_grade_run_partner_rel",
        column1="run_id",
        column2="partner_id",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
    )
    is_recheck = fields.Boolean(
        string="Yearly Re-check",
        help="Downgrades do not wait for their grace, memberships are renewed.",
    )
    batch_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Started by",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    examined_count = fields.Integer(string="Examined", readonly=True, copy=False)
    new_count = fields.Integer(string="First Grades", readonly=True, copy=False)
    up_count = fields.Integer(string="Up", readonly=True, copy=False)
    down_count = fields.Integer(string="Down", readonly=True, copy=False)
    renewed_count = fields.Integer(string="Renewed", readonly=True, copy=False)
    proposed_count = fields.Integer(
        string="To Confirm", readonly=True, copy=False, help="Of those up and down."
    )
    progress = fields.Float(related="batch_id.progress")
    message = fields.Text(related="batch_id.message")
    move_ids = fields.One2many(
        comodel_name="key.account.grade.move", inverse_name="run_id", string="Moves"
    )
    move_count = fields.Integer(compute="_compute_move_count")

    _month_first = models.Constraint(
        "CHECK (EXTRACT(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.model
    def _default_month(self):
        return fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)

    @api.depends("month", "unit_id", "scope")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            unit = "" if run.scope == "all" else f" · {run.unit_id.display_name}"
            month = fields.Date.to_string(run.month)[:7] if run.month else ""
            run.name = f"{month}{unit}"

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_move_count(self):
        groups = self.env["key.account.grade.move"]._read_group(
            [("run_id", "in", self.ids)], ["run_id"], ["__count"]
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run.move_count = counts.get(run.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("Runs are a log: they stay."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("month"):
                vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        runs = super().create(vals_list)
        runs._check_unit()
        return runs

    def write(self, vals):
        if vals.get("month"):
            vals["month"] = fields.Date.to_date(vals["month"]).replace(day=1)
        if not self.env.su and any(run.state != "draft" for run in self):
            raise UserError(self.env._("The run has begun: make a new one."))
        result = super().write(vals)
        if {"unit_id", "scope"} & vals.keys():
            self._check_unit()
        return result

    def _check_unit(self):
        """Whoever grades does so inside his own units; all is graded by the centre."""
        if self.env.su:
            return
        user = self.env.user
        for run in self:
            if run.scope == "all" and user.key_account_write_reach != "all":
                raise AccessError(
                    self.env._("All customers are graded by the centre: choose a unit.")
                )
            if run.unit_id not in user.key_account_unit_ids:
                raise AccessError(
                    self.env._("You grade the customers of your own units only.")
                )

    def action_start(self):
        """Grade: at once what is small, the rest in the background."""
        self.check_access("write")
        for run in self:
            run._check_unit()
            run._check_selection()
            # sudo: what a run reads and writes is the same whoever starts it; he may
            # run it for these units (checked).
            run.sudo()._start()
        return True

    def _check_selection(self):
        if self.scope == "selection":
            if not self.partner_ids:
                raise UserError(self.env._("Choose the customers to grade."))
            self.partner_ids.check_access("write")

    def action_cancel(self):
        self.check_access("write")
        for run in self:
            # sudo: the log of the batch is written by the system.
            batch = run.sudo().batch_id
            if run.state == "running":
                batch.is_cancel_requested = True
            elif run.state in ("draft", "waiting"):
                run.sudo()._finish("cancelled")
        return True

    def action_view_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_grade_move_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}
