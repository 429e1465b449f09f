# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountFeedSource(models.Model):
    """How one branch sends its files: the folder that is watched, what is tolerated."""

    _name = "key.account.feed.source"
    _description = "Key Account Feed Source"
    _rec_name = "unit_id"

    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Branch",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_branch", "=", True)],
    )
    active = fields.Boolean(default=True)
    refused_limit = fields.Float(
        string="Refused at Most %",
        default=1.0,
        help="A file with a greater share of refused rows is not loaded at all.",
    )
    date_last_load = fields.Datetime(string="Last Load", readonly=True)

    _unit_uniq = models.Constraint("UNIQUE (unit_id)", "The branch has its settings.")

    @api.model
    def _get_for(self, unit):
        """The settings of a branch, made with the defaults when it sends first."""
        source = self.with_context(active_test=False).search([("unit_id", "=", unit.id)])
        return source or self.create({"unit_id": unit.id})
