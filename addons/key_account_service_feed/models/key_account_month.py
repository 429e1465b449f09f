# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountMonth(models.Model):
    """How often a customer was served in the branch's own system."""

    _inherit = "key.account.month"

    log_count = fields.Integer(
        string="Services Logged",
        readonly=True,
        help="Services of the uploaded log that are no contacts.",
    )

    @api.model
    def _get_service_counts(self):
        return super()._get_service_counts() | {"log": "log_count"}
