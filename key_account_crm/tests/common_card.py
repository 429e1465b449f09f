# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from .common import KeyAccountCommon


class KeyAccountCardCommon(KeyAccountCommon):
    """Ten gold cards in the stock of post_1, and a customer with a number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env.ref("key_account_crm.key_account_card_kind_gold")
        cls.silver = cls.env.ref("key_account_crm.key_account_card_kind_silver")
        cls.batch = cls._supply("T0010", "T0019")
        cls.customer = cls._create_member("Acme", cls.manager)
        cls.number = cls._create_number(cls.customer, "0571800001")

    @classmethod
    def _supply(cls, first, last, kind=None, unit=None, **vals):
        return cls.env["key.account.card.batch"].create(
            {
                "kind_id": (kind or cls.gold).id,
                "unit_id": (unit or cls.post_1).id,
                "number_from": first,
                "number_to": last,
                **vals,
            }
        )

    @classmethod
    def _create_member(cls, name, manager=None, **vals):
        """A customer that qualifies for a card."""
        return cls._create_customer(name, manager, key_account_state="active", **vals)

    @classmethod
    def _create_number(cls, customer, name, **vals):
        return cls.env["key.account.number"].create(
            {"name": name, "partner_id": customer.id, **vals}
        )

    @classmethod
    def _apply(cls, user=None, customer=None, number=None, **vals):
        customer = customer or cls.customer
        cards = cls.env["key.account.card"].with_user(user or cls.manager)
        if number is None and customer == cls.customer:
            number = cls.number
        return cards.create(
            {
                "partner_id": customer.id,
                "number_id": number.id if number else False,
                "kind_id": cls.gold.id,
                **vals,
            }
        )

    @classmethod
    def _open_card(cls, customer=None, number=None, **vals):
        """An active card, opened by the head."""
        card = cls._apply(cls.head, customer, number, **vals)
        card._open(is_active=True)
        return card
