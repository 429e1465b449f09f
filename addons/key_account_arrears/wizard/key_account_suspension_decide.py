# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountSuspensionDecide(models.TransientModel):
    """Asks for the words that belong to a decision about suspensions."""

    _name = "key.account.suspension.decide"
    _description = "Decide about Suspensions"

    step_ids = fields.Many2many(
        comodel_name="key.account.suspension",
        relation="key_account_suspension_decide_rel",
        column1="wizard_id",
        column2="step_id",
        string="Steps",
        default=lambda self: self.env.context.get("active_ids"),
    )
    act = fields.Selection(
        selection=[
            ("decline", "Turn Down"),
            ("review", "Review"),
            ("withdraw", "Withdraw"),
            ("resume", "Resume Service"),
            ("done", "The Branch Has Done It"),
            ("refused", "The Branch Refuses"),
        ],
        string="Decision",
        required=True,
        default="decline",
        readonly=True,
    )
    text = fields.Text(string="Reason")

    def action_decide(self):
        """Do what is decided, by the method that checks who may."""
        self.ensure_one()
        steps = self.step_ids
        if self.act in ("done", "refused"):
            steps.action_answer(self.act == "done", self.text)
        else:
            getattr(steps, f"action_{self.act}")(self.text)
        return {"type": "ir.actions.act_window_close"}
