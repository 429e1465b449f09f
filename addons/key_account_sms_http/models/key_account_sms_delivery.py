# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from .key_account_sms_rule import OUTCOMES

# What a report may still change: a message delivered stays so, whatever comes later.
OPEN = ("waiting", "sending", "unknown", "accepted", "failed")


class KeyAccountSmsDelivery(models.Model):
    """What became of one message: the ledger by which none is sent twice.

    Known by the uuid of Odoo's message, which itself is deleted once sent. Holds no
    text. "Not known" is a message the gateway gave no clear answer about: it may have
    been sent; only a person or a report decides on it.
    """

    _name = "key.account.sms.delivery"
    _description = "SMS Given to a Gateway"
    _order = "id desc"
    _rec_name = "number"

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    sms_uuid = fields.Char(string="Our Number", required=True, readonly=True)
    number = fields.Char(readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("sending", "Being sent"),
            ("accepted", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("unknown", "Not known"),
        ],
        required=True,
        readonly=True,
    )
    failure = fields.Selection(selection=OUTCOMES, readonly=True)
    reason = fields.Char(readonly=True)
    reference = fields.Char(string="Gateway's Number", readonly=True)
    tries = fields.Integer(readonly=True)
    date_try = fields.Datetime(string="Last Try", readonly=True)
    date_next = fields.Datetime(string="Next Try", readonly=True)
    date_report = fields.Datetime(string="Reported", readonly=True)
    parts = fields.Integer(readonly=True)
    price = fields.Float(
        string="Price per Part", digits=(12, 6), readonly=True, aggregator=None
    )
    cost = fields.Float(digits=(16, 6), readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)

    _sms_uuid_uniq = models.UniqueIndex("(sms_uuid)")
    _reference = models.Index("(gateway_id, reference) WHERE reference IS NOT NULL")
    _in_flight = models.Index("(gateway_id, date_try) WHERE state = 'sending'")

    def _apply_report(self, outcome, reason):
        """What a report says of the messages; returns those it told something new."""
        state = outcome if outcome in ("accepted", "delivered") else "failed"
        changed = self.filtered(lambda delivery: delivery._is_news(state))
        for delivery in changed:
            delivery.write(
                {
                    "state": state,
                    "failure": outcome if state == "failed" else False,
                    "reason": reason,
                    "date_report": fields.Datetime.now(),
                    "cost": delivery.cost or delivery.price * delivery.parts,
                }
            )
        changed._tell_odoo(state, outcome, reason)
        return changed

    def _is_news(self, state):
        """Delivered is the last word; a failure may still turn out delivered, and
        "sent" says something of a message only whose answer did not come."""
        if state == "delivered":
            return self.state != "delivered"
        if state == "failed":
            return self.state not in ("delivered", "failed")
        return self.state in ("sending", "unknown")

    def _tell_odoo(self, state, outcome, reason):
        """Pass it on to the messages and mailings that wait for it."""
        # sudo: trackers are the system's; the report was authenticated
        uuids = self.mapped("sms_uuid")
        trackers = self.env["sms.tracker"].sudo().search([("sms_uuid", "in", uuids)])
        if state == "failed":
            trackers.with_context(
                sms_known_failure_reason=reason
            )._action_update_from_provider_error(outcome)
        else:
            trackers._action_update_from_sms_state(
                "sent" if state == "delivered" else "pending"
            )
        messages = self.env["sms.sms"].sudo().search([("uuid", "in", uuids)])
        messages.write({"to_delete": True})

    def _release(self, uuids):
        """A person wants these sent again: what failed or is not known may be."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE key_account_sms_delivery
                      SET state = 'waiting', tries = 0, failure = NULL, reason = NULL,
                          date_next = now() AT TIME ZONE 'UTC'
                    WHERE sms_uuid = ANY(%s) AND state IN ('failed', 'unknown')""",
                uuids,
            )
        )
        self.invalidate_model()
