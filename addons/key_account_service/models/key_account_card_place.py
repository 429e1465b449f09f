# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardPlace(models.Model):
    """A place of card use is a service outlet (SVC-16): when it is open, what is done
    there, and what customers of which grade enjoy (SVC-04)."""

    _inherit = "key.account.card.place"

    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Run by",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: by a partner.",
    )
    hours = fields.Char(string="Opening Hours", translate=True)
    phone = fields.Char()
    service_ids = fields.Many2many(
        comodel_name="key.account.term",
        relation="key_account_card_place_service_rel",
        string="Services",
        domain=[("category", "=", "outlet_service")],
        help="What is done here: acceptance of business, payment, equipment, advice.",
    )
    offer_ids = fields.One2many(
        comodel_name="key.account.outlet.offer",
        inverse_name="place_id",
        string="Benefits by Grade",
    )
    note = fields.Text(string="Remarks", translate=True)
