# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random

from odoo import api, fields, models

DISPUTES, PROMISES, PLANS, EXEMPTIONS = 6, 12, 3, 3
REASONS = (
    "客户称第二季度速递费重复计费。",
    "合同约定的折扣未在账单中体现。",
    "客户称其中部分邮件未寄达。",
)
NOTES = ("财务负责人电话承诺。", "上门拜访时承诺，等待付款审批。", "")
PROTECTED = "正在洽谈续约，由总经理亲自联系。"


class KeyAccountDemo(models.AbstractModel):
    """What was agreed with customers of the demonstration city who owe money."""

    _inherit = "key.account.demo"

    @api.model
    def _load_arrears(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        dice = random.Random(20020105)
        bills = self.env["key.account.bill"].search(
            [("is_overdue", "=", True), ("manager_id", "!=", False)],
            order="partner_id, date_due, id",
        )
        oldest = {}
        for bill in bills:
            oldest.setdefault((bill.partner_id, bill.unit_id), bill)
        chosen = list(oldest.values())
        dice.shuffle(chosen)
        for count, create in (
            (DISPUTES, maker._dispute_bill),
            (PROMISES, maker._promise_bill),
            (PLANS, maker._plan_bill),
            (EXEMPTIONS, maker._exempt_customer),
        ):
            part, chosen = chosen[:count], chosen[count:]
            for bill in part:
                create(dice, bill)

    def _dispute_bill(self, dice, bill):
        share = dice.choice((0.25, 0.5, 1))
        self.env["key.account.dispute"].with_user(bill.manager_id).create(
            {
                "bill_id": bill.id,
                "amount": bill.currency_id.round(bill.amount_open * share),
                "reason": dice.choice(REASONS),
            }
        )

    def _promise_bill(self, dice, bill):
        today = fields.Date.context_today(self)
        day = fields.Date.subtract(today, days=dice.choice((2, 5, 20)))
        self.env["key.account.promise"].with_user(bill.manager_id).create(
            {
                **self._prepare_promise(bill, max(day, bill.date_bill)),
                "amount": bill.amount_open,
                "date_due": fields.Date.add(max(day, bill.date_bill), days=10),
                "note": dice.choice(NOTES),
            }
        )

    def _plan_bill(self, dice, bill):
        today = fields.Date.context_today(self)
        part = bill.currency_id.round(bill.amount_open / 3)
        amounts = (part, part, bill.amount_open - 2 * part)
        self.env["key.account.promise"].with_user(bill.manager_id).create(
            {
                **self._prepare_promise(bill, today),
                "kind": "plan",
                "instalment_ids": [
                    (
                        0,
                        0,
                        {
                            "amount": amount,
                            "date_due": fields.Date.add(today, months=n),
                        },
                    )
                    for n, amount in enumerate(amounts, start=1)
                ],
            }
        )

    def _prepare_promise(self, bill, day):
        return {
            "partner_id": bill.partner_id.id,
            "line_id": bill.line_id.id,
            "currency_id": bill.currency_id.id,
            "date": day,
        }

    def _exempt_customer(self, dice, bill):
        today = fields.Date.context_today(self)
        self.env["key.account.dunning.exemption"].create(
            {
                "partner_id": bill.partner_id.id,
                "line_id": bill.line_id.id,
                "date_to": fields.Date.add(today, days=30),
                "reason": PROTECTED,
            }
        )
