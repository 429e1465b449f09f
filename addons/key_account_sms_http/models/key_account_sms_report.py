# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

DAYS_KEPT = 90


class KeyAccountSmsReport(models.Model):
    """A delivery report that was authentic: its digest, so that it counts once."""

    _name = "key.account.sms.report"
    _description = "Delivery Report of an SMS Gateway"
    _order = "id desc"
    _rec_name = "date"
    _log_access = False

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    applied = fields.Integer(string="New", readonly=True)
    known = fields.Integer(string="Known Already", readonly=True)
    unknown = fields.Integer(string="Not Ours", readonly=True)

    _digest_uniq = models.UniqueIndex("(gateway_id, digest)")

    @api.model
    def _is_known(self, gateway, digest):
        return bool(
            self.search_count(
                [("gateway_id", "=", gateway.id), ("digest", "=", digest)], limit=1
            )
        )

    @api.model
    def _keep(self, gateway, digest, counts):
        """Of two at the same moment one waits, is repeated and finds it known."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO key_account_sms_report
                       (gateway_id, company_id, date, digest, applied, known, unknown)
                   VALUES (%s, %s, now() AT TIME ZONE 'UTC', %s, %s, %s, %s)
                   ON CONFLICT (gateway_id, digest) DO NOTHING""",
                gateway.id,
                gateway.company_id.id,
                digest,
                counts["applied"],
                counts["known"],
                counts["unknown"],
            )
        )

    @api.autovacuum
    def _gc_reports(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_KEPT)
        self.search([("date", "<", limit)], limit=100000).unlink()
