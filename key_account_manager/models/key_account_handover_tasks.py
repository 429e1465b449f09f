# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from .key_account_task import OPEN


class KeyAccountHandover(models.Model):
    """Who takes over all of a manager takes over his open tasks, and accepts each."""

    _inherit = "key.account.handover"

    def _get_tasks(self):
        """The open tasks of whoever hands over everything; not those that the taker
        issued himself."""
        if self.kind != "handover" or self.partner_ids:
            return self.env["key.account.task"]
        return self.env["key.account.task"].search(
            [
                ("manager_id", "=", self.from_user_id.id),
                ("state", "in", OPEN),
                ("issuer_id", "!=", self.to_user_id.id),
            ]
        )

    def _count_parts(self):
        found = super()._count_parts()
        tasks = self._get_tasks()
        if tasks:
            pair = self.from_user_id.id, self.to_user_id.id
            found.setdefault(pair, {})[self.env._("tasks")] = len(tasks)
        return found

    def _move_persons(self):
        result = super()._move_persons()
        for task in self._get_tasks():
            task._settle()
            task._take(
                "transfer",
                "issued",
                note=self.env._("Handed over with %(order)s", order=self.name),
                manager_id=self.to_user_id.id,
                unit_id=self.to_user_id.key_account_unit_id.id,
                date_asked=False,
            )
            task._ask(task._get_summary("issue", task))
        return result
