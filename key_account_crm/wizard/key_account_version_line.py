# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountVersionLine(models.TransientModel):
    """One key field: what it said then, what it says now."""

    _name = "key.account.version.line"
    _description = "Value of a Version"

    version_id = fields.Many2one(comodel_name="key.account.version", ondelete="cascade")
    field_label = fields.Char(string="Field", readonly=True)
    then = fields.Text(readonly=True)
    now = fields.Text(readonly=True)
    is_changed = fields.Boolean(readonly=True)
