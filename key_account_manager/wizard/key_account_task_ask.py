# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

STEPS = [
    ("return", "Return"),
    ("progress", "Report Progress"),
    ("ask", "Ask for an Extension"),
    ("submit", "Submit"),
    ("transfer", "Transfer"),
    ("refuse", "Refuse the Extension"),
    ("send_back", "Send Back"),
    ("evaluate", "Evaluate"),
    ("cancel", "Cancel"),
]


class KeyAccountTaskAsk(models.TransientModel):
    """Asks what a step of a task needs: a reason, a day, a person, a score."""

    _name = "key.account.task.ask"
    _description = "Step of a Task to Take"

    task_ids = fields.Many2many(
        comodel_name="key.account.task",
        string="Tasks",
        default=lambda self: self.env.context.get("active_ids"),
    )
    step = fields.Selection(selection=STEPS, required=True)
    note = fields.Text(string="Remarks")
    progress = fields.Integer(
        string="Progress (%)",
        compute="_compute_progress",
        store=True,
        precompute=True,
        readonly=False,
    )
    date = fields.Date(string="Until")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="To Whom",
        domain="[('key_account_role', 'in', ('manager', 'head', 'finance', 'agent'))]",
    )
    score = fields.Integer(help="0 to 100.")

    @api.depends("task_ids")
    def _compute_progress(self):
        for wizard in self:
            wizard.progress = wizard.task_ids[:1].progress

    def action_take(self):
        self.ensure_one()
        tasks, note = self.task_ids, self.note
        {
            "return": lambda: tasks._return(note),
            "progress": lambda: tasks._report(self.progress, note),
            "ask": lambda: tasks._ask_extension(self.date, note),
            "submit": lambda: tasks._submit(note),
            "transfer": lambda: tasks._transfer(self.user_id, note),
            "refuse": lambda: tasks._grant(False, note),
            "send_back": lambda: tasks._send_back(note),
            "evaluate": lambda: tasks._evaluate(self.score, note),
            "cancel": lambda: tasks._cancel(note),
        }[self.step]()
        return {"type": "ir.actions.act_window_close"}
