# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

STATES = [
    ("draft", "Draft"),
    ("issued", "Issued"),
    ("returned", "Returned"),
    ("accepted", "Accepted"),
    ("running", "Running"),
    ("submitted", "Submitted"),
    ("evaluated", "Evaluated"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
# Work is still to be done, and late once its day has passed.
OPEN = ("issued", "returned", "accepted", "running")
# What an issuer writes while it is a draft; all else is written by steps.
CONTENT = {
    "name",
    "kind_id",
    "description",
    "goal",
    "unit_id",
    "manager_id",
    "partner_ids",
    "date_start",
    "date_due",
    "priority",
    "weight",
}
FREE = {
    "message_follower_ids",
    "message_ids",
    "activity_ids",
    "message_main_attachment_id",
}


class KeyAccountTask(models.Model):
    """Something a superior has somebody do until a day (TASK-01 to TASK-06).

    Issued to a person or a unit, about customers or not. Every step is a row of its
    ledger (``key.account.task.step``); the state is what the last one left.
    """

    _name = "key.account.task"
    _description = "Task"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, priority desc, id"

    name = fields.Char(string="Title", required=True)
    number = fields.Char(
        string="Issue Number",
        readonly=True,
        copy=False,
        index=True,
        help="What was issued together has one number.",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        domain=[("category", "=", "task_kind")],
        ondelete="restrict",
        index="btree_not_null",
    )
    description = fields.Text(string="What Is to Be Done")
    goal = fields.Char(help="By what one sees that it is done: a number, a result.")
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Executor",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('key_account_unit_id', '=', unit_id)]",
        help="Empty: the unit's, until its head hands it to somebody.",
    )
    issuer_id = fields.Many2one(
        comodel_name="res.users",
        string="Issued by",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_task_partner_rel",
        column1="task_id",
        column2="partner_id",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
    )
    date_start = fields.Date(
        string="Begin", required=True, default=fields.Date.context_today
    )
    date_due = fields.Date(
        string="Due on",
        required=True,
        index=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7),
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Important"), ("2", "Urgent")], default="0"
    )
    weight = fields.Float(default=1, digits=(16, 2), aggregator=None)
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    progress = fields.Integer(
        string="Progress (%)", readonly=True, copy=False, aggregator="avg"
    )
    score = fields.Integer(
        readonly=True, copy=False, aggregator="avg", help="0 to 100, by the issuer."
    )
    comment = fields.Text(string="Evaluation", readonly=True, copy=False)
    evaluator_id = fields.Many2one(
        comodel_name="res.users",
        string="Evaluated by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_submitted = fields.Datetime(string="Submitted on", readonly=True, copy=False)
    date_asked = fields.Date(
        string="Extension Asked for",
        readonly=True,
        copy=False,
        help="Until when the executor asks to have time.",
    )
    urge_count = fields.Integer(string="Urged", readonly=True, copy=False)
    escalation_level = fields.Integer(
        string="Escalated", readonly=True, copy=False, aggregator="max"
    )
    date_step = fields.Datetime(
        string="Last Step", readonly=True, copy=False, default=fields.Datetime.now
    )
    holder_id = fields.Many2one(
        comodel_name="res.users",
        string="Waits for",
        compute="_compute_holder_id",
        store=True,
        index="btree_not_null",
        help="With whom it hangs.",
    )
    days_waiting = fields.Integer(compute="_compute_days", help="Since the last step.")
    days_left = fields.Integer(compute="_compute_days", help="Below 0: it is late.")
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_days", search="_search_is_overdue"
    )
    elapsed = fields.Float(
        string="Time Used (%)",
        compute="_compute_days",
        help="Of the days between begin and due date.",
    )
    step_ids = fields.One2many(
        comodel_name="key.account.task.step", inverse_name="task_id", string="Steps"
    )
    is_executor = fields.Boolean(compute="_compute_is_executor")
    is_superior = fields.Boolean(compute="_compute_is_executor")

    _dates_order = models.Constraint(
        "CHECK (date_due >= date_start)", "A task is due after it began: correct it."
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "A score is 0 to 100."
    )
    _progress_range = models.Constraint(
        "CHECK (progress BETWEEN 0 AND 100)", "Progress is 0 to 100 percent."
    )

    @api.depends("state", "manager_id", "issuer_id", "unit_id", "date_asked")
    def _compute_holder_id(self):
        for task in self:
            waits_for_issuer = task.state in ("returned", "submitted", "evaluated")
            if waits_for_issuer or task.date_asked:
                task.holder_id = task.issuer_id
            elif task.state in OPEN:
                # sudo: who answers for a unit is no secret.
                unit = task.unit_id.sudo()
                task.holder_id = task.manager_id or unit._get_decider(
                    but=task.issuer_id
                )
            else:
                task.holder_id = False

    @api.depends("state", "date_start", "date_due", "date_step")
    @api.depends_context("tz")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for task in self:
            is_open = task.state in OPEN
            due, start = task.date_due or today, task.date_start or today
            task.days_left = (due - today).days if is_open else 0
            task.is_overdue = is_open and due < today
            step = task.date_step and fields.Datetime.context_timestamp(
                task, task.date_step
            )
            waits = step and task.state not in ("draft", "closed", "cancelled")
            task.days_waiting = (today - step.date()).days if waits else 0
            whole = (due - start).days + 1
            used = min(max((today - start).days + 1, 0), whole)
            task.elapsed = 100 * used / whole if whole > 0 else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("state", "in", OPEN) & Domain("date_due", "<", today)
        found = [late if one else ~late for one in set(value)]
        return Domain.OR(found)

    @api.depends("manager_id", "unit_id", "issuer_id", "state")
    @api.depends_context("uid")
    def _compute_is_executor(self):
        for task in self:
            task.is_executor = task._is_executor()
            task.is_superior = task._is_superior()

    @api.constrains("manager_id", "unit_id", "issuer_id")
    def _check_manager_id(self):
        for task in self:
            # sudo: to which unit a user belongs is no secret.
            executor = task.manager_id.sudo()
            if executor and executor.key_account_unit_id != task.unit_id:
                raise ValidationError(
                    self.env._(
                        "%(executor)s does not belong to %(unit)s: choose the unit of "
                        "the executor.",
                        executor=executor.name,
                        unit=task.unit_id.name,
                    )
                )
            if executor and executor == task.issuer_id:
                raise ValidationError(
                    self.env._("Nobody issues a task to himself: choose another one.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drafts(self):
        if any(task.state != "draft" for task in self):
            raise UserError(self.env._("What was issued stays: cancel it instead."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            kept = CONTENT | FREE
            vals_list = [{n: vals[n] for n in vals.keys() & kept} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        return super().write(vals)

    def _check_write(self, vals):
        if vals.keys() - CONTENT - FREE:
            raise AccessError(self.env._("A task moves on by its buttons."))
        if vals.keys() - FREE:
            if any(task.state not in ("draft", "returned") for task in self):
                raise UserError(
                    self.env._(
                        "The task was issued and stays as it is: extend, transfer or "
                        "cancel it."
                    )
                )
            if any(not task._is_superior() for task in self):
                raise AccessError(
                    self.env._("A task is written by those who issue it.")
                )

    def _is_executor(self):
        """Who does it: the one it was issued to, or of a unit's its head."""
        self.ensure_one()
        user = self.env.user
        if self.manager_id:
            return self.manager_id in user.key_account_manager_ids
        return (
            user.key_account_unit_id == self.unit_id
            and user.key_account_role in ("head", "company", "centre")
            and user != self.issuer_id
        )

    def _is_superior(self):
        """Who stands above it: the issuer and those who answer for its unit; never the
        one who does it."""
        self.ensure_one()
        user = self.env.user
        if self.env.su:
            return True
        if user == self.manager_id or not self.has_access("read"):
            return False
        if not self.manager_id and self._is_executor():
            return False
        return user == self.issuer_id or (
            user.key_account_role in ("head", "company", "centre", "office")
        )
