# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountClockEvent(models.Model):
    """The ledger of the clock of a secret complaint is as secret as the complaint."""

    _inherit = "key.account.clock.event"

    secret_id = fields.Many2one(
        comodel_name="key.account.complaint",
        string="Secret Complaint",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _append(self, records, kind, dates, **columns):
        found = super()._append(records, kind, dates, **columns)
        if records._name == "key.account.complaint":
            self._mark_secret(records.filtered("is_secret"))
        return found

    @api.model
    def _mark_secret(self, complaints):
        """The steps of these complaints say whether they are of a secret one."""
        if not complaints:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_clock_event AS event
                   SET secret_id = CASE WHEN complaint.is_secret THEN complaint.id END
                  FROM key_account_complaint AS complaint
                 WHERE event.res_model = 'key.account.complaint'
                   AND event.res_id = complaint.id AND complaint.id = ANY(%s)
                   AND (event.secret_id IS NOT NULL)
                       IS DISTINCT FROM COALESCE(complaint.is_secret, FALSE)
                """,
                complaints.ids,
            )
        )
        self.invalidate_model(["secret_id"], flush=False)
