# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardRuleLine(models.Model):
    """How often a year a benefit may be used with a kind of card."""

    _name = "key.account.card.rule.line"
    _description = "Card Allowance"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, benefit_id, kind_id, id"

    rule_id = fields.Many2one(
        comodel_name="key.account.card.rule",
        string="Version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    benefit_id = fields.Many2one(
        comodel_name="key.account.card.benefit",
        string="Benefit",
        required=True,
        ondelete="restrict",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind",
        string="Card Kind",
        required=True,
        ondelete="restrict",
        help="The kind of card that the customer's grade gives.",
    )
    quantity = fields.Integer(string="Times a Year")
    is_unlimited = fields.Boolean(string="Without Limit")

    def _get_problems(self):
        self.ensure_one()
        if not self.is_unlimited and self.quantity < 1:
            return [
                self.env._(
                    "%(benefit)s of %(kind)s: say how often a year, or without limit.",
                    benefit=self.benefit_id.name,
                    kind=self.kind_id.name,
                )
            ]
        if self.is_unlimited and self.quantity:
            return [
                self.env._(
                    "%(benefit)s of %(kind)s is without limit and has a number: "
                    "choose one of both.",
                    benefit=self.benefit_id.name,
                    kind=self.kind_id.name,
                )
            ]
        return []
