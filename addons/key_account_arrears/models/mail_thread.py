# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class MailThread(models.AbstractModel):
    """Mails that come back are told from whoever runs the gateway."""

    _inherit = "mail.thread"

    @api.model
    def _get_bounced_message_data(self, message, message_dict):
        # sudo: the user of the mail gateway reads no customers and so would not find
        # the message that came back; of it only the delivery state is written.
        return super(MailThread, self.sudo())._get_bounced_message_data(
            message, message_dict
        )
