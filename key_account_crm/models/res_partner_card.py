# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

CARD_GROUPS = (
    "key_account_crm.group_key_account_staff,key_account_crm.group_key_account_office"
)


class ResPartner(models.Model):
    """A customer's VIP cards: shown on its file, cancelled when it leaves."""

    _inherit = "res.partner"

    key_account_card_ids = fields.One2many(
        comodel_name="key.account.card",
        inverse_name="partner_id",
        string="VIP Cards",
        groups=CARD_GROUPS,
    )
    key_account_card_count = fields.Integer(
        string="Number of VIP Cards",
        compute="_compute_key_account_card_count",
        groups=CARD_GROUPS,
    )

    @api.depends("key_account_card_ids")
    @api.depends_context("uid")
    def _compute_key_account_card_count(self):
        groups = self.env["key.account.card"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.key_account_card_count = counts.get(partner.id, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("key_account_state") == "churned":
            # sudo: the membership ends with the customer, whoever may write cards.
            cards = self.env["key.account.card"].sudo()
            cards._get_bound([("partner_id", "in", self.ids)])._cancel("card_churned")
        return result

    def action_key_account_cards(self):
        """Open the customer's cards, or apply for the first one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_card_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
