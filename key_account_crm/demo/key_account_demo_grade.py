# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .key_account_demo import MONTHS

GRADED = 12  # months of the story, up to the one billed last
PROPOSED_EVERY, PROTECTED_EVERY = 60, 70


class KeyAccountDemo(models.AbstractModel):
    """The customers of the demonstration city graded month by month; some proposals
    wait for a decision."""

    _inherit = "key.account.demo"

    @api.model
    def _load(self):
        super()._load()
        self._grade_customers()
        customers = self.env["res.partner"].search(
            [
                ("key_account_grade_id", "!=", False),
                ("key_account_manager_id", "!=", False),
            ],
            order="key_account_code",
        )
        self._propose_grades(customers)
        self.env["key.account.month"]._refresh_grades()

    def _grade_customers(self):
        """As the centre did it on the fifth of each month."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        centre = self.env.ref("key_account_crm.key_account_unit_centre")
        for place in range(MONTHS - GRADED, MONTHS):
            month = first + relativedelta(months=place)
            run = self.env["key.account.grade.run"].create(
                {
                    "month": month,
                    "date": min(month + relativedelta(months=1, day=5), today),
                    "scope": "all",
                    "unit_id": centre.id,
                    "user_id": self._demo("user", "centre").id,
                }
            )
            run._start()

    def _propose_grades(self, customers):
        """Managers want more for some of their customers, and why."""
        moves = self.env["key.account.grade.move"]
        waiting = moves.search([("state", "=", "proposed")]).partner_id
        customers = customers - waiting
        for customer in customers[PROPOSED_EVERY // 2 :: PROPOSED_EVERY]:
            higher = self._get_higher_grade(customer)
            if higher:
                self._propose_grade(
                    customer,
                    {"grade_to_id": higher.id},
                    "新签两年协议，预计下半年业务量明显增长。",
                )
        for customer in customers[PROTECTED_EVERY // 3 :: PROTECTED_EVERY]:
            grade = customer.key_account_grade_id
            until = fields.Date.context_today(self) + relativedelta(months=6)
            vals = {"grade_to_id": grade.id, "floor_id": grade.id, "floor_until": until}
            if not moves.search_count(
                [("partner_id", "=", customer.id), ("state", "=", "proposed")]
            ):
                self._propose_grade(
                    customer, vals, "系统改造期间业务暂停，请保留级别。"
                )

    def _get_higher_grade(self, customer):
        grade = customer.key_account_grade_id
        kind = grade._get_kinds_field(customer.key_account_kind)
        return grade.search(
            [(kind, "=", True), ("rank", ">", grade.rank)], order="rank", limit=1
        )

    def _propose_grade(self, customer, vals, reason):
        manager = customer.key_account_manager_id
        moves = self.env["key.account.grade.move"].with_user(manager)
        moves._propose(customer.with_user(manager), vals, reason)
