# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCareMessageLine(models.TransientModel):
    """The greeting of one customer or person, to be looked at."""

    _name = "key.account.care.message.line"
    _description = "Greeting"
    _inherit = ["key.account.message.line.mixin"]
    _message_field = "care_id"
    _message_purpose = "care"

    wizard_id = fields.Many2one(
        comodel_name="key.account.care.message", required=True, ondelete="cascade"
    )
    care_id = fields.Many2one(
        comodel_name="key.account.care", string="Care", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="care_id.partner_id")
    contact_id = fields.Many2one(related="care_id.contact_id")

    def _after_send(self, records):
        self._send_sms()
        records.filtered(lambda care: care.means in ("message", "card"))._finish()

    def _send_sms(self):
        """Send text messages. Hook: without an addon that can, none is sent."""
