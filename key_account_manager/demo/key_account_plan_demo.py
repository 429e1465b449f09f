# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command

MONTHS = 3  # behind, beside the running one
# Targets of the city's year: indicator, amount, content, key of splitting.
YEAR = (
    ("revenue", 55_000_000, "revenue", "last_year"),
    ("new_customers", 12, "development", "equal"),
    ("recovery", 95, "arrears", "equal"),
)
MONTH = (("recovery", 42, "arrears"), ("completeness", 80, "files"))
REVENUE = {"manager": 1_080_000, "manager.west": 620_000, "manager.parcel": 590_000}
ITEMS = (
    ("走访A类集团客户，收集续约意向", "visit"),
    ("核对欠费清单，逐户落实回款日期", "arrears"),
    ("补全客户档案和关键联系人", "files"),
)


class KeyAccountDemo(models.AbstractModel):
    """The city's plans: the year split down to managers, months behind and running."""

    _inherit = "key.account.demo"

    @api.model
    def _load_plans(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        self.env.company.partner_id.tz = "Asia/Shanghai"
        maker._plan_year()
        months = maker._plan_months()
        maker._freeze_plans()
        maker._suggest(months.filtered(lambda plan: plan.state == "running"))

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    @api.model
    def _plan_year(self):
        today = fields.Date.context_today(self)
        plans = self.env["key.account.plan"]
        year = plans.create(
            {
                "name": "全市大客户年度计划",
                "unit_id": self.env.ref("key_account_crm.key_account_unit_centre").id,
                "period": "year",
                "date_from": today,
                "target_ids": [
                    Command.create(self._target(code, amount, content))
                    for code, amount, content, _key in YEAR
                ],
                "item_ids": self._items(),
            }
        )
        keys = {code: key for code, _amount, _content, key in YEAR}
        year._split_by_unit(
            year._get_parts(),
            {one: keys[one.indicator_id.code] for one in year.target_ids},
            is_deep=True,
        )
        self._approve_plans(plans.search([("id", "child_of", year.id)]))

    def _target(self, code, amount, content):
        indicator = self.env["key.account.indicator"]._find(code)
        return {
            "indicator_id": indicator.id,
            "target": amount,
            "content_id": self._content(content).id,
        }

    def _content(self, code):
        return self.env.ref(f"key_account_manager.key_account_term_plan_content_{code}")

    def _items(self):
        return [
            Command.create({"name": name, "content_id": self._content(content).id})
            for name, content in ITEMS
        ]

    def _approve_plans(self, plans):
        """Submitted by the centre, approved by the office."""
        plans.with_user(self._user("centre")).action_submit()
        plans.with_user(self._user("office")).action_approve()

    @api.model
    def _plan_months(self):
        """Of three managers and their departments: those behind are due."""
        plans = self.env["key.account.plan"]
        begin = fields.Date.context_today(self).replace(day=1)
        for login, revenue in REVENUE.items():
            manager = self._user(login)
            targets = (("revenue", revenue, "revenue"), *MONTH)
            for back in range(MONTHS + 1):
                plans |= plans.create(
                    {
                        "name": "客户经理月度计划",
                        "unit_id": manager.key_account_unit_id.id,
                        "manager_id": manager.id,
                        "period": "month",
                        "date_from": begin - relativedelta(months=back),
                        "target_ids": [
                            Command.create(self._target(*one)) for one in targets
                        ],
                        "item_ids": self._items(),
                    }
                )
        self._approve_plans(plans)
        draft = plans.browse(plans.filtered(lambda one: one.state == "running").ids[:1])
        plans.create(
            {
                "name": "下月计划",
                "unit_id": draft.unit_id.id,
                "manager_id": draft.manager_id.id,
                "period": "month",
                "date_from": begin + relativedelta(months=1),
                "target_ids": [Command.create(self._target(*one)) for one in MONTH],
            }
        ).with_user(draft.manager_id).action_submit()
        return plans

    @api.model
    def _freeze_plans(self):
        plans = self.env["key.account.plan"]
        plans._begin_due_plans()
        while plans._freeze_some()[0]:
            pass
        plans._cron_measure()

    @api.model
    def _suggest(self, plans):
        """One waits for the head, one was answered."""
        texts = (
            ("目标偏高", "区内最大客户正在搬迁，本月账单将减少约一成。", None),
            (
                "增加走访费用",
                "A类客户每月两次走访，交通费用不足。",
                "从部门经费中列支。",
            ),
        )
        mine = plans.filtered(lambda plan: plan.manager_id.login == "manager")[:1]
        for subject, body, answer in texts:
            target = mine.target_ids[:1]
            suggestion = (
                self.env["key.account.plan.suggestion"]
                .with_user(mine.manager_id)
                .create(
                    {
                        "plan_id": mine.id,
                        "subject": subject,
                        "body": body,
                        "target_id": False if answer else target.id,
                        "is_target_proposed": not answer,
                        "target_proposed": 0 if answer else target.target * 0.9,
                    }
                )
            )
            if answer:
                suggestion.with_user(self._user("head"))._respond("accepted", answer)
