# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import models

from ..working_time import AroundTheClock, WeeklyHours

HOURS = "key_account_service.hours"


class ResourceCalendar(models.Model):
    """Working hours by which the clocks of the service run."""

    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if {
            "tz",
            "attendance_ids",
            "two_weeks_calendar",
            "hours_per_day",
        } & vals.keys():
            self._key_account_hours_changed()
        return result

    def _key_account_get_hours(self):
        """The working time of this calendar; around the clock without one.

        Laid out once per transaction, for every clock that asks.
        """
        known = self.env.cr.cache.setdefault(HOURS, {})
        if self.id not in known:
            known[self.id] = (
                self._key_account_make_hours() if self else AroundTheClock()
            )
        return known[self.id]

    def _key_account_make_hours(self):
        self.ensure_one()
        # sudo: whoever asks for a deadline need not be allowed to read days off.
        calendar = self.sudo()
        attendances = calendar.attendance_ids.filtered(
            lambda attendance: not attendance.display_type
            and attendance.day_period != "lunch"
        )
        days_off = calendar.leave_ids.filtered(
            lambda leave: not leave.resource_id and leave.time_type == "leave"
        )
        return WeeklyHours(
            calendar.tz,
            [attendance._key_account_get_period() for attendance in attendances],
            [(day.date_from, _round_up(day.date_to)) for day in days_off],
        )

    def _key_account_hours_changed(self):
        """Open clocks follow at once; those that stopped stay as they were decided."""
        self.env.cr.cache.pop(HOURS, None)
        if self:
            self.env["key.account.clock.mixin"]._clock_calendar_changed(self)


def _round_up(moment):
    """Days off end at 23:59:59 when they last until midnight."""
    return moment + timedelta(seconds=1) if moment.second == 59 else moment
