# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

CATEGORIES = [
    ("hall", "Business Hall"),
    ("hotline", "Hotline"),
    ("airport", "Airport"),
    ("station", "Station"),
    ("hotel", "Hotel"),
    ("hospital", "Hospital"),
    ("merchant", "Merchant"),
    ("other", "Other"),
]


class KeyAccountCardPlace(models.Model):
    """Where VIP cards are used: an own hall, or the place of a partner (SVC-04)."""

    _name = "key.account.card.place"
    _description = "Place of Card Use"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    category = fields.Selection(selection=CATEGORIES, default="hall", required=True)
    partner_name = fields.Char(
        string="Partner", help="Who runs the place; empty: we do ourselves."
    )
    city = fields.Char()
    address = fields.Char()
    active = fields.Boolean(default=True)
    benefit_ids = fields.Many2many(
        comodel_name="key.account.card.benefit",
        relation="key_account_card_place_benefit_rel",
        string="Benefits",
        help="What may be used here; empty: every benefit.",
    )
    price = fields.Monetary(
        string="Price of One Use",
        help="What one use is settled at with the partner: the cost that is proposed.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a place with this code.")
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price is zero or more."
    )
