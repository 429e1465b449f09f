# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Command

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon

ZONE = "Asia/Shanghai"


class PlanCommon(KeyAccountCommon):
    """Four managers with a customer each, and plans of March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = ZONE
        cls.revenue = cls.env["key.account.indicator"]._find("revenue")
        cls.recovery = cls.env["key.account.indicator"]._find("recovery")
        cls.customers = cls.env["key.account.indicator"]._find("new_customers")
        people = (cls.manager, cls.colleague, cls.manager_2, cls.manager_b)
        cls.owned = {
            person: cls._create_customer(f"Of {person.login}", person)
            for person in people
        }

    @classmethod
    def _create_plan(cls, unit=None, manager=None, targets=None, user=None, **vals):
        targets = {cls.revenue: 1000} if targets is None else targets
        plans = cls.env["key.account.plan"]
        unit = unit or (manager and manager.key_account_unit_id) or cls.post_1
        return (plans.with_user(user) if user else plans).create(
            {
                "name": "Spring",
                "unit_id": unit.id,
                "manager_id": manager.id if manager else False,
                "period": "month",
                "date_from": "2026-03-01",
                "target_ids": [
                    Command.create({"indicator_id": one.id, "target": target})
                    for one, target in targets.items()
                ],
                **vals,
            }
        )

    def _bill(self, manager, amount, month="2026-03-01", **vals):
        return self._create_bill(self.owned[manager], amount, period=month, **vals)

    def _approve(self, plan, submitter=None, approver=None):
        plan.with_user(submitter or self.manager).action_submit()
        plan.with_user(approver or self.head).action_approve()
        return plan
