# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """How many numbers of a customer are suspended, of those its reader may open."""

    _inherit = "res.partner"

    key_account_suspended_count = fields.Integer(
        string="Suspended Numbers", compute="_compute_key_account_suspended_count"
    )

    @api.depends_context("uid")
    def _compute_key_account_suspended_count(self):
        counts = dict(
            self._key_account_group_facts(
                "key.account.number",
                Domain("state", "in", ("one_way", "two_way")),
                ["__count"],
            )
        )
        for partner in self:
            partner.key_account_suspended_count = counts.get(partner._origin, 0)

    def action_view_key_account_suspensions(self):
        """Every step towards the numbers of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_suspension_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
