# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


class ManagerCommon(KeyAccountCommon):
    """Manager files of the small city, and short words for what is done often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = {}
        for user in (cls.manager, cls.colleague, cls.manager_2, cls.manager_b):
            cls.files[user] = cls.env["key.account.manager"].create(
                {"user_id": user.id, "load_max": 3}
            )
        cls.env.flush_all()

    @classmethod
    def _order(cls, user=None, **vals):
        """An order as the user (the head), prepared."""
        orders = cls.env["key.account.handover"].with_user(user or cls.head)
        order = orders.create(vals)
        order.action_prepare()
        return order

    @classmethod
    def _hand_over(cls, giver, taker, user=None, **vals):
        order = cls._order(
            user, kind="handover", from_user_id=giver.id, to_user_id=taker.id, **vals
        )
        order.action_confirm()
        return order

    @classmethod
    def _ledger(cls, customer, line=None):
        """[(responsible, first day, last day)] of the main rows, oldest first; those
        that lasted no day left away."""
        cls.env.flush_all()
        rows = cls.env["key.account.assignment"].search(
            [
                ("partner_id", "=", customer.id),
                ("line_id", "=", line.id if line else False),
                ("role", "=", "main"),
                ("is_merged", "=", False),
            ],
            order="date_from, id",
        )
        return [
            (row.user_id, str(row.date_from), str(row.date_to) if row.date_to else None)
            for row in rows
            if not row.date_to or row.date_to >= row.date_from
        ]

    def _sees(self, user, *records):
        """Which of these records the user reads in a request of its own."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = set()
        for record in records:
            model = record.with_user(user).browse().with_context(active_test=False)
            if model.search([("id", "=", record.id)]):
                found.add(record)
        self.env.invalidate_all()
        return found
