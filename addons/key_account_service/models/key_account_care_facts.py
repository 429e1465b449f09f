# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountCare(models.Model):
    """The last day on which a customer was in contact with us."""

    _inherit = "key.account.care"

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
