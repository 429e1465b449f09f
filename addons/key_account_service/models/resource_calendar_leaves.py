# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Days off stop the clocks of the service that run by the calendar."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._key_account_hours_changed()
        return leaves

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._key_account_hours_changed()
        return result

    def unlink(self):
        calendars = self.filtered(lambda leave: not leave.resource_id).calendar_id
        result = super().unlink()
        calendars._key_account_hours_changed()
        return result

    def _key_account_hours_changed(self):
        """Only what concerns everybody: the days off of one person do not."""
        days_off = self.filtered(lambda leave: not leave.resource_id)
        days_off.calendar_id._key_account_hours_changed()
