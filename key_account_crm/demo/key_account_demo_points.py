# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .key_account_demo import MONTHS

RULE = {
    "name": "Standard",
    "basis": "on_time",
    "rate": 1,
    "redemption_limit": 5000,
    "adjustment_limit": 50000,
}
BANDS = (
    ("tenure", 13, 10),
    ("tenure", 25, 20),
    ("tenure", 37, 30),
    ("tenure", 49, 40),
    ("tenure", 61, 50),
    ("credit", 6, 10),
)
# code: (English, Chinese, class, points, pieces received or None)
REWARDS = {
    "D-UMBRELLA": ("Umbrella", "雨伞", "1100", 800, 200),
    "D-TEA": ("Gift Box of Tea", "茶叶礼盒", "1100", 3000, 60),
    "D-STAMPS": ("Stamp Album of the Year", "年度邮册", "2210", 5000, 40),
    "D-POSTAGE": ("Postage Voucher", "邮资抵用券", "2220", 1000, None),
    "D-COURIER": ("Free Courier Month", "免费寄递月", "2230", 12000, None),
    "D-TERMINAL": ("Label Printer", "面单打印机", "2240", 24000, 8),
}
OPENING = "期初积分"
GIFT = "老客户回馈活动"


class KeyAccountDemo(models.AbstractModel):
    """Points of the demonstration city: fourteen months, rewards, redemptions."""

    _inherit = "key.account.demo"

    @api.model
    def _load(self):
        super()._load()
        # What is noted on an entry is read by a customer who writes Chinese.
        maker = self.with_context(tracking_disable=True, lang="zh_CN")
        maker._create_point_rule()
        rewards = maker._create_rewards()
        maker._open_points()
        maker._compute_points()
        maker._redeem_points(rewards)
        maker._give_points()

    def _create_point_rule(self):
        rules = self.env["key.account.point.rule"]
        today = fields.Date.context_today(self)
        first = today - relativedelta(months=MONTHS + 1)
        if not rules._get_in_force(first):
            vals = {
                **RULE,
                "date_from": first.replace(day=1, month=1),
                "band_ids": [
                    fields.Command.create(
                        {"kind": kind, "value_from": bound, "percent": percent}
                    )
                    for kind, bound, percent in BANDS
                ],
            }
            later = rules.search([("state", "=", "approved")], order="date_from")[:1]
            if later:
                vals["date_to"] = fields.Date.subtract(later.date_from, days=1)
            rule = rules.with_context(lang=False).create(vals)
            if "zh_CN" in dict(self.env["res.lang"].get_installed()):
                rule.update_field_translations("name", {"zh_CN": "标准"})
            rule.action_approve()

    def _create_rewards(self):
        terms = self.env["key.account.term"]
        rewards = self.env["key.account.point.reward"]
        installed = dict(self.env["res.lang"].get_installed())
        for code, (name, chinese, class_code, points, pieces) in REWARDS.items():
            reward = rewards.with_context(lang=False).create(
                {
                    "code": code,
                    "name": name,
                    "class_id": terms.search(
                        [
                            ("category", "=", "redemption_class"),
                            ("code", "=", class_code),
                        ]
                    ).id,
                    "points": points,
                    "is_stocked": pieces is not None,
                    "stock_received": pieces or 0,
                }
            )
            if "zh_CN" in installed:
                reward.update_field_translations("name", {"zh_CN": chinese})
            rewards |= reward
        return rewards

    def _open_points(self):
        """What customers brought along from the years before."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        customers = self.env["res.partner"].search(
            [("key_account_state", "=", "active")], order="id"
        )
        self.env["key.account.point.entry"].create(
            [
                {
                    "partner_id": customer.id,
                    "line_id": self._get_lines(customer)[:1].id,
                    "kind": "adjustment",
                    "quantity": 500 + customer.id % 7 * 300,
                    "origin_year": today.year - 1 - customer.id % 2,
                    "date": first,
                    "period": first,
                    "month": first,
                    "note": OPENING,
                }
                for customer in customers[::4]
            ]
        )

    def _compute_points(self):
        """Month after month, each a few days after the bills were due."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        customers = self.env["key.account.standing"].search_count([])
        for place in range(MONTHS):
            month = first + relativedelta(months=place)
            run = self.env["key.account.point.run"].create({"month": month})
            run.date = min(today, month + relativedelta(months=2, days=4))
            run._open_batch(customers)
            run._work_now()

    def _redeem_points(self, rewards):
        """Some were handed out, some wait for their customer, some for approval."""
        by_code = {reward.code: reward for reward in rewards}
        waiting = by_code["D-TERMINAL"]
        for name in ("manager", "manager_parcel"):
            manager = self._demo("user", name)
            pots = self.env["key.account.point.balance"]._read_group(
                [("manager_id", "=", manager.id), ("partner_id.active", "=", True)],
                ["partner_id", "line_id"],
                ["quantity:sum"],
                order="quantity:sum desc",
                limit=12,
            )
            for place, (partner, line, left) in enumerate(pots):
                reward = waiting if place == 0 else rewards[place % 5]
                if left < reward.points:
                    continue
                redemption = (
                    self.env["key.account.point.redemption"]
                    .with_user(manager)
                    .create(
                        {
                            "partner_id": partner.id,
                            "line_id": line.id,
                            "reward_id": reward.id,
                        }
                    )
                )
                if redemption.state == "approved" and place % 3:
                    redemption.action_fulfil()

    def _give_points(self):
        """A reward of a campaign that waits for the approval of the centre."""
        customer = self.env["res.partner"].search(
            [("key_account_points", ">", 0), ("key_account_state", "=", "active")],
            order="id",
            limit=1,
        )
        self.env["key.account.point.adjustment"].create(
            {
                "partner_id": customer.id,
                "line_id": self._get_lines(customer)[:1].id,
                "kind": "reward",
                "quantity": 2000,
                "reason": GIFT,
            }
        )
