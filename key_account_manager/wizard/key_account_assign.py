# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class KeyAccountAssign(models.TransientModel):
    """Asks to whom the chosen customers go; the order it makes shows the preview."""

    _name = "key.account.assign"
    _description = "Assign Customers"

    kind = fields.Selection(
        selection=[
            ("assign", "Assign to a Manager"),
            ("reclaim", "Reclaim to the Unit"),
        ],
        string="What",
        default="assign",
        required=True,
    )
    role = fields.Selection(
        selection=lambda self: self.env["key.account.handover"]
        ._fields["role"]
        ._description_selection(self.env),
        string="As",
        default="main",
        required=True,
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        domain=[("key_account_role", "=", "manager")],
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_assign_partner_rel",
        column1="wizard_id",
        column2="partner_id",
        string="Customers",
    )
    partner_count = fields.Integer(
        string="Chosen Customers", compute="_compute_partner_count"
    )
    date_effective = fields.Date(
        string="Effective on",
        required=True,
        default=lambda self: self.env["key.account.unit"]._get_today(),
    )
    date_end = fields.Date(string="Stand-in until")
    reason = fields.Char()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            chosen = self.env["res.partner"].browse(self.env.context["active_ids"])
            customers = chosen.commercial_partner_id.filtered("key_account_kind")
            values["partner_ids"] = [Command.set(customers.ids)]
        return values

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_preview(self):
        """Make the order, and show what it means."""
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose customers in the list first."))
        order = self.env["key.account.handover"].create(
            {
                "kind": self.kind,
                "role": self.role if self.kind == "assign" else "main",
                "to_user_id": self.kind == "assign" and self.to_user_id.id,
                "partner_ids": [Command.set(self.partner_ids.ids)],
                "date_effective": self.date_effective,
                "date_end": self.date_end,
                "reason": self.reason,
            }
        )
        order.action_prepare()
        return order._get_form_action()
