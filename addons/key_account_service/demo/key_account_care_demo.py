# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models

GIFTS = (
    ("TEA", "Box of Tea", "茶叶礼盒", 120, 60),
    ("CALENDAR", "Desk Calendar", "台历", 18, 200),
    ("MOONCAKE", "Moon Cakes", "月饼礼盒", 88, 80),
    ("UMBRELLA", "Umbrella", "雨伞", 35, 100),
)
OUTCOMES = ("客户很高兴，谈到扩容计划。", "客户表示感谢。", "未遇本人，由秘书转交。")
ACTS = (
    ("中秋送礼", "gift", "MOONCAKE", 20),
    ("上门送账单和话单", "bill_delivery", None, 0),
    ("新业务使用培训", "training", None, 150),
    ("上门收取话费", "collection", None, 10),
    ("生日鲜花", "gift", "TEA", 0),
    ("推荐优惠套餐", "recommendation", None, 0),
    ("办理过户手续", "business", None, 15),
    ("例行拜访", "visit", None, 30),
)
ACTIVITIES = (
    ("会员品茶沙龙", "salon", -40, 3200),
    ("企业信息化讲座", "training", -12, 1800),
    ("会员羽毛球赛", "sport", 20, 0),
)


class KeyAccountDemo(models.AbstractModel):
    """How the customers of the demonstration city are looked after, up to today."""

    _inherit = "key.account.demo"

    @api.model
    def _load_care(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20060815)
        customers = self.env["res.partner"].search(
            [
                ("key_account_kind", "!=", False),
                ("key_account_state", "in", ("active", "won_back")),
                ("key_account_manager_id", "!=", False),
            ],
            order="id",
            limit=60,
        )
        if not customers:
            return
        gifts = maker._create_gifts(customers.key_account_unit_id)
        for customer in customers:
            maker._care_for(dice, customer, gifts)
        maker._create_persons(dice, customers)
        maker._create_optouts(customers)
        maker._create_activities(dice, customers)
        maker._create_care_list()

    @api.model
    def _create_gifts(self, units):
        gifts = {}
        for code, name, chinese, price, pieces in GIFTS:
            gift = self.env["key.account.gift"].create(
                {"code": code, "name": name, "price": price}
            )
            if "zh_CN" in dict(self.env["res.lang"].get_installed()):
                gift.with_context(lang="zh_CN").name = chinese
            self.env["key.account.gift.move"].create(
                [
                    {
                        "gift_id": gift.id,
                        "unit_id": unit.id,
                        "kind": "received",
                        "quantity": pieces,
                        "cost": price * pieces,
                    }
                    for unit in units
                ]
            )
            gifts[code] = gift
        return gifts

    @api.model
    def _care_for(self, dice, customer, gifts):
        """Some acts of the last months, one or two to come, one that is late."""
        today = fields.Date.context_today(self)
        for _number in range(dice.randint(0, 3)):
            name, means, gift, cost = dice.choice(ACTS)
            days = dice.choice((-150, -90, -45, -20, -9, -2, 3, 8, 15))
            care = self.env["key.account.care"].create(
                {
                    "name": name,
                    "partner_id": customer.id,
                    "means": means,
                    "gift_id": gift and gifts[gift].id,
                    "cost": cost,
                    "date_planned": today + timedelta(days=days),
                    "user_id": customer.key_account_manager_id.id,
                }
            )
            if days < -5:
                care._finish(
                    date=care.date_planned,
                    outcome=dice.choice(OUTCOMES),
                    mark=dice.choice(("3", "4", "4", "5")),
                )

    @api.model
    def _create_persons(self, dice, customers):
        """Contacts with birthdays in the next days, half of them lunar ones."""
        today = fields.Date.context_today(self)
        for number, customer in enumerate(customers[:12]):
            contact = self.env["res.partner"].create(
                {
                    "name": f"{dice.choice('王李张刘陈杨赵黄')}经理",
                    "parent_id": customer.id,
                    "email": f"contact{number}@example.com",
                }
            )
            born = today.replace(year=1970 + number, day=min(today.day, 28))
            self.env["key.account.person"].create(
                {
                    "partner_id": contact.id,
                    "birthday": born + timedelta(days=number),
                    "birthday_calendar": "lunar" if number % 2 else "solar",
                }
            )

    @api.model
    def _create_optouts(self, customers):
        self.env["key.account.optout"].create(
            [
                {
                    "partner_id": customers[1].id,
                    "purpose": "care",
                    "channel": "gift",
                    "note": "公司规定不收礼品",
                },
                {"partner_id": customers[3].id, "purpose": "marketing"},
                {
                    "partner_id": customers[5].id,
                    "purpose": "survey",
                    "channel": "call",
                    "source": "complaint",
                },
            ]
        )

    @api.model
    def _create_activities(self, dice, customers):
        now = fields.Datetime.now().replace(hour=6, minute=0, second=0)
        centre = self.env.ref("key_account_crm.key_account_unit_centre")
        for name, kind, days, cost in ACTIVITIES:
            begin = now + timedelta(days=days)
            activity = self.env["key.account.activity"].create(
                {
                    "name": name,
                    "kind_id": self._service_term("activity_kind", kind).id,
                    "unit_id": centre.id,
                    "date_begin": begin,
                    "date_end": begin + timedelta(hours=3),
                    "capacity": 30,
                    "cost": cost,
                }
            )
            self.env["key.account.activity.guest"].create(
                [
                    {
                        "activity_id": activity.id,
                        "partner_id": customer.id,
                        "state": dice.choice(
                            ("accepted", "declined", "invited")
                            if days > 0
                            else ("attended", "attended", "declined")
                        ),
                    }
                    for customer in dice.sample(list(customers), 18)
                ]
            )
            if days < 0:
                activity.action_held()

    @api.model
    def _create_care_list(self):
        """One list that waits to be looked through."""
        run = self.env["key.account.care.run"].create(
            {
                "unit_id": self.env.ref("key_account_crm.key_account_unit_centre").id,
                "date_until": fields.Date.context_today(self) + timedelta(days=14),
            }
        )
        run.action_preview()
