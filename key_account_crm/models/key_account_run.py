# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountRun(models.Model):
    """A logged batch: who, when, what came in, what became of it (design 3.7)."""

    _name = "key.account.run"
    _description = "Key Account Batch"
    _order = "date_start desc, id desc"
    _key_account_untracked = ("progress",)

    name = fields.Char(required=True, readonly=True)
    kind = fields.Char(
        required=True, index=True, readonly=True, help="Technical kind of the batch."
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Started by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
    )
    date_start = fields.Datetime(readonly=True, default=fields.Datetime.now)
    date_end = fields.Datetime(readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    created_count = fields.Integer(string="Created", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    progress = fields.Float(readonly=True, help="0 to 100.", aggregator="avg")
    message = fields.Text(readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Batches are a log: they stay."))
