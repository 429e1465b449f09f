# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

from .key_account_task import OPEN
from .key_account_task_flow import REMINDER

BATCH = 200


class KeyAccountTask(models.Model):
    """What is overdue goes up, a level a day, to each level once (domain 2.13)."""

    _inherit = "key.account.task"

    @api.model
    def _cron_escalate(self):
        while True:
            done, remaining = self._escalate_some()
            if not done or not self.env["ir.cron"]._commit_progress(
                done, remaining=remaining
            ):
                break

    @api.model
    def _escalate_some(self, limit=BATCH):
        """Escalate some of the tasks that are later than the level they were told to.

        :return: (tasks escalated, tasks left)
        """
        tasks = self.search(self._get_late_domain(), order="date_due, id")
        late = tasks.filtered(lambda task: task._get_next_superior())
        some = late[:limit].try_lock_for_update()
        some.invalidate_recordset(["state", "escalation_level", "date_due"])
        today = self.env["key.account.plan"]._get_today()
        for task in some:
            superior = task._get_next_superior()
            days = (today - task.date_due).days
            if task.state in OPEN and superior and days > task.escalation_level:
                task._escalate(superior)
        return len(some), max(len(late) - limit, 0)

    @api.model
    def _get_late_domain(self):
        """One day late and not escalated; or days later than levels told."""
        today = self.env["key.account.plan"]._get_today()
        levels = max(
            map(len, self.env["key.account.unit"]._get_paths().values()), default=0
        )
        late = [
            [
                ("escalation_level", "=", level),
                ("date_due", "<", today - timedelta(days=level)),
            ]
            for level in range(levels + 1)
        ]
        return fields.Domain("state", "in", OPEN) & fields.Domain.OR(late)

    def _get_superiors(self):
        """Who answers for the units from that of the task upwards, each once."""
        self.ensure_one()
        # sudo: who answers for a unit is no secret.
        unit = self.unit_id.sudo()
        found = self.env["res.users"]
        while unit:
            superior = unit.head_id or unit._get_decider(but=self.manager_id)
            if superior and superior.active and superior != self.manager_id:
                found |= superior
            unit = unit.parent_id
        return found

    def _get_next_superior(self):
        superiors = self._get_superiors()
        return superiors[self.escalation_level : self.escalation_level + 1]

    def _escalate(self, superior):
        self._take(
            "escalate",
            self.state,
            note=self.with_context(lang=superior.lang).env._(
                "To %(superior)s", superior=superior.name
            ),
            escalation_level=self.escalation_level + 1,
        )
        self.activity_schedule(
            REMINDER,
            summary=self.with_context(lang=superior.lang).env._("The task is overdue"),
            user_id=superior.id,
        )
