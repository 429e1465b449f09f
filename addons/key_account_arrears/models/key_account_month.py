# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class KeyAccountMonth(models.Model):
    """Whatever changes bills or payments ends here: what follows from them for arrears
    is brought in line at the same moment, also after a whole file of payments."""

    _inherit = "key.account.month"

    @api.model
    def _refresh(self, partner_ids=None, since=None):
        result = super()._refresh(partner_ids, since)
        self.env["key.account.promise"]._follow(partner_ids)
        self.env["key.account.bad.debt"]._follow(partner_ids)
        self.env["key.account.suspension"]._follow(partner_ids)
        return result
