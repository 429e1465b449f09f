# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_task import STATES

KINDS = [
    ("issue", "Issued"),
    ("accept", "Accepted"),
    ("return", "Returned"),
    ("progress", "Progress"),
    ("urge", "Urged"),
    ("ask", "Extension Asked for"),
    ("extend", "Extended"),
    ("refuse", "Extension Refused"),
    ("transfer", "Transferred"),
    ("submit", "Submitted"),
    ("send_back", "Sent Back"),
    ("evaluate", "Evaluated"),
    ("close", "Closed"),
    ("cancel", "Cancelled"),
    ("escalate", "Escalated"),
]


class KeyAccountTaskStep(models.Model):
    """One step of a task: who, when, what, why. By the system, never changed."""

    _name = "key.account.task.step"
    _description = "Step of a Task"
    _order = "id desc"
    _rec_name = "kind"

    task_id = fields.Many2one(
        comodel_name="key.account.task", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="task_id.unit_id", store=True, index=True)
    manager_id = fields.Many2one(
        related="task_id.manager_id", store=True, index="btree_not_null"
    )
    kind = fields.Selection(selection=KINDS, string="Step", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", required=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    note = fields.Text(string="Remarks")
    state_from = fields.Selection(selection=STATES, string="From")
    state_to = fields.Selection(selection=STATES, string="To")
    progress = fields.Integer(string="Progress (%)", aggregator=None)
    score = fields.Integer(aggregator=None)
    date_due_before = fields.Date(string="Due before")
    date_due_after = fields.Date(string="Due then")
    executor_before_id = fields.Many2one(
        comodel_name="res.users", string="Executor before", ondelete="restrict"
    )
    executor_after_id = fields.Many2one(
        comodel_name="res.users", string="Executor then", ondelete="restrict"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        # What follows from the task comes by itself, never through here.
        self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._("Steps are written by the system and never edited or deleted.")
        )
