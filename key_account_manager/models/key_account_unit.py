# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

import pytz

from odoo import api, models
from odoo.tools import ormcache


class KeyAccountUnit(models.Model):
    """The day by which responsibilities begin and end."""

    _inherit = "key.account.unit"

    @api.model
    @ormcache()
    def _get_time_zone(self):
        company_id = self._get_centre_company_id()
        # sudo: in which time zone the centre works is no secret.
        company = self.env["res.company"].sudo().browse(company_id or [])
        return company.resource_calendar_id.tz or "UTC"

    @api.model
    def _get_today(self):
        """Today where the centre is: no time zone of a user or client moves it, since
        rights begin and end by it."""
        return datetime.now(pytz.timezone(self._get_time_zone())).date()
