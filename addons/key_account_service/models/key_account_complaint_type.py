# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountComplaintType(models.Model):
    """What complaints and suggestions are about, as a tree (CMP-02, CMP-03).

    A type says by which service indicator the time runs, and which special team
    handles it (CMP-05).
    """

    _name = "key.account.complaint.type"
    _description = "Complaint Type"
    _inherit = ["key.account.tree.mixin"]
    _complaint_field = "type_id"

    parent_id = fields.Many2one(
        comodel_name="key.account.complaint.type",
        string="Belongs to",
        index=True,
        ondelete="restrict",
    )
    child_ids = fields.One2many(
        comodel_name="key.account.complaint.type",
        inverse_name="parent_id",
        string="Types Below",
    )
    nature = fields.Selection(
        selection=[("complaint", "Complaint"), ("suggestion", "Suggestion")],
        default="complaint",
        required=True,
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Time Limit by",
        ondelete="restrict",
        domain=[("category", "=", "service_indicator")],
        help="The service indicator whose standard limits the handling. Empty: that of "
        "the type above, or that of ordinary complaints.",
    )
    team_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Special Team",
        ondelete="restrict",
        help="The unit that new complaints of the type are dispatched to at once. "
        "Empty: as the type above; then whoever registers dispatches.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another type of complaint has this code."
    )
