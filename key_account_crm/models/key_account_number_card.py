# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class KeyAccountNumber(models.Model):
    """A number that is closed or gets another owner loses its VIP card (domain 2.5)."""

    _inherit = "key.account.number"

    def write(self, vals):
        former = {number: number.partner_id for number in self}
        result = super().write(vals)
        if "partner_id" in vals:
            moved = self.filtered(lambda n: former[n] and n.partner_id != former[n])
            moved._cancel_cards("card_owner")
        if vals.get("state") == "closed":
            self._cancel_cards("card_closed")
        return result

    def _cancel_cards(self, reason):
        """Cancel what is bound to these numbers, and what was requested for them."""
        # sudo: the membership ends with the number, whoever may write cards; nothing
        # but the cards of numbers that the user has just changed.
        cards = self.env["key.account.card"].sudo()
        cards._get_bound([("number_id", "in", self.ids)])._cancel(reason)
