# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountMember(models.Model):
    """A member of a group customer: a person or unit that belongs to it (FILE-11)."""

    _name = "key.account.member"
    _description = "Group Member"
    _inherit = ["key.account.fact.mixin"]
    _order = "partner_id, importance, name, id"

    partner_id = fields.Many2one(
        string="Group",
        domain=[("key_account_kind", "=", "group")],
        ondelete="cascade",
    )
    name = fields.Char(required=True)
    member_id = fields.Many2one(
        comodel_name="res.partner",
        string="Own File",
        index="btree_not_null",
        ondelete="set null",
        help="The member's own customer file, if there is one.",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Number",
        index="btree_not_null",
        ondelete="set null",
    )
    importance = fields.Selection(
        selection=[
            ("1", "Most Important"),
            ("2", "Important"),
            ("3", "Ordinary"),
        ],
        string="Member Level",
        default="3",
        required=True,
        help="Important member level (集团重要成员级别).",
    )
    date_from = fields.Date(default=fields.Date.context_today)
    date_to = fields.Date()

    @api.constrains("partner_id", "member_id")
    def _check_partner_id(self):
        for member in self:
            if member.partner_id.key_account_kind != "group":
                raise ValidationError(
                    self.env._(
                        "%(partner)s is not a group: only groups have members.",
                        partner=member.partner_id.display_name,
                    )
                )
            if member.member_id and member.member_id == member.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(partner)s cannot be a member of itself.",
                        partner=member.partner_id.display_name,
                    )
                )
