# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

STATES = [
    ("in_service", "In Service"),
    ("one_way", "Suspended One-Way"),
    ("two_way", "Suspended Two-Way"),
    ("closed", "Closed"),
]


class KeyAccountNumber(models.Model):
    """A service number (业务号码): owned by a customer, held by a person (FILE-12)."""

    _name = "key.account.number"
    _description = "Service Number"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "name, id"

    name = fields.Char(
        string="Number",
        required=True,
        index="trigram",
        help="Text: leading zeros are kept.",
    )
    brand_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Brand",
        domain=[("category", "=", "brand")],
        ondelete="restrict",
    )
    partner_id = fields.Many2one(string="Owner", tracking=True)
    holder_id = fields.Many2one(
        comodel_name="res.partner",
        string="Holder",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        help="Who uses the number when it is not the owner.",
    )
    state = fields.Selection(
        selection=STATES, default="in_service", required=True, tracking=True
    )
    date_opened = fields.Date()
    date_closed = fields.Date(tracking=True)

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(line_id, 0)) WHERE state <> 'closed'",
        "Another customer has this number on this line: close it there first.",
    )

    @api.onchange("state")
    def _onchange_state(self):
        if self.state == "closed" and not self.date_closed:
            self.date_closed = fields.Date.context_today(self)
