# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountRefuse(models.TransientModel):
    """Asks why proposed changes, steps or roles are refused."""

    _name = "key.account.refuse"
    _description = "Refuse a Change"

    change_ids = fields.Many2many(
        comodel_name="key.account.change",
        string="Changes",
        default=lambda self: self._default_ids("key.account.change"),
    )
    proposal_ids = fields.Many2many(
        comodel_name="key.account.move.proposal",
        string="Steps",
        default=lambda self: self._default_ids("key.account.move.proposal"),
    )
    role_ids = fields.Many2many(
        comodel_name="key.account.role.proposal",
        string="Roles",
        default=lambda self: self._default_ids("key.account.role.proposal"),
    )
    reason = fields.Text(required=True)

    @api.model
    def _default_ids(self, model):
        shown = self.env.context.get("active_model", "key.account.change")
        if shown != model:
            return False
        return self.env.context.get("active_ids")

    def action_refuse(self):
        for proposals in (self.change_ids, self.proposal_ids, self.role_ids):
            proposals._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
