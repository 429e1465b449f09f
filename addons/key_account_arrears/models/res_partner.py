# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What is agreed and contested about a customer's arrears, as far as its reader
    may open it."""

    _inherit = "res.partner"

    key_account_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_key_account_disputed",
        currency_field="key_account_currency_id",
        help="Amounts of bills that the customer contests, not decided yet.",
    )
    key_account_promises_kept = fields.Integer(
        string="Promises Kept", compute="_compute_key_account_promises"
    )
    key_account_promises_broken = fields.Integer(
        string="Promises Broken", compute="_compute_key_account_promises"
    )
    key_account_is_exempt = fields.Boolean(
        string="Never Dun", compute="_compute_key_account_is_exempt"
    )

    @api.depends("key_account_currency_id")
    @api.depends_context("uid")
    def _compute_key_account_disputed(self):
        sums = self._key_account_sum_money(
            "key.account.dispute", Domain("state", "=", "open"), ["amount:sum"]
        )
        for partner in self:
            key = partner._origin, partner.key_account_currency_id
            [partner.key_account_disputed] = sums.get(key, [0.0])

    @api.depends_context("uid", "tz")
    def _compute_key_account_promises(self):
        kept, broken = (
            dict(
                self._key_account_group_facts(
                    "key.account.promise", Domain("state", "=", state), ["__count"]
                )
            )
            for state in ("kept", "broken")
        )
        for partner in self:
            partner.key_account_promises_kept = kept.get(partner._origin, 0)
            partner.key_account_promises_broken = broken.get(partner._origin, 0)

    @api.depends_context("uid", "tz")
    def _compute_key_account_is_exempt(self):
        exempt = dict(
            self._key_account_group_facts(
                "key.account.dunning.exemption",
                Domain("is_current", "=", True),
                ["__count"],
            )
        )
        for partner in self:
            partner.key_account_is_exempt = partner._origin in exempt

    def action_view_key_account_arrears(self):
        """Bills of the customer that are overdue today."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_arrears_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        return action

    def action_view_key_account_promises(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_promise_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
