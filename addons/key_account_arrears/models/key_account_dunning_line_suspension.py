# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .key_account_dunning_step_suspension import CHANNELS
from .key_account_suspension import TAKING


class KeyAccountDunningLine(models.Model):
    """A customer whose numbers a run proposes to suspend instead of writing to him."""

    _inherit = "key.account.dunning.line"

    channel = fields.Selection(
        selection_add=CHANNELS, ondelete=dict.fromkeys(TAKING, "set null")
    )
    reason = fields.Selection(
        selection_add=[("number", "No number to suspend")],
        ondelete={"number": "set null"},
    )

    def _plan_tasks(self):
        """What is no message: a task of a colleague, or a proposal to suspend."""
        if all(line.channel in TAKING for line in self):
            return self._propose_suspensions()
        return super()._plan_tasks()

    def _propose_suspensions(self):
        """Propose what the policy says about each number of these customers; nothing
        is ordered before somebody approves it."""
        for (run, unit), lines in self.grouped(
            lambda line: (line.run_id, line.unit_id)
        ).items():
            # The run was confirmed by a person, who may not approve what it proposes.
            user = run.confirmed_by_id or self.env.user
            steps = self.env["key.account.suspension"].with_user(user).sudo()
            # sudo: the row is the system's; the run was checked when it was confirmed.
            found = steps._propose_by_policy(lines.partner_id, unit)
            proposed = found.partner_id
            done = lines.filtered(lambda line, some=proposed: line.partner_id in some)
            done._mark_sent()
            (lines - done)._leave_out("number")
