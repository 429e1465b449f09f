# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import format_datetime


class MailMessage(models.Model):
    """Messages about a customer that are deleted or reworded stand in the change log:
    whose, of when and how long, never what they said (ORG-14, LOG-01)."""

    _inherit = "mail.message"

    def write(self, vals):
        if "body" not in vals:
            return super().write(vals)
        before = self._key_account_describe()
        result = super().write(vals)
        self._key_account_note(before)
        return result

    def unlink(self):
        before = self._key_account_describe()
        result = super().unlink()
        self.browse()._key_account_note(before)
        return result

    def _key_account_describe(self):
        """Map messages to (model, id, body, text)."""
        # sudo: what is logged does not depend on who may read it.
        return {
            message.id: (
                message.model,
                message.res_id,
                message.body,
                self.env._(
                    "%(author)s, %(time)s (%(count)s characters)",
                    author=message.author_id.name or message.email_from or "–",
                    time=format_datetime(self.env, message.date),
                    count=len(message.body or ""),
                ),
            )
            for message in self.sudo().exists()
            if message.model and message.res_id
        }

    def _key_account_note(self, before):
        after = self._key_account_describe()
        audit = self.env["key.account.audit"]
        for key, old in before.items():
            new = after.get(key)
            if old != new:
                owner = audit._get_owner(*old[:2])
                audit._note(owner, "message", old[3], new and new[3])
