# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models

CONTACTS, INQUIRIES = 160, 120
SUBJECTS = {
    "visit": ("季度走访", "续签协议洽谈", "了解新项目用邮通信需求"),
    "call": ("电话回访", "确认账单", "通知优惠政策"),
    "meeting": ("季度例会", "服务方案汇报"),
    "mail": ("寄送报价单", "答复询价"),
    "message": ("节日问候", "提醒到期"),
}
RESULTS = (
    "客户满意，无新需求。",
    "客户希望下月再谈价格。",
    "有意增加专线。",
    "负责人外出，改日再约。",
)
QUESTIONS = {
    "tariff_offer": ("有哪些优惠套餐？", "大客户折扣是多少？"),
    "bill_amount": ("上月账单为何增加？",),
    "fault_state": ("故障何时修复？",),
    "fault_delivery": ("快件到哪里了？",),
    "membership_points": ("还有多少积分？", "积分何时到期？"),
    "membership_card": ("贵宾卡可以去哪些机场？",),
    "service_new": ("有没有国际专线？",),
    "office": ("营业厅几点关门？",),
}
RIVALS = {"unicom": "华通公司", "express": "迅达速递"}
NOTES = (
    ("以低一成五的价格推介专线", "专线 10M", 3400, "月", 24, "b"),
    ("承诺次日达并免上门费", "同城速递", 9.5, "件", 12, "a"),
    ("正与客户总部谈统一协议", "综合服务", 0, False, 36, "c"),
)


class KeyAccountDemo(models.AbstractModel):
    """Contacts, inquiries and intelligence of the demonstration city, up to today."""

    _inherit = "key.account.demo"

    @api.model
    def _load_contacts(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20020104)
        customers = self.env["res.partner"].search(
            [
                ("key_account_kind", "!=", False),
                ("key_account_state", "in", ("active", "won_back")),
                ("key_account_manager_id", "!=", False),
            ],
            order="id",
        )
        if customers:
            maker._create_contacts(dice, customers)
            maker._create_inquiries(dice, customers)
            maker._create_intelligence(dice, customers)

    def _create_contacts(self, dice, customers):
        events = self.env["key.account.contact.event"]
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        vals_list = []
        for number in range(CONTACTS):
            customer = dice.choice(customers)
            kind = dice.choice(("visit", "call", "call", "call", "meeting", "mail"))
            # Most took place in the last months, some are planned for the next days.
            hours = (
                -24 * dice.randint(1, 150) if number % 8 else 24 * dice.randint(1, 12)
            )
            person = customer.child_ids[:1]
            vals_list.append(
                {
                    "partner_id": customer.id,
                    "kind_id": self._service_term("contact_kind", kind).id,
                    "user_id": customer.key_account_manager_id.id,
                    "date": now + timedelta(hours=hours + dice.randint(0, 7)),
                    "duration": dice.choice((0.25, 0.5, 1, 1.5)),
                    "distance": dice.choice((0, 8, 15)) if kind == "visit" else 0,
                    "subject": dice.choice(SUBJECTS[kind]),
                    "result": dice.choice(RESULTS) if hours < 0 else False,
                    "person_ids": person.ids if dice.random() < 0.7 else [],
                    "is_important": dice.random() < 0.1,
                }
            )
        events.create(vals_list)

    def _create_inquiries(self, dice, customers):
        contents = self.env["key.account.inquiry.content"]
        now = fields.Datetime.now()
        vals_list = []
        for _number in range(INQUIRIES):
            code = dice.choice(list(QUESTIONS))
            is_known = dice.random() < 0.7
            channel = dice.choice(("call_centre", "call_centre", "hall", "web"))
            vals_list.append(
                {
                    "content_id": contents.search([("code", "=", code)]).id,
                    "channel_id": self._service_term("channel", channel).id,
                    "partner_id": dice.choice(customers).id if is_known else False,
                    "question": dice.choice(QUESTIONS[code]),
                    "duration": dice.choice((1, 2, 3, 5)),
                    "is_answered": dice.random() < 0.9,
                    "date_asked": now - timedelta(minutes=dice.randint(10, 80_000)),
                }
            )
        self.env["key.account.inquiry"].create(vals_list)

    def _create_intelligence(self, dice, customers):
        terms = self.env["key.account.term"]
        rivals = [
            self._service_term("competitor", code)
            or terms.create({"category": "competitor", "code": code, "name": name})
            for code, name in RIVALS.items()
        ]
        today = fields.Date.today()
        notes = self.env["key.account.intelligence"].create(
            [
                {
                    "name": name,
                    "competitor_id": dice.choice(rivals).id,
                    "partner_id": dice.choice(customers).id if number else False,
                    "product": product,
                    "price": price,
                    "price_unit": price_unit,
                    "term_months": months,
                    "reliability": reliability,
                    "source_id": self._service_term(
                        "intelligence_source", "key_person"
                    ).id,
                    "date_learnt": today - timedelta(days=dice.randint(1, 60)),
                }
                for number, (
                    name,
                    product,
                    price,
                    price_unit,
                    months,
                    reliability,
                ) in enumerate(NOTES)
            ]
        )
        notes[-1:].action_confirm()
