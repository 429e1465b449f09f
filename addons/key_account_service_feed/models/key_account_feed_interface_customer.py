# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountFeedInterfaceCustomer(models.AbstractModel):
    """Private data that a file brings keep the birthday by the sun, as the screens
    propose; a calendar that was chosen stays."""

    _inherit = "key.account.feed.interface.customer"

    @api.model
    def _get_person_defaults(self):
        return super()._get_person_defaults() | {"birthday_calendar": SQL("'solar'")}
