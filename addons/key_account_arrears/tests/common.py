# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


class ArrearsCommon(KeyAccountCommon):
    """The small city with a customer who owes 100 since 15 February.

    ``acme`` is ka_manager's in post_1, ``far`` is ka_manager_b's in parcel_1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._create_customer("Acme", cls.manager)
        cls.far = cls._create_customer("Far", cls.manager_b)
        cls.bill = cls._create_bill(cls.acme, 100)  # 31 January, due 15 February

    @classmethod
    def _promise(cls, user, amount=100.0, date_due="2026-03-10", **vals):
        return (
            cls.env["key.account.promise"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.acme.id,
                    "amount": amount,
                    "date_due": date_due,
                    "date": "2026-03-01",
                    **vals,
                }
            )
        )

    def _items(self, day, user=None, **context):
        items = self.env["key.account.open.item"].with_user(user or self.env.user)
        return items.with_context(key_account_as_of=day).search(
            [("partner_id", "in", (self.acme | self.far).ids)]
        )
