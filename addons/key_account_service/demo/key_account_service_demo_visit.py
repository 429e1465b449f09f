# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models

VISITS, HANDED_OVER = 10, 9
VISIT_SUBJECTS = {
    "information": ("出差途中查询网点营业时间", "询问异地投递时限"),
    "change": ("异地办理套餐变更",),
    "bill_query": ("异地补打账单",),
    "fault": ("异地报修：漫游无法使用",),
}


class KeyAccountDemo(models.AbstractModel):
    """Customers that another unit than their own served, and requests that an outside
    system has in hand."""

    _inherit = "key.account.demo"

    @api.model
    def _load_visits(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20020106)
        maker._create_visits(dice)
        maker._hand_requests_over(dice)

    def _create_visits(self, dice):
        """Each by a manager elsewhere, half of them done."""
        customers = self.env["res.partner"].search(
            [
                ("key_account_state", "in", ("active", "won_back")),
                ("key_account_manager_id", "!=", False),
            ],
            order="id",
        )
        managers = customers.key_account_manager_id.sorted("id")
        for number in range(VISITS if customers else 0):
            customer = dice.choice(customers)
            elsewhere = managers.filtered(
                lambda user, home=customer.key_account_unit_id: user.key_account_unit_id
                != home
            )
            if not elsewhere:
                continue
            code = dice.choice(list(VISIT_SUBJECTS))
            request = self.env["key.account.request"].with_user(dice.choice(elsewhere))
            request = request._register_visit(
                customer,
                {
                    "kind_id": self._service_term("request_kind", code).id,
                    "subject": dice.choice(VISIT_SUBJECTS[code]),
                    "channel_id": self._service_term("channel", "hall").id,
                    "date_accepted": fields.Datetime.now() - timedelta(hours=number),
                },
            ).with_env(self.env)
            if number % 2:
                request._finish(
                    result_id=self._service_term("request_result", "solved").id,
                    result="已在异地办结，客户满意。",
                    cost=dice.choice((10, 30, 80)),
                )

    def _hand_requests_over(self, dice):
        """To the network's system, which accepted some and has done others."""
        system = self._service_term("outside_system", "network")
        operator = self.env["res.users"].search(
            [("key_account_role", "=", "operator")], order="id", limit=1
        )
        requests = self.env["key.account.request"].search(
            [
                ("state", "in", ("accepted", "handling")),
                ("kind_id.code", "in", ("fault", "installation", "relocation")),
            ],
            order="id",
            limit=HANDED_OVER,
        )
        if not (system and operator and requests):
            return
        system.handoff_user_id = operator
        requests.handoff_system_id = system
        requests.action_hand_over()
        moment = fields.Datetime.to_string(fields.Datetime.now())
        answers = [
            {
                "event": f"demo-{request.id}",
                "number": request.name,
                "state": dice.choice(("accepted", "done")),
                "at": moment,
                "reference": f"NW{request.id:06}",
                "note": "网络侧已受理",
            }
            for request in requests[: 2 * len(requests) // 3]
        ]
        requests.with_user(operator).handoff_answer("network", answers)
