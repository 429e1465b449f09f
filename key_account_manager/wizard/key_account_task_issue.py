# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class KeyAccountTaskIssue(models.TransientModel):
    """Issues a task to people, units, or whoever looks after a list of customers
    (TASK-01): one task for each of them, under one number."""

    _name = "key.account.task.issue"
    _description = "Issue a Task"

    name = fields.Char(string="Title", required=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        domain=[("category", "=", "task_kind")],
    )
    description = fields.Text(string="What Is to Be Done")
    goal = fields.Char(help="By what one sees that it is done: a number, a result.")
    date_start = fields.Date(
        string="Begin", required=True, default=fields.Date.context_today
    )
    date_due = fields.Date(
        string="Due on",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=7),
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Important"), ("2", "Urgent")], default="0"
    )
    weight = fields.Float(default=1, digits=(16, 2))
    own_unit_ids = fields.Many2many(
        comodel_name="key.account.unit", compute="_compute_own_unit_ids"
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="key_account_task_issue_user_rel",
        string="People",
        domain="[('key_account_unit_id', 'in', own_unit_ids), ('id', '!=', uid)]",
    )
    unit_ids = fields.Many2many(
        comodel_name="key.account.unit",
        relation="key_account_task_issue_unit_rel",
        string="Units",
        domain="[('id', 'in', own_unit_ids)]",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_task_issue_partner_rel",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
        default=lambda self: self._default_partner_ids(),
        help="Their account managers get the task, each with his own customers.",
    )
    executor_count = fields.Integer(
        string="Tasks", compute="_compute_executor_count", help="How many are issued."
    )

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return []

    def _compute_own_unit_ids(self):
        user = self.env.user
        units = user.key_account_unit_ids
        if user.key_account_reach == "all":
            units = self.env["key.account.unit"].search([])
        for wizard in self:
            wizard.own_unit_ids = units

    @api.depends("user_ids", "unit_ids", "partner_ids")
    def _compute_executor_count(self):
        for wizard in self:
            wizard.executor_count = len(wizard._get_executors())

    def _get_group_members(self):
        """Customers of whatever else was chosen: a hook for target groups."""
        return self.env["res.partner"]

    def _get_executors(self):
        """Map (unit, executor) to the customers each of them gets."""
        no_one, nobody = self.env["res.users"], self.env["res.partner"]
        # sudo: to which unit a user belongs is no secret.
        found = {
            (user.sudo().key_account_unit_id, user): nobody for user in self.user_ids
        }
        found.update({(unit, no_one): nobody for unit in self.unit_ids})
        customers = self.partner_ids | self._get_group_members()
        for (unit, manager), some in customers.grouped(
            lambda one: (one.key_account_unit_id, one.key_account_manager_id)
        ).items():
            # A task belongs to the unit of who does it.
            home = manager.sudo().key_account_unit_id or unit
            key = home, manager
            found[key] = found.get(key, nobody) | some
        return {
            (unit._origin, user._origin): some for (unit, user), some in found.items()
        }

    def action_issue(self):
        self.ensure_one()
        executors = self._get_executors()
        if not executors:
            raise UserError(
                self.env._("Choose people, units or customers the task is for.")
            )
        tasks = self.env["key.account.task"].create(
            [
                self._prepare_vals(unit, user, customers)
                for (unit, user), customers in executors.items()
            ]
        )
        # sudo: a number is drawn and written to new tasks of this user.
        number = self.env["ir.sequence"].sudo().next_by_code("key.account.task")
        tasks.sudo().number = number
        tasks.action_issue()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_task_action"
        )
        return {**action, "domain": [("id", "in", tasks.ids)], "context": {}}

    def _prepare_vals(self, unit, user, customers):
        return {
            "name": self.name,
            "kind_id": self.kind_id.id,
            "description": self.description,
            "goal": self.goal,
            "date_start": self.date_start,
            "date_due": self.date_due,
            "priority": self.priority,
            "weight": self.weight,
            "unit_id": unit.id,
            "manager_id": user.id,
            "partner_ids": [Command.set(customers.ids)],
        }
