# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields
from odoo.tools import SQL

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


class SuspensionCommon(ArrearsCommon):
    """Acme has a number, 100, and a policy that suspends after 30 and 60 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = cls._number(cls.acme, "100")
        cls.policy = cls._policy()

    @classmethod
    def _number(cls, customer, name):
        return cls.env["key.account.number"].create(
            {"name": name, "partner_id": customer.id}
        )

    @classmethod
    def _policy(cls, **vals):
        steps = [
            (0, 0, {"days": days, "channel": channel, "body": "{customer}"})
            for days, channel in ((1, "call"), (30, "one_way"), (60, "two_way"))
        ]
        policy = cls.env["key.account.dunning.policy"].create(
            {"name": "Test", "date_from": "2026-03-15", "step_ids": steps, **vals}
        )
        policy.action_approve()
        return policy

    def _wizard(self, user, **vals):
        wizards = self.env["key.account.suspension.propose"].with_user(user)
        return wizards.create(vals)

    def _preview(self, user, **vals):
        wizard = self._wizard(user, **vals)
        wizard.action_preview()
        return wizard

    def _steps(self, number=None):
        number = number or self.number
        return self.env["key.account.suspension"].search(
            [("number_id", "=", number.id)]
        )

    def _propose(self, user=None, number=None, kind="one_way"):
        """A proposal of the manager by hand for one number."""
        number = number or self.number
        before = self._steps(number)
        wizard = self._preview(
            user or self.manager,
            by="hand",
            kind=kind,
            reason="Does not pay",
            number_ids=[(6, 0, number.ids)],
        )
        wizard.action_propose()
        return self._steps(number) - before

    def _suspend(self, number=None, kind="one_way"):
        """A step that the branch has done."""
        step = self._propose(number=number, kind=kind)
        step.with_user(self.head).action_approve()
        step.with_user(self.head).action_answer(True)
        return step

    def _answers(self, steps, is_done, text=None):
        return SQL(
            "SELECT id, %s AS is_done, %s::varchar AS answer, "
            "%s::timestamp AS date_done "
            "FROM key_account_suspension WHERE id = ANY(%s)",
            is_done,
            text,
            fields.Datetime.now(),
            steps.ids,
        )
