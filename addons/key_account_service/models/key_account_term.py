# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of service: what is asked for, how it is served, why a clock stands."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[
            ("request_kind", "Request Kind"),
            ("service_class", "Service Class"),
            ("service_indicator", "Service Indicator"),
            ("pause_reason", "Reason to Wait"),
            ("request_result", "Request Result"),
            ("outside_system", "Outside System"),
        ],
        ondelete={
            "request_kind": "cascade",
            "service_class": "cascade",
            "service_indicator": "cascade",
            "pause_reason": "cascade",
            "request_result": "cascade",
            "outside_system": "cascade",
        },
    )
