# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BatchCancelledError(Exception):
    """Somebody cancelled the batch: everything it did is rolled back."""


class KeyAccountRun(models.Model):
    """A logged batch: who, when, what came in, what became of it (design 3.7).

    It shows how far it is and can be stopped from another session (design 3.10).
    """

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
    is_cancel_requested = fields.Boolean(string="Stopping", readonly=True)
    rate = fields.Float(
        string="Rows per Second", compute="_compute_rate", aggregator=None
    )
    seconds_left = fields.Integer(compute="_compute_rate", aggregator=None)

    @api.depends("state", "progress", "row_count", "date_start", "date_end")
    def _compute_rate(self):
        now = fields.Datetime.now()
        for run in self:
            seconds = (
                max(((run.date_end or now) - run.date_start).total_seconds(), 1)
                if run.date_start
                else 1
            )
            run.rate = run.row_count * run.progress / 100 / seconds
            is_running = run.state == "running" and run.progress
            run.seconds_left = (
                seconds * (100 - run.progress) / run.progress if is_running else 0
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Batches are a log: they stay."))

    def _tick(self, progress):
        """Show how far a committed batch is, outside its transaction; stop it when
        somebody asked for that."""
        self.ensure_one()
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE key_account_run SET progress = %s WHERE id = %s "
                    "RETURNING is_cancel_requested",
                    progress,
                    self.id,
                )
            )
            row = cr.fetchone()
        if row and row[0]:
            raise BatchCancelledError
