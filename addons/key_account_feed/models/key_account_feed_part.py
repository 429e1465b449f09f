# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import io
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..naming import MAX_BYTES
from ..reader import count_rows, has_record_end


class KeyAccountFeedPart(models.Model):
    """One data file of a transmission, kept as it came for 90 days."""

    _name = "key.account.feed.part"
    _description = "Key Account Data File"
    _order = "feed_id, name"

    feed_id = fields.Many2one(
        comodel_name="key.account.feed", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="feed_id.unit_id", store=True, index=True)
    name = fields.Char(required=True, readonly=True)
    size = fields.Float(string="Bytes", digits=(16, 0), readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    content_hash = fields.Char(readonly=True)
    data = fields.Binary(
        string="Original",
        attachment=True,
        readonly=True,
        groups="key_account_crm.group_key_account_operator",
        help="All the branch sent of its customers: for its operators only.",
    )

    @api.model
    def _create_parts(self, feed, files):
        """Keep the files, measured: pairs of name and bytes or path."""
        for name, content in files:
            raw = content if isinstance(content, bytes) else Path(content).read_bytes()
            rows, size = count_rows(io.BytesIO(raw))
            part = self.create(
                {
                    "feed_id": feed.id,
                    "name": name,
                    "size": size,
                    "row_count": rows,
                    "content_hash": hashlib.sha256(raw).hexdigest(),
                }
            )
            self.env["ir.attachment"].sudo().create(  # sudo: as the field itself does
                {
                    "name": name,
                    "raw": raw,
                    # No text type, or every word of it would be stored again.
                    "mimetype": "application/octet-stream",
                    "res_model": self._name,
                    "res_field": "data",
                    "res_id": part.id,
                }
            )

    def _get_attachment(self):
        # sudo: the loader reads the file it was given.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "data"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )

    def _open(self):
        """The content as a binary stream."""
        attachment = self._get_attachment()
        if not attachment:
            raise UserError(
                self.env._(
                    "The original of %(name)s was kept 90 days and is gone: take "
                    "the file from the sending system.",
                    name=self.name,
                )
            )
        if attachment.store_fname:
            return Path(attachment._full_path(attachment.store_fname)).open("rb")
        return io.BytesIO(attachment.raw or b"")

    def _check_size(self):
        """The code of what is wrong with the file as such, None when nothing is."""
        if self.size > MAX_BYTES:
            return "12"
        with self._open() as stream:
            return None if has_record_end(stream) else "11"

    @api.autovacuum
    def _gc_originals(self):
        """Originals are kept 90 days; the log of the transmission stays."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        old = self.search([("create_date", "<", limit)])
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "data"),
                ("res_id", "in", old.ids),
            ]
        )
        attachments.unlink()
