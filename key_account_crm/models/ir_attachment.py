# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import human_size

HANGS_ON = {"datas", "db_datas", "name", "raw", "res_id", "res_model", "url"}


class IrAttachment(models.Model):
    """Files of a customer that come, change or go stand in the change log with name and
    size, never with their content (ORG-14, LOG-01)."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._key_account_note({})
        return attachments

    def write(self, vals):
        if not HANGS_ON & vals.keys():
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
        """Map attachments to (model, id, checksum, text); images of fields left out."""
        # sudo: what is logged does not depend on who may read it.
        return {
            attachment.id: (
                attachment.res_model,
                attachment.res_id,
                attachment.checksum or attachment.url,
                f"{attachment.name} ({human_size(attachment.file_size or 0)})",
            )
            for attachment in self.sudo().exists()
            if attachment.res_model and attachment.res_id and not attachment.res_field
        }

    def _key_account_note(self, before):
        after = self._key_account_describe()
        audit = self.env["key.account.audit"]
        for key in sorted(before.keys() | after.keys()):
            old, new = before.get(key), after.get(key)
            if old == new:
                continue
            if old and new and old[:2] == new[:2]:  # replaced, or renamed
                audit._note(audit._get_owner(*new[:2]), "attachment", old[3], new[3])
                continue
            if old:
                audit._note(audit._get_owner(*old[:2]), "attachment", old[3], None)
            if new:
                audit._note(audit._get_owner(*new[:2]), "attachment", None, new[3])
