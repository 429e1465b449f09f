# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountMonth(models.Model):
    """The grade a customer had at the end of a month, beside what the month brought:
    analyses over years ask for the grade then (design 3.9)."""

    _inherit = "key.account.month"

    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="Grade at Month End",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )

    @api.model
    def _refresh_grades(self, since=None):
        """Bring the grades of ended months in line with the moves, in one statement.

        :param since: first day of the first month, or None for all
        :return: the number of rows that changed
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_month AS month
                   SET grade_id = held.grade_id
                  FROM (
                    SELECT month.id, (
                        SELECT move.grade_to_id FROM key_account_grade_move AS move
                         WHERE move.partner_id = month.partner_id
                           AND move.state = 'applied'
                           AND move.date_effective < month.month + interval '1 month'
                         ORDER BY move.date_effective DESC, move.id DESC
                         LIMIT 1
                    ) AS grade_id
                      FROM key_account_month AS month
                     WHERE month.month < %(present)s AND month.month >= %(since)s
                  ) AS held
                 WHERE held.id = month.id
                   AND month.grade_id IS DISTINCT FROM held.grade_id
                """,
                present=today.replace(day=1),
                since=since or fields.Date.to_date("1900-01-01"),
            )
        )
        changed = self.env.cr.rowcount
        self.invalidate_model(["grade_id"], flush=False)
        return changed

    @api.model
    def _cron_refresh_grades(self):
        """Months that ended lately: bills of them may still come in."""
        today = fields.Date.context_today(self)
        self._refresh_grades(today.replace(day=1) - relativedelta(months=3))
