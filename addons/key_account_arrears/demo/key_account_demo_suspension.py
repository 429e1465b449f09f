# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.key_account_suspension_decide import APPROVERS

COUNT = 12
REASON = "多次催缴未缴费，客户不接电话。"
DECLINED = "经理本周上门，暂不停机。"
REFUSED = "该号码为消防报警专线，不能停机。"


class KeyAccountDemo(models.AbstractModel):
    """Numbers of the demonstration city that are proposed for suspension, are suspended
    or were resumed because their customers paid."""

    _inherit = "key.account.demo"

    @api.model
    def _load_suspensions(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        steps = self.env["key.account.suspension"]
        for number in self._get_demo_debtors():
            # sudo: the row is the system's, as where a screen proposes.
            mine = steps.with_user(number.manager_id).sudo()
            scope = SQL("number.id = %s", number.id)
            steps |= mine._propose(scope) or mine._propose(
                scope, kind="one_way", source="hand", reason=REASON
            )
        maker._decide_demo_steps(self.env["key.account.suspension"].browse(steps.ids))

    @api.model
    def _get_demo_debtors(self):
        """One number each of the customers who owe longest."""
        steps = self.env["key.account.suspension"]
        candidates = steps._get_candidates_sql(
            fields.Date.context_today(self),
            SQL("number.manager_id IS NOT NULL AND number.state = 'in_service'"),
            "one_way",
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT MIN(number_id) FROM (%s) AS candidate WHERE reason IS NULL "
                "GROUP BY partner_id ORDER BY MIN(oldest), partner_id LIMIT %s",
                candidates,
                COUNT,
            )
        )
        return self.env["key.account.number"].browse(row[0] for row in rows)

    def _decide_demo_steps(self, steps):
        """Half of them are decided, and a customer has paid since."""
        for place, step in enumerate(steps.sorted("id")[: COUNT // 2]):
            head = step.unit_id._get_decider(step.user_id)
            if head.key_account_role in APPROVERS:
                step = step.with_user(head)
            if place == 5:
                step.action_decline(DECLINED)
                continue
            step.action_approve()
            if place < 4:
                step.action_answer(place != 3, REFUSED if place == 3 else None)
            if place == 2:
                self._pay_demo_bills(step)

    def _pay_demo_bills(self, step):
        """All that the customer owes, so that the service is resumed."""
        bills = self.env["key.account.bill"].search(
            [("partner_id", "=", step.partner_id.id), ("is_overdue", "=", True)]
        )
        self.env["key.account.payment"].create(
            [
                {
                    "name": f"FJ{bill.id:06}",
                    "partner_id": bill.partner_id.id,
                    "bill_id": bill.id,
                    "currency_id": bill.currency_id.id,
                    "amount": bill.amount_open,
                }
                for bill in bills
            ]
        )
