# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """A period of a working week, as the clocks of the service read it."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._key_account_hours_changed()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._key_account_hours_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._key_account_hours_changed()
        return result

    def _key_account_get_period(self):
        """Weekday, first and last minute, and which of two weeks (None: every one)."""
        self.ensure_one()
        first, last = round(self.hour_from * 60), round(self.hour_to * 60)
        # Odoo's screen takes 23:59 for the end of the day.
        last = 1440 if last >= 1439 else last
        week = (
            int(self.week_type) if self.two_weeks_calendar and self.week_type else None
        )
        return int(self.dayofweek), first, last, week
