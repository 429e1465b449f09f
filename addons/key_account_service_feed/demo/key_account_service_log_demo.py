# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models

from ..layout import SERVICE

ROWS = 40
OPERATIONS = {
    "change": ("办理套餐变更", "变更付费方式"),
    "bill_query": ("打印明细账单", "核对上月账单"),
    "reconnect": ("缴费后复机",),
    "visit": ("上门收取话费", "上门办理业务"),
    "call": ("电话通知新资费",),
    "information": ("介绍大客户优惠",),
}
CLASSES = ("basic", "basic", "personalised", "cross_region", "cross_industry")


class KeyAccountDemo(models.AbstractModel):
    """The service log of each branch of the demonstration city, as files bring it."""

    _inherit = "key.account.demo"

    @api.model
    def _load_service_log(self):
        dice = random.Random(20020105)
        branches = self.env["key.account.unit"].search([("is_branch", "=", True)])
        for branch in branches.filtered("city_code"):
            customers = self.env["res.partner"].search(
                [
                    ("key_account_state", "in", ("active", "won_back")),
                    ("key_account_manager_id", "!=", False),
                    ("key_account_unit_id", "child_of", branch.id),
                ],
                order="id",
            )
            if customers:
                rows = self._make_service_rows(dice, branch, customers)
                content = "".join(f"{row}\n" for row in rows).encode()
                self.env["key.account.feed"]._load_files(branch, "complaint", content)

    @api.model
    def _make_service_rows(self, dice, branch, customers):
        now = fields.Datetime.now()
        for number in range(1, ROWS + 1):
            customer = dice.choice(customers)
            operation = dice.choice(list(OPERATIONS))
            start = now - timedelta(days=dice.randint(1, 75), minutes=number)
            stop = start + timedelta(minutes=dice.randint(5, 90))
            values = {
                "name": f"{branch.city_code}{number:06}",
                "city_code": branch.city_code,
                "manager_id": customer.key_account_manager_id.login,
                "customer": customer.key_account_code,
                "class_id": dice.choice(CLASSES),
                "operation": operation,
                "date_start": f"{start:%Y%m%d%H%M%S}",
                "date_stop": f"{stop:%Y%m%d%H%M%S}",
                "channel_id": "hall",
                "cost": "" if number % 3 else dice.randint(5, 60) * 100,
                "operator": "营业员 07",
                "remark": dice.choice(OPERATIONS[operation]),
            }
            fields_of_row = (str(values.get(name, "")) for name in SERVICE.names)
            yield "|".join([SERVICE.letter, *fields_of_row])
