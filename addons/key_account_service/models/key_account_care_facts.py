# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountCare(models.Model):
    """What care adds up to, for the months and for the last day of contact."""

    _inherit = "key.account.care"

    @api.model
    def _select_month_facts(self, condition) -> SQL:
        return SQL(
            """
            SELECT partner_id, line_id, currency_id,
                   date_trunc('month', date_done)::date AS month,
                   MIN(unit_id) AS unit_id, MIN(manager_id) AS manager_id,
                   COUNT(*)::integer AS cares, SUM(cost) AS cost
              FROM (
                SELECT partner_id, line_id, currency_id, unit_id, manager_id,
                       date_done, amount AS cost
                  FROM key_account_care WHERE state = 'done'
                UNION ALL
                SELECT guest.partner_id, guest.line_id, guest.currency_id,
                       guest.unit_id, guest.manager_id,
                       activity.date_begin::date, guest.cost
                  FROM key_account_activity_guest AS guest
                  JOIN key_account_activity AS activity
                    ON activity.id = guest.activity_id
                 WHERE guest.state = 'attended' AND activity.state = 'held'
              ) AS fact
             WHERE %s
             GROUP BY partner_id, line_id, currency_id,
                      date_trunc('month', date_done)::date
            """,
            condition,
        )

    @api.model
    def _get_last_contact_query(self) -> SQL:
        """``partner_id, date``: the last day on which a customer was in contact with
        us, by what is on record. Hook: an addon that knows of more adds to it."""
        return SQL(
            """
            SELECT partner_id, MAX(date) AS date
              FROM (%s) AS contact
             GROUP BY partner_id
            """,
            SQL(" UNION ALL ").join(self._get_contact_parts()),
        )

    @api.model
    def _get_contact_parts(self):
        """Statements of ``partner_id, date``. Hook."""
        return [
            SQL(
                """
                SELECT partner_id, date_accepted::date AS date
                  FROM key_account_request WHERE partner_id IS NOT NULL
                """
            ),
            SQL(
                "SELECT partner_id, date_done FROM key_account_care "
                "WHERE state = 'done'"
            ),
            SQL(
                "SELECT partner_id, day FROM key_account_contact_event "
                "WHERE state = 'done'"
            ),
        ]
