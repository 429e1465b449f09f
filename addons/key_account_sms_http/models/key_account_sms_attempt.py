# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .key_account_sms_rule import OUTCOMES

DAYS_KEPT = 90


class KeyAccountSmsAttempt(models.Model):
    """One request to a gateway, written down before it leaves; the limit counts these.

    Says neither what was sent nor where: status, time taken, and what it meant.
    """

    _name = "key.account.sms.attempt"
    _description = "Request to an SMS Gateway"
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
    messages = fields.Integer(readonly=True)
    status = fields.Integer(string="HTTP Status", readonly=True, aggregator=None)
    milliseconds = fields.Integer(readonly=True, aggregator="avg")
    outcome = fields.Selection(
        selection=[
            ("sending", "Being sent"),
            ("unreached", "Not reached"),
            ("several", "Several"),
            *OUTCOMES,
        ],
        readonly=True,
    )
    reason = fields.Char(readonly=True)

    _gateway_date = models.Index("(gateway_id, date)")

    @api.autovacuum
    def _gc_attempts(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_KEPT)
        self.search([("date", "<", limit)], limit=100000).unlink()
