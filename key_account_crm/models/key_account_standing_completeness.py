# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountStanding(models.Model):
    """How complete the files are, measured for many customers at once (COL-07)."""

    _inherit = "key.account.standing"

    @api.model
    def _refresh_completeness(self, partner_ids=None):
        """Measure the files of these customers, or of all of them, in one statement.

        :return: the number of files whose completeness changed
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing AS standing
                   SET completeness = file.score,
                       write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM (%(scores)s) AS file
                 WHERE file.id = standing.partner_id
                   AND standing.completeness IS DISTINCT FROM file.score
                """,
                uid=self.env.uid,
                scores=self.env["key.account.completeness.item"]._get_score_query(
                    partner_ids
                ),
            )
        )
        changed = self.env.cr.rowcount
        if changed:
            self.invalidate_model(["completeness"], flush=False)
            self.env["res.partner"].invalidate_model(
                ["key_account_completeness", "key_account_missing"], flush=False
            )
        return changed

    @api.model
    def _cron_refresh_completeness(self):
        self._refresh_completeness()
