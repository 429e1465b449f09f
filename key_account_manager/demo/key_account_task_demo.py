# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command

# Title, kind, goal, due in so many days, priority, how far it is.
TASKS = (
    ("核实本区重点客户联系人", "data", "联系人完整率100%", 9, "0", "issued"),
    ("续约意向调查", "survey", "回收问卷20份", 5, "1", "accepted"),
    ("催收三个月以上欠费", "collection", "回收率90%", 3, "2", "running"),
    ("推广企业信息化套餐", "promotion", "签约3户", -3, "1", "overdue"),
    ("回访投诉客户", "retention", "回访率100%", 2, "0", "submitted"),
    ("走访A类客户", "visit", "走访12户", -6, "0", "evaluated"),
    ("清理重复档案", "data", "重复档案为零", -20, "0", "closed"),
    ("统计节日礼品需求", "other", "按期上报", 6, "0", "returned"),
    ("收集竞争对手报价", "survey", "报价5份", 12, "0", "asked"),
    ("组织客户沙龙", "promotion", "到会20人", 15, "0", "cancelled"),
)


class KeyAccountDemo(models.AbstractModel):
    """Tasks of a department, one in each state."""

    _inherit = "key.account.demo"

    @api.model
    def _load_tasks(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        head, manager = maker._user("head"), maker._user("manager")
        for name, kind, goal, days, priority, state in TASKS:
            task = maker._issue_task(
                head,
                manager,
                name=name,
                goal=goal,
                priority=priority,
                days=days,
                kind=kind,
            )
            maker._advance(task, state)
        company = maker._user("company")
        unit = head.key_account_unit_id
        maker._issue_to(
            company, unit_ids=[Command.set(unit.ids)], name="编制下季度走访计划"
        )
        self.env["key.account.task"]._escalate_some()

    def _issue_task(self, head, manager, days, kind, **vals):
        today = fields.Date.context_today(self)
        term = self.env.ref(f"key_account_manager.key_account_term_task_kind_{kind}")
        return self._issue_to(
            head,
            user_ids=[Command.set(manager.ids)],
            kind_id=term.id,
            date_start=fields.Date.add(today, days=min(days, 0) - 10),
            date_due=fields.Date.add(today, days=days),
            **vals,
        )

    def _issue_to(self, issuer, **vals):
        wizard = self.env["key.account.task.issue"].with_user(issuer).create(vals)
        return self.env["key.account.task"].search(wizard.action_issue()["domain"])

    def _advance(self, task, state):
        """By the steps that lead there."""
        mine = task.with_user(task.manager_id)
        boss = task.with_user(task.issuer_id)
        if state == "issued":
            return
        if state == "returned":
            mine._return("上月已统计过，请确认是否重复。")
            return
        if state == "cancelled":
            boss._cancel("改为与公司合办。")
            return
        mine.action_accept()
        if state in ("running", "overdue", "submitted", "evaluated", "closed"):
            mine._report(40 if state == "overdue" else 60, "进行中")
        if state == "asked":
            mine._ask_extension(
                fields.Date.add(task.date_due, days=7), "两家客户出差。"
            )
        if state in ("submitted", "evaluated", "closed"):
            mine._submit("已完成，结果附后。")
        if state in ("evaluated", "closed"):
            boss._evaluate(88, "按时完成，质量较好。")
        if state == "closed":
            boss.action_close()
