# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountComplaintDispatch(models.TransientModel):
    """Asks to whom complaints go: a unit, or a person of it."""

    _name = "key.account.complaint.dispatch"
    _description = "Dispatch Complaints"

    complaint_ids = fields.Many2many(
        comodel_name="key.account.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Unit",
        required=True,
        compute="_compute_unit_id",
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('share', '=', False), ('key_account_role', '!=', False), "
        "('key_account_unit_id', 'child_of', unit_id)]",
        help="Empty: whoever of the unit takes it up.",
    )
    reason = fields.Text(string="What Is to Be Done")

    @api.depends("complaint_ids")
    def _compute_unit_id(self):
        """The special team of the type, else the unit of the customer."""
        for wizard in self:
            first = wizard.complaint_ids[:1]
            team = first.type_id and first.type_id._get_inherited("team_id")
            wizard.unit_id = team or first.unit_id

    def action_dispatch(self):
        self.ensure_one()
        self.complaint_ids._dispatch(self.unit_id, self.user_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
