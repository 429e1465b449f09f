# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountActivityMessageLine(models.TransientModel):
    """The invitation of one guest, to be looked at."""

    _name = "key.account.activity.message.line"
    _description = "Invitation"
    _inherit = ["key.account.message.line.mixin"]
    _message_field = "guest_id"
    _message_purpose = "marketing"

    wizard_id = fields.Many2one(
        comodel_name="key.account.activity.message",
        required=True,
        ondelete="cascade",
    )
    guest_id = fields.Many2one(
        comodel_name="key.account.activity.guest",
        string="Guest",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="guest_id.partner_id")
    contact_id = fields.Many2one(related="guest_id.contact_id")

    @api.model
    def _get_problem(self, record):
        if record.date_invited:
            return self.env._("Was written to already.")
        if record.state != "invited":
            return self.env._("Has answered already.")
        return super()._get_problem(record)

    def _send(self):
        """To each address one mail, whatever was ticked."""
        addresses = [(line.email or "").strip().lower() for line in self]
        twice = {one for one in addresses if addresses.count(one) > 1}
        if twice:
            raise UserError(
                self.env._(
                    "%(email)s would get more than one: untick the others.",
                    email=sorted(twice)[0],
                )
            )
        return super()._send()

    def _after_send(self, records):
        records.date_invited = fields.Datetime.now()
