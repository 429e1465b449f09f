# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountRun(models.Model):
    """A batch that shows how fast it is and can be stopped (design 3.10)."""

    _inherit = "key.account.run"

    is_cancel_requested = fields.Boolean(string="Stopping", readonly=True)
    rate = fields.Float(
        string="Rows per Second", compute="_compute_rate", aggregator=None
    )
    seconds_left = fields.Integer(compute="_compute_rate", aggregator=None)

    @api.depends("state", "progress", "row_count", "date_start", "date_end")
    def _compute_rate(self):
        now = fields.Datetime.now()
        for run in self:
            seconds = (
                max(((run.date_end or now) - run.date_start).total_seconds(), 1)
                if run.date_start
                else 1
            )
            run.rate = run.row_count * run.progress / 100 / seconds
            is_running = run.state == "running" and run.progress
            run.seconds_left = (
                seconds * (100 - run.progress) / run.progress if is_running else 0
            )
