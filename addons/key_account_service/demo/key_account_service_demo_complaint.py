# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

COMPLAINTS = 80
SUBJECTS = {
    "network_outage": ("专线中断两小时，无人告知", "总机全天打不通"),
    "network_speed": ("带宽达不到合同约定", "网速慢，下载经常中断"),
    "fee_bill": ("账单多计长途费", "上月账单重复收费"),
    "fee_unasked": ("未订购的增值业务被收费",),
    "service_attitude": ("营业厅人员态度生硬",),
    "service_promise": ("答应当天上门，至今未到",),
    "provision_repair": ("报修三天仍未修复",),
    "delivery_late": ("次日达快件第三天才到", "节前包裹积压未投"),
    "delivery_damaged": ("包裹外包装破损，货物受潮",),
    "delivery_pickup": ("约定取件时间无人上门",),
    "business_manager": ("客户经理三个月未联系",),
    "suggestion_service": ("建议延长营业厅周末服务时间",),
    "suggestion_product": ("建议推出电子账单汇总",),
}
CAUSES = {
    "network": ("equipment_failure", "equipment_capacity", "equipment_planned"),
    "fee": ("system_billing", "process_notice"),
    "service": ("staff_attitude", "staff_knowledge"),
    "provision": ("process_slow",),
    "delivery": ("transport_delay", "transport_sorting"),
    "business": ("staff_mistake", "process_rule"),
    "suggestion": ("product_design", "process_rule"),
}
REPLIES = (
    "已查明原因并修复，向客户致歉。",
    "已更正账单并说明情况。",
    "已上门解释，客户表示理解。",
)


class KeyAccountDemo(models.AbstractModel):
    """What the customers of the demonstration city complained about, up to today."""

    _inherit = "key.account.demo"

    @api.model
    def _load_complaints(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20150623)
        customers = self.env["res.partner"].search(
            [
                ("key_account_kind", "!=", False),
                ("key_account_state", "in", ("active", "won_back")),
                ("key_account_manager_id", "!=", False),
            ],
            order="id",
        )
        if not customers:
            return
        incident = self.env["key.account.incident"].create(
            {
                "name": "开发区光缆被施工挖断",
                "region": "开发区",
                "cause_id": self._complaint_word("cause", "equipment_failure").id,
                "date_from": fields.Datetime.now() - timedelta(hours=30),
                "note": "抢修队已到场，预计今晚恢复。",
            }
        )
        for number in range(COMPLAINTS):
            # a few customers complain again and again
            customer = dice.choice(customers[:6] if number % 5 == 0 else customers)
            maker._create_complaint(dice, customer, incident)
        self._date_complaint_steps()

    @api.model
    def _create_complaint(self, dice, customer, incident):
        now = fields.Datetime.now()
        code = dice.choice(list(SUBJECTS))
        hours = dice.choice((2, 6, 15, 26, 50, 100, 24 * 9, 24 * 20, 24 * 50, 24 * 80))
        accepted = now - timedelta(hours=hours, minutes=dice.randint(0, 59))
        channel = dice.choice(("call_centre", "call_centre", "hall", "visit", "portal"))
        is_cut = code == "network_outage" and hours < 30
        # sudo: whoever the demonstration says registered it, reaches all customers.
        registrant = self.env["res.users"].search([("login", "=", "agent")], limit=1)
        maker = self.env["key.account.complaint"]
        if registrant and channel == "call_centre":
            maker = maker.with_user(registrant).sudo()
        complaint = maker.create(
            {
                "partner_id": customer.id,
                "type_id": self._complaint_word("type", code).id,
                "subject": dice.choice(SUBJECTS[code]),
                "date_accepted": accepted,
                "channel_id": self._service_term("channel", channel).id,
                "incident_id": incident.id if is_cut else False,
                "is_secret": code == "business_manager",
                "region": dice.choice(("老城区", "滨江新区", "开发区")),
            }
        ).with_env(self.env)
        self._work_on_complaint(dice, complaint, code, now)

    def _work_on_complaint(self, dice, complaint, code, now):
        """Old ones are replied to and called back about, new ones at every stage."""
        limit = complaint.clock_limit or 7 * 86400
        replied = complaint.date_accepted + timedelta(
            seconds=round(limit * dice.choice((0.3, 0.6, 0.9, 1.0, 1.6)))
        )
        fate = dice.random()
        if fate > 0.12:
            unit = complaint.unit_id
            complaint._dispatch(unit, complaint.manager_id if fate < 0.7 else None)
        if fate > 0.25:
            complaint._take(
                "take",
                "handling",
                vals={"handler_id": complaint.manager_id.id, "date_taken": now},
            )
        if replied < now and fate > 0.25:
            self._settle_complaint(dice, complaint, code, replied)
        elif 0.25 < fate < 0.35:
            complaint._wait(self._service_term("pause_reason", "customer_answer"))
        elif fate > 0.92:
            complaint._escalate("客户要求上级答复")

    def _settle_complaint(self, dice, complaint, code, replied):
        cause = dice.choice(CAUSES[code.split("_")[0]])
        complaint._reply(
            dice.choice(REPLIES),
            date=replied,
            cause_id=self._complaint_word("cause", cause).id,
            is_founded=dice.random() < 0.8,
            cost=dice.choice((0, 0, 30, 80)),
        )
        if dice.random() < 0.2:
            self.env["key.account.compensation"].create(
                {
                    "complaint_id": complaint.id,
                    "kind_id": self._service_term("compensation_kind", "waiver").id,
                    "amount": dice.choice((50, 120, 300)),
                    "reason": "减免当月费用",
                }
            )
        if dice.random() < 0.75:
            mark = dice.choice(("1", "2", "3", "4", "4", "5", "5"))
            complaint._call_back(mark, False, is_solved=mark != "1")

    @api.model
    def _date_complaint_steps(self):
        """The steps of the demonstration were taken when it says so, not when it was
        made: one after the other between acceptance and reply."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_complaint_step AS step
                   SET date = complaint.date_accepted + LEAST(
                           step.date - complaint.date_accepted,
                           placed.place * interval '25 minutes')
                  FROM key_account_complaint AS complaint,
                       (SELECT id, row_number() OVER (
                            PARTITION BY complaint_id ORDER BY id) - 1 AS place
                          FROM key_account_complaint_step) AS placed
                 WHERE complaint.id = step.complaint_id AND placed.id = step.id
                   AND step.kind IN ('register', 'dispatch', 'take', 'secret')
                """
            )
        )
        self.env["key.account.complaint.step"].invalidate_model(flush=False)

    @api.model
    def _complaint_word(self, tree, code):
        words = self.env[f"key.account.complaint.{tree}"]
        return words.search([("code", "=", code)], limit=1)
