# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class KeyAccountCare(models.Model):
    """What care has cost stands in the months, also of two acts done at once."""

    _inherit = "key.account.care"

    def _renew_months(self):
        self.env["key.account.standing"]._touch(self.partner_id.ids)
        return super()._renew_months()
