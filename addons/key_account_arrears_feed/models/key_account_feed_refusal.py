# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountFeedRefusal(models.Model):
    """Rows with answers about suspensions: the record A."""

    _inherit = "key.account.feed.refusal"

    letter = fields.Selection(
        selection_add=[("A", "Answer about a Suspension")], ondelete={"A": "cascade"}
    )
