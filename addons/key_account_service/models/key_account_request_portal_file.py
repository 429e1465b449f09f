# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .key_account_request import OPEN_STATES

MAX_FILES = 10
MAX_BYTES = 10 * 1024 * 1024


class KeyAccountRequest(models.Model):
    """Searching and files on the portal, within the user's own company."""

    _inherit = "key.account.request"

    @api.model
    def _portal_search(self, text, which):
        """What the list shows: always of the own company, whatever is asked for."""
        domain = self._portal_domain()
        if text:
            domain &= Domain("name", "ilike", text) | Domain("subject", "ilike", text)
        if which == "open":
            domain &= Domain("state", "in", OPEN_STATES)
        elif which == "done":
            domain &= Domain("state", "=", "done")
        return domain

    @api.model
    def _portal_check_files(self, files):
        """Refuse what is too much before anything is kept."""
        if len(files) > MAX_FILES:
            raise UserError(
                self.env._("Send at most %(count)s files at once.", count=MAX_FILES)
            )
        for name, content in files:
            if len(content) > MAX_BYTES:
                raise UserError(
                    self.env._(
                        "%(name)s is larger than %(size)s MB: send a smaller file.",
                        name=name[:100],
                        size=MAX_BYTES // 1024 // 1024,
                    )
                )

    @api.model
    def _portal_links(self, message):
        """(name, address) of the files of a message: each address opens that file."""
        links = []
        for attachment in message.attachment_ids:
            token = attachment.generate_access_token()[0]
            address = f"/web/content/{attachment.id}?download=1&access_token={token}"
            links.append((attachment.name, address))
        return links
