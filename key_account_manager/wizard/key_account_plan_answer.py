# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPlanAnswer(models.TransientModel):
    """Asks what is answered to suggestions on plans."""

    _name = "key.account.plan.answer"
    _description = "Answer a Suggestion"

    suggestion_ids = fields.Many2many(
        comodel_name="key.account.plan.suggestion",
        string="Suggestions",
        default=lambda self: self.env.context.get("active_ids"),
    )
    outcome = fields.Selection(
        selection=[("accepted", "Accept"), ("declined", "Decline")],
        default="accepted",
        required=True,
    )
    answer = fields.Text(required=True)

    def action_answer(self):
        self.suggestion_ids._respond(self.outcome, self.answer)
        return {"type": "ir.actions.act_window_close"}
