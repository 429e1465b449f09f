# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..sms_api import SmsApiHttp


class ResCompany(models.Model):
    """A company with a gateway sends through it, any other as Odoo does."""

    _inherit = "res.company"

    def _get_sms_api_class(self):
        self.ensure_one()
        if self._get_key_account_sms_gateways():
            return SmsApiHttp
        return super()._get_sms_api_class()

    def _get_key_account_sms_gateways(self):
        """The gateways of the company in their order."""
        # sudo: who sends a message needs no right to read how; nothing of it is shown
        return (
            self.env["key.account.sms.gateway"]
            .sudo()
            .search([("company_id", "=", self.id)])
        )
