# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

# user: (number, grade, kind, most customers, language, level)
MANAGERS = {
    "manager": ("0101", "senior", "comprehensive", 60, "英语", "流利"),
    "manager_west": ("0102", "manager", "comprehensive", 60, "英语", "熟练"),
    "manager_finance": ("0103", "manager", "professional", 40, "英语", "熟练"),
    "manager_parcel": ("0201", "senior", "comprehensive", 50, "日语", "熟练"),
    "manager_logistics": ("0202", "manager", "professional", 45, "英语", "流利"),
    "manager_export": ("0203", "manager", "comprehensive", 45, "英语", "流利"),
    "manager_press": ("0301", "representative", "professional", 30, "英语", "熟练"),
    "manager_philately": (
        "0302",
        "representative",
        "comprehensive",
        40,
        "法语",
        "熟练",
    ),
}
LEAVER = ("0104", "representative", "comprehensive", 30, "英语", "熟练")
TRAININGS = (
    ("大客户服务规范培训", 700, 697),
    ("投诉处理与沟通技巧", 400, 398),
    ("新业务产品知识", 120, 118),
)
CUSTOMERS_OF_LEAVER = 12


class KeyAccountDemo(models.AbstractModel):
    """Files of the demonstration city's managers, one who is away, one who leaves."""

    _inherit = "key.account.demo"

    @api.model
    def _load_managers(self):
        maker = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        today = self.env["key.account.unit"]._get_today()
        languages = maker._create_languages()
        for name, values in MANAGERS.items():
            maker._create_file(self._demo("user", name), values, languages, today)
        leaver = self.env.ref("key_account_manager.user_leaver_demo")
        file = maker._create_file(leaver, LEAVER, languages, today)
        maker._give_customers(self._demo("user", "manager_west"), leaver)
        file.write({"state": "left", "date_to": today})
        maker.env["key.account.substitution"].create(
            {
                "user_id": self._demo("user", "manager_export").id,
                "substitute_id": self._demo("user", "manager_logistics").id,
                "date_from": today - timedelta(days=2),
                "date_to": today + timedelta(days=5),
                "reason": "年休假",
            }
        )
        self._demo_rule(today)

    def _create_languages(self):
        return self.env["hr.skill.type"].create(
            {
                "name": "外语",
                "skill_ids": [
                    Command.create({"name": name}) for name in ("英语", "日语", "法语")
                ],
                "skill_level_ids": [
                    Command.create({"name": "熟练", "level_progress": 60}),
                    Command.create({"name": "流利", "level_progress": 90}),
                ],
            }
        )

    def _create_file(self, user, values, languages, today):
        number, grade, kind, most, language, level = values
        files = self.env["key.account.manager"]
        file = files.create(
            {
                "user_id": user.id,
                "number": number,
                "kind": kind,
                "load_max": most,
                "grade_id": self.env.ref(
                    f"key_account_manager.key_account_term_manager_grade_{grade}"
                ).id,
                "date_from": today - timedelta(days=900),
                "phone": f"0571-8899{number}",
                "mobile": f"1390571{number}",
                "email": f"{user.login}@example.com",
            }
        )
        if kind == "professional":
            lines = self.env["key.account.line.file"].search(
                [("manager_id", "=", user.id)]
            )
            file.line_ids = lines.line_id
        self._create_history(file.employee_id, languages, language, level, today)
        return file

    def _create_history(self, employee, languages, language, level, today):
        skills = languages.skill_ids.filtered(lambda one: one.name == language)
        levels = languages.skill_level_ids.filtered(lambda one: one.name == level)
        self.env["hr.employee.skill"].create(
            {
                "employee_id": employee.id,
                "skill_type_id": languages.id,
                "skill_id": skills.id,
                "skill_level_id": levels.id,
            }
        )
        self.env["hr.resume.line"].create(
            [
                {
                    "employee_id": employee.id,
                    "name": title,
                    "date_start": today - timedelta(days=first),
                    "date_end": today - timedelta(days=last),
                }
                for title, first, last in TRAININGS
            ]
        )

    def _give_customers(self, giver, taker):
        """Some weeks ago he took over a part of a colleague's customers."""
        customers = self.env["res.partner"].search(
            [("key_account_manager_id", "=", giver.id)],
            order="id",
            limit=CUSTOMERS_OF_LEAVER,
        )
        order = self.env["key.account.handover"].create(
            {
                "kind": "assign",
                "unit_id": giver.key_account_unit_id.id,
                "to_user_id": taker.id,
                "partner_ids": [Command.set(customers.ids)],
                "reason": "片区调整",
            }
        )
        order.action_prepare()
        order.action_confirm()

    def _demo_rule(self, today):
        """A rule to look at and try; nobody approved it yet."""
        rows = [
            {
                "code": "hangzhou",
                "sequence": 10,
                "kind": "group",
                "target_unit_id": self._demo("key_account_unit", "letter_east").id,
            },
            {
                "code": "rest",
                "sequence": 20,
                "target_unit_id": self._demo("key_account_unit", "letter_west").id,
            },
        ]
        self.env["key.account.assignment.rule"].create(
            {
                "name": "按负荷分配",
                "date_from": today + timedelta(days=30),
                "row_ids": [Command.create(row) for row in rows],
            }
        )
