# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountFeedUpload(models.TransientModel):
    """Takes the files of one transmission and shows what loading them would do."""

    _name = "key.account.feed.upload"
    _description = "Upload the Files of a Branch"

    file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="key_account_feed_upload_file_rel",
        string="Files",
        bypass_search_access=True,
        help="The data file or its parts (….dat) and the control file (….verf).",
    )
    is_confirmed = fields.Boolean(
        string="There is no control file",
        help="Then nobody can say whether the file is complete: look at its rows.",
    )
    has_control = fields.Boolean(compute="_compute_has_control")

    @api.depends("file_ids")
    def _compute_has_control(self):
        for upload in self:
            names = upload.file_ids.mapped("name")
            upload.has_control = any((name or "").endswith(".verf") for name in names)

    def action_check(self):
        """Receive and check the files; what they would do is on the transmission."""
        self.ensure_one()
        if not self.file_ids:
            raise UserError(self.env._("Choose the data file and its control file."))
        # sudo: attachments this user uploaded a moment ago, only to read them once.
        files = {file.name: file.raw for file in self.sudo().file_ids}
        feed = self.env["key.account.feed"]._receive(files, self.is_confirmed)
        self.sudo().file_ids.unlink()  # sudo: the transmission keeps the content
        feed._examine_soon(feed._is_large())
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account.feed",
            "res_id": feed.id,
            "views": [[False, "form"]],
        }
