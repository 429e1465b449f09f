# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountFeedRefusal(models.Model):
    """Rows of the service and complaint log: the records T and S."""

    _inherit = "key.account.feed.refusal"

    letter = fields.Selection(
        selection_add=[("T", "Complaint"), ("S", "Service")],
        ondelete={"T": "cascade", "S": "cascade"},
    )
