# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_crm import card_number
from odoo.addons.key_account_crm.masking import mask_name

# How long somebody who was identified may be served without being asked again.
SERVED_WITHIN = "15 minutes"


class KeyAccountCardAttempt(models.Model):
    """Customers who stand before another unit: asked for, counted and logged like every
    question about a card, also those who have none (SVC-03, CARD-08)."""

    _inherit = "key.account.card.attempt"

    @api.model
    def _identify(self, question, caller, limit, user_id):
        """Answer whether this is a customer: by card where there is one.

        :param question: as of ``_authenticate``; the way may also be "code"
        :return: dict of outcome, wait and, of one who is found, holder (masked)
        """
        way, value = question["way"], question["value"]
        if way == "card" or (way == "number" and self._has_card(value)):
            answer = self._authenticate(question, caller, limit, user_id=user_id)
            return {**answer, **answer.pop("card", {})}
        [gate] = self.env.execute_query_dict(self._get_gate(caller, limit, None))
        outcome, wait = self._check_gate(gate, limit)
        customer = self.env["res.partner"]
        if not outcome:
            customer = self._find_customer(way, value)
            outcome = "valid" if customer else "unknown"
        found = {
            "card_id": None,
            "partner_id": customer.id,
            "unit_id": customer.key_account_unit_id.id or None,
        }
        self._log(
            outcome,
            caller,
            found if customer else None,
            way="number" if way == "number" else None,
            asked=self._mask(way, value),
            user_id=user_id,
        )
        holder = mask_name(customer.name) if customer else False
        return {"outcome": outcome, "wait": wait, "holder": holder}

    @api.model
    def _has_card(self, number):
        """Whether a card was issued for a service number."""
        cards = self.env["key.account.card"]
        domain = [("number_id.name", "=", number), ("name", "!=", False)]
        return bool(number and cards.search_count(domain, limit=1))

    @api.model
    def _find_card(self, way, value):
        """The active card that a card number or service number leads to."""
        cards = self.env["key.account.card"]
        if way == "code" or not value:
            return cards
        domain = [("state", "=", "active")]
        if way == "card":
            domain.append(("name", "=", card_number.normalise(value)))
        else:
            domain.append(("number_id.name", "=", value))
        return cards.search(domain, limit=1)

    @api.model
    def _find_customer(self, way, value):
        """The one customer with exactly this card, number in service, or code."""
        partners = self.env["res.partner"]
        if not value:
            return partners
        card = self._find_card(way, value)
        if card or way == "card":
            return card.partner_id
        if way == "code":
            found = partners.search([("key_account_code", "=", value)], limit=2)
        else:
            numbers = self.env["key.account.number"]
            domain = [("name", "=", value), ("state", "!=", "closed")]
            found = numbers.search(domain, limit=2).partner_id
        return found if len(found) == 1 and found.key_account_kind else partners

    @api.model
    def _was_identified(self, customer, user_id):
        """Whether this user identified this customer just now, by the log."""
        found = self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM key_account_card_attempt
                 WHERE caller = %s AND partner_id = %s AND outcome = 'valid'
                   AND date > now() AT TIME ZONE 'UTC' - %s::interval
                 LIMIT 1
                """,
                f"user:{user_id}",
                customer.id,
                SERVED_WITHIN,
            )
        )
        return bool(found)
