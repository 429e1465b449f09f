# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountSuspension(models.Model):
    """Approved steps go to the branch of the number in a file of interface 06001."""

    _inherit = "key.account.suspension"

    export_id = fields.Many2one(
        comodel_name="key.account.suspension.export",
        string="File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The file that brought the order to the branch first.",
    )

    def _export_soon(self):
        """At once, in this transaction: orders to resume go with their payment. Where
        another transaction writes a file of the branch, right after it."""
        super()._export_soon()
        # sudo: the file of a branch is the system's; what is in it was approved.
        steps = self.sudo().filtered(lambda step: step.state == "approved")
        exports = self.env["key.account.suspension.export"].sudo()
        branches = exports._get_branches()
        for branch, part in steps.grouped(
            lambda step: branches.get(step.unit_id.id)
        ).items():
            if branch:
                part._export_to(branch)

    def _export_to(self, branch):
        taking = self.filtered(lambda step: step.kind != "resume")
        due = (self - taking) | taking._check_still_due(is_export=True)
        if due:
            # sudo: as above.
            self.env["key.account.suspension.export"].sudo()._export(branch, due)

    @api.model
    def _cron_follow(self):
        super()._cron_follow()
        self.env["key.account.suspension.export"]._write_waiting()
