# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountMerge(models.TransientModel):
    """Asks which file of several stays and shows what would move to it (FILE-20)."""

    _name = "key.account.merge"
    _description = "Merge Customers"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
    )
    target_id = fields.Many2one(
        comodel_name="res.partner",
        string="File that Stays",
        domain="[('id', 'in', partner_ids)]",
        help="It keeps its code and its own answers; it takes in what it lacks.",
    )
    reason = fields.Text(help="Why these files are one customer.")
    preview = fields.Text(string="What would Move", compute="_compute_preview")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        if context.get("active_model") == "res.partner":
            values.setdefault("partner_ids", context.get("active_ids"))
        return values

    @api.depends("partner_ids", "target_id")
    def _compute_preview(self):
        for merge in self:
            sources = (merge.partner_ids - merge.target_id)._origin
            if not merge.target_id or not sources.has_access("write"):
                merge.preview = False
                continue
            owned = sources._key_account_get_owned()
            merge.preview = "\n".join(
                f"{rows} × {name}" for name, rows in owned.items()
            )

    def action_merge(self):
        self.ensure_one()
        if not self.target_id:
            raise UserError(self.env._("Choose the file that stays."))
        target, sources = self.target_id, self.partner_ids - self.target_id
        target._key_account_merge(sources, self.reason)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_action"
        )
        form = self.env.ref("key_account_crm.res_partner_view_form_key_account")
        return {**action, "res_id": target.id, "views": [(form.id, "form")]}
