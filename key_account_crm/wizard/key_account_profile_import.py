# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

MAX_SIZE = 2 * 1024 * 1024


class KeyAccountProfileImport(models.TransientModel):
    """Takes a profile from a JSON file. Nothing is in force by that alone."""

    _name = "key.account.profile.import"
    _description = "Import a Profile"

    file = fields.Binary(string="JSON File", required=True, attachment=False)
    file_name = fields.Char()

    def action_import(self):
        self.ensure_one()
        profiles = self.env["key.account.profile"]
        profiles._check_keeper()
        profile = profiles._load(self._get_text())
        return {
            "type": "ir.actions.act_window",
            "res_model": profile._name,
            "res_id": profile.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _get_text(self):
        try:
            content = base64.b64decode(self.file, validate=True)
        except binascii.Error as error:
            raise UserError(
                self.env._("The file did not arrive: try again.")
            ) from error
        if len(content) > MAX_SIZE:
            raise UserError(
                self.env._("The file is larger than 2 MB: a profile is much smaller.")
            )
        return content
