# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..layout import INTERFACE, KINDS


class KeyAccountFeed(models.Model):
    """Transmissions of the service and complaint log: interface 02001."""

    _inherit = "key.account.feed"

    interface = fields.Selection(
        selection_add=[("complaint", "Service and Complaints")],
        ondelete={"complaint": "cascade"},
    )

    @api.model
    def _get_interfaces(self):
        return super()._get_interfaces() | {INTERFACE: "complaint"}

    @api.model
    def _get_kinds(self, code):
        return KINDS if code == INTERFACE else super()._get_kinds(code)
