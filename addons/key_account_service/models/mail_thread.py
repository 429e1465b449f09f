# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, models

from ..incoming import (
    is_answering_machine,
    is_automatic,
    is_sender_refused,
    repair_charsets,
)

_logger = logging.getLogger(__name__)

REQUEST = "key.account.request"


class MailThread(models.AbstractModel):
    """Mails to requests: what the headers say reaches the request, machines that answer
    machines open nothing, and a mail that was delivered twice is one request."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        found = super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
        # XML-RPC knows no None: the gateway would report a failure to the sender
        return found or False

    @api.model
    def message_parse(self, message, save_original=False):
        found = super().message_parse(message, save_original=save_original)
        # PostgreSQL keeps no text with zero bytes, and no reader misses them
        return {
            name: value.replace("\x00", "") if isinstance(value, str) else value
            for name, value in found.items()
        }

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        repair_charsets(message)
        return super()._message_parse_extract_payload(
            message, message_dict, save_original=save_original
        )

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if not any(route[0] == REQUEST for route in routes or ()):
            return super()._message_route_process(message, message_dict, routes)
        if is_answering_machine(message) or self._is_known_mail(message_dict):
            routes = [route for route in routes if route[0] != REQUEST or route[1]]
            if not routes:
                _logger.info(
                    "Ignored %s from %s: an automatic answer, or delivered twice",
                    message_dict.get("message_id"),
                    message_dict.get("email_from"),
                )
                return False
        thread = self.with_context(
            key_account_machine=is_answering_machine(message),
            key_account_silent=is_automatic(message),
            key_account_forged=is_sender_refused(message),
        )
        return super(MailThread, thread)._message_route_process(
            message, message_dict, routes
        )

    @api.model
    def _is_known_mail(self, message_dict):
        """Whether it came before, also when the user of the gateway may not read it."""
        # sudo: only whether there is such a message.
        messages = self.env["mail.message"].sudo()
        message_id = message_dict.get("message_id")
        return bool(messages.search_count([("message_id", "=", message_id)], limit=1))
