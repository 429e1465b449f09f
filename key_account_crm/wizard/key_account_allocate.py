# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class KeyAccountAllocate(models.TransientModel):
    """Asks which credits of a customer settle which of its bills; it begins with the
    oldest first."""

    _name = "key.account.allocate"
    _description = "Allocate Credits"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="What was open on days before stays as it was.",
    )
    line_ids = fields.One2many(
        comodel_name="key.account.allocate.line",
        inverse_name="wizard_id",
        string="Allocations",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        partner = self.env["res.partner"].browse(values.get("partner_id") or [])
        if partner and "line_ids" in fields:
            proposals = self.env["key.account.allocation"]._propose(partner)
            values["line_ids"] = [Command.create(vals) for vals in proposals]
        return values

    def action_allocate(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("Add the bills that should be settled by a credit.")
            )
        self.env["key.account.allocation"].create(
            [line._prepare_allocation_vals() for line in self.line_ids]
        )
        return {"type": "ir.actions.act_window_close"}
