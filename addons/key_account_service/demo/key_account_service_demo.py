# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

REQUESTS = 90
SUBJECTS = {
    "fault": ("专线中断", "包裹未按时取件", "总机无拨号音"),
    "installation": ("新增专线一条", "新设取件点"),
    "relocation": ("办公室搬迁，移机", "迁址，变更投递地址"),
    "change": ("变更套餐", "更改付款账户"),
    "bill_query": ("上月账单金额有疑问", "请补寄账单"),
    "information": ("询问国际速递价格", "询问节日服务时间"),
    "visit": ("请客户经理上门洽谈",),
}
RESULTS = ("已处理完毕，客户确认。", "电话答复客户。", "现场处理，恢复正常。")


class KeyAccountDemo(models.AbstractModel):
    """What the customers of the demonstration city asked for, up to today."""

    _inherit = "key.account.demo"

    @api.model
    def _load_service(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20020103)
        customers = self.env["res.partner"].search(
            [
                ("key_account_kind", "!=", False),
                ("key_account_state", "in", ("active", "won_back")),
                ("key_account_manager_id", "!=", False),
            ],
            order="id",
        )
        for _number in range(REQUESTS if customers else 0):
            maker._create_request(dice, dice.choice(customers))
        asked = self.env["key.account.request"].search([("state", "=", "done")])
        if asked:
            maker._create_portal_user(asked[:1].partner_id)

    @api.model
    def _create_portal_user(self, customer):
        """A contact of a customer who looks at its requests on the portal."""
        users = self.env["res.users"].with_context(no_reset_password=True)
        user = users.create(
            {
                "name": "陈静",
                "login": "customer",
                "password": "customer",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        user.partner_id.parent_id = customer

    @api.model
    def _create_request(self, dice, customer):
        code = dice.choice(list(SUBJECTS))
        channel = dice.choice(("call_centre", "hall", "visit", "email", "portal"))
        service = dice.choice(("basic", "basic", "basic", "personalised"))
        now = fields.Datetime.now()
        accepted = now - timedelta(
            hours=dice.choice((3, 9, 20, 30, 70, 24 * 20, 24 * 45))
        )
        request = self.env["key.account.request"].create(
            {
                "subject": dice.choice(SUBJECTS[code]),
                "partner_id": customer.id,
                "kind_id": self._service_term("request_kind", code).id,
                "class_id": self._service_term("service_class", service).id,
                "channel_id": self._service_term("channel", channel).id,
                "date_accepted": accepted - timedelta(minutes=dice.randint(0, 50)),
            }
        )
        self._work_on_request(dice, request, now)

    def _work_on_request(self, dice, request, now):
        """Old ones are done, most in time; of the new ones some wait or are begun."""
        standard = request.clock_limit or 86400
        spent = timedelta(
            seconds=round(standard * dice.choice((0.2, 0.4, 0.7, 0.9, 1.3)))
        )
        done = request.date_accepted + spent
        fate = dice.random()
        if done < now and fate < 0.9:
            self._finish_request(dice, request, done)
        elif fate < 0.3:
            request._clock_take(
                "pause",
                date=min(request.date_accepted + timedelta(hours=1), now),
                reason=self._service_term("pause_reason", "customer_answer"),
            )
            request._move({"state": "waiting", "handler_id": request.manager_id.id})
        elif fate < 0.7:
            request._move({"state": "handling", "handler_id": request.manager_id.id})

    def _finish_request(self, dice, request, done):
        request.handler_id = request.manager_id
        request._finish(
            date=done,
            result_id=self._service_term("request_result", "solved").id,
            result=dice.choice(RESULTS),
            cost=dice.choice((0, 0, 20, 60, 150)),
        )
        if dice.random() < 0.6:
            mark = dice.choice(("2", "4", "4", "5", "5", "5"))
            request._call_back(mark, False, is_solved=True)

    @api.model
    def _service_term(self, category, code):
        return self.env["key.account.term"].search(
            [("category", "=", category), ("code", "=", code)], limit=1
        )
