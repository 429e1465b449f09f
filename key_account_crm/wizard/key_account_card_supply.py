# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import islice

from odoo import api, fields, models

from .. import card_number

SHOWN = 3


class KeyAccountCardSupply(models.TransientModel):
    """Asks for the range of a delivery of blank cards, and shows what it holds."""

    _name = "key.account.card.supply"
    _description = "Take Blank VIP Cards into Stock"

    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind", string="Card Kind", required=True
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Delivered to",
        required=True,
        default=lambda self: self.env.user.key_account_unit_id,
    )
    number_from = fields.Char(
        string="First Number",
        required=True,
        help="Letters (or none) and digits; leading zeros are kept.",
    )
    number_to = fields.Char(string="Last Number", required=True)
    with_check_digit = fields.Boolean(
        string="Append Check Digit",
        help="The Luhn digit is appended to every number of the range.",
    )
    date = fields.Date(
        string="Delivered on", required=True, default=fields.Date.context_today
    )
    document = fields.Char(help="Reference of the delivery note.")
    preview = fields.Char(compute="_compute_preview")

    @api.depends("number_from", "number_to", "with_check_digit")
    def _compute_preview(self):
        for wizard in self:
            first = card_number.normalise(wizard.number_from)
            last = card_number.normalise(wizard.number_to)
            count = card_number.count(first, last)
            if not count:
                wizard.preview = False
                continue
            numbers = card_number.iterate(first, last, wizard.with_check_digit)
            wizard.preview = self.env._(
                "%(count)s cards: %(numbers)s …",
                count=count,
                numbers=", ".join(islice(numbers, SHOWN)),
            )

    def action_supply(self):
        self.ensure_one()
        batch = self.env["key.account.card.batch"]._receive(
            {
                "kind_id": self.kind_id.id,
                "unit_id": self.unit_id.id,
                "number_from": self.number_from,
                "number_to": self.number_to,
                "with_check_digit": self.with_check_digit,
                "date": self.date,
                "document": self.document,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": batch._name,
            "res_id": batch.id,
            "views": [(False, "form")],
        }
