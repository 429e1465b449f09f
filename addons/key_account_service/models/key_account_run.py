# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError


class KeyAccountRun(models.Model):
    """A batch of the service: what it is to do is kept with it."""

    _inherit = "key.account.run"

    parameters = fields.Json(readonly=True, groups=fields.NO_ACCESS)

    def action_stop_closing(self):
        """Stop a bulk closing after the rows it has in hand; those done stay done."""
        self.check_access("read")
        for run in self:
            if run.user_id != self.env.user and not self.env.user.has_group(
                "key_account_crm.group_key_account_approver"
            ):
                raise AccessError(
                    self.env._("A batch is stopped by who started it, or by a head.")
                )
        # sudo: batches are a log, written by the system; the user was checked.
        self.sudo().filtered(
            lambda run: run.kind == "request.close" and run.state != "done"
        ).is_cancel_requested = True
        return True

    def _get_run_action(self):
        """The screen that shows how far the batch is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
