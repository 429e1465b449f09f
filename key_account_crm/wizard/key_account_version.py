# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Command


class KeyAccountVersion(models.TransientModel):
    """Shows the key fields of a customer file as they stood at the end of a day
    (COL-05)."""

    _name = "key.account.version"
    _description = "Version of a Customer File"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    date = fields.Date(string="As on", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        comodel_name="key.account.version.line",
        inverse_name="version_id",
        compute="_compute_line_ids",
        string="Key Fields",
    )
    note = fields.Char(compute="_compute_line_ids")

    @api.depends("partner_id", "date")
    @api.depends_context("lang", "tz")
    def _compute_line_ids(self):
        for version in self:
            rows = version.partner_id._key_account_get_version(version.date)
            version.line_ids = [Command.clear()] + [
                Command.create(row) for row in rows or []
            ]
            version.note = (
                False
                if rows or not version.date
                else self.env._("On this day the customer had no file yet.")
            )
