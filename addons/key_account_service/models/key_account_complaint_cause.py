# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountComplaintCause(models.Model):
    """Why there was something to complain about, as a tree (CMP-04, ANA-08)."""

    _name = "key.account.complaint.cause"
    _description = "Complaint Cause"
    _inherit = ["key.account.tree.mixin"]
    _complaint_field = "cause_id"

    parent_id = fields.Many2one(
        comodel_name="key.account.complaint.cause",
        string="Belongs to",
        index=True,
        ondelete="restrict",
    )
    child_ids = fields.One2many(
        comodel_name="key.account.complaint.cause",
        inverse_name="parent_id",
        string="Causes Below",
    )
    is_ours = fields.Boolean(
        string="Ours to Answer for",
        default=True,
        help="Not ours: the customer's own doing, somebody else's, or beyond control.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another cause has this code.")
