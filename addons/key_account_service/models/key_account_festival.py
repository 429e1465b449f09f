# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .. import lunar

CALENDARS = [
    ("solar", "Day of the Year"),
    ("lunar", "Day of the Lunar Year"),
    ("term", "Solar Term"),
]
TERMS = [
    ("lesser_cold", "Lesser Cold"),
    ("greater_cold", "Greater Cold"),
    ("spring_begins", "Beginning of Spring"),
    ("rain_water", "Rain Water"),
    ("insects_awake", "Insects Awake"),
    ("spring_equinox", "Spring Equinox"),
    ("qingming", "Clear and Bright"),
    ("grain_rain", "Grain Rain"),
    ("summer_begins", "Beginning of Summer"),
    ("grain_full", "Grain Full"),
    ("grain_in_ear", "Grain in Ear"),
    ("summer_solstice", "Summer Solstice"),
    ("lesser_heat", "Lesser Heat"),
    ("greater_heat", "Greater Heat"),
    ("autumn_begins", "Beginning of Autumn"),
    ("heat_ends", "End of Heat"),
    ("white_dew", "White Dew"),
    ("autumn_equinox", "Autumn Equinox"),
    ("cold_dew", "Cold Dew"),
    ("frost", "Frost Descends"),
    ("winter_begins", "Beginning of Winter"),
    ("lesser_snow", "Lesser Snow"),
    ("greater_snow", "Greater Snow"),
    ("winter_solstice", "Winter Solstice"),
]
# How far ahead the next day is looked for.
AHEAD = timedelta(days=800)


class KeyAccountFestival(models.Model):
    """A festival of the year on which customers are greeted (SVC-06, SVC-12): on a
    fixed day, on a day of the lunar year, or where a solar term begins."""

    _name = "key.account.festival"
    _description = "Festival"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and rules name the festival by."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    calendar = fields.Selection(
        selection=CALENDARS, string="Falls on", required=True, default="solar"
    )
    month = fields.Integer(
        default=1, aggregator=None, help="Of the year, or of the lunar year."
    )
    day = fields.Integer(
        default=1,
        aggregator=None,
        help="Of the month; below zero it counts from the end: -1 in the twelfth lunar "
        "month is the Eve, whether that month has 29 days or 30.",
    )
    term = fields.Selection(selection=TERMS, string="Solar Term")
    note = fields.Text(string="Remarks", translate=True)
    next_date = fields.Date(string="Next", compute="_compute_next_date")

    _code_uniq = models.Constraint("UNIQUE (code)", "Another festival has this code.")

    @api.depends("calendar", "month", "day", "term")
    @api.depends_context("tz")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for festival in self:
            days = (
                festival._get_days(today, today + AHEAD)
                if not festival._get_problem()
                else []
            )
            festival.next_date = days[0] if days else False

    @api.constrains("calendar", "month", "day", "term")
    def _check_day(self):
        for festival in self:
            problem = festival._get_problem()
            if problem:
                raise ValidationError(problem)

    def _get_problem(self):
        """Why the festival would never come, or False."""
        self.ensure_one()
        if self.calendar == "term":
            return not self.term and self.env._("Choose the solar term.")
        longest = 30 if self.calendar == "lunar" else 31
        first = -longest if self.calendar == "lunar" else 1
        if (
            not 1 <= self.month <= 12
            or not self.day
            or not first <= self.day <= (longest)
        ):
            return self.env._(
                "%(festival)s: months are 1 to 12, days 1 to %(longest)s; only in a "
                "lunar month they may count from the end.",
                festival=self.name or "",
                longest=longest,
            )
        if self.calendar == "solar" and not self._get_solar_day(2024):
            return self.env._(
                "%(festival)s: the month has no such day: correct it.",
                festival=self.name or "",
            )
        return False

    def _get_days(self, first, last):
        """The days between two days, both included, on which the festival falls."""
        self.ensure_one()
        years = range(first.year - 1, last.year + 1)
        found = (self._get_day(year) for year in years)
        return sorted(day for day in found if day and first <= day <= last)

    def _get_day(self, year):
        """The day in a year, for the lunar ones in the lunar year of that number."""
        if self.calendar == "solar":
            return self._get_solar_day(year)
        if not lunar.FIRST_YEAR <= year < lunar.LAST_YEAR:
            raise ValidationError(
                self.env._(
                    "The lunar calendar is known for the years %(first)s to %(last)s.",
                    first=lunar.FIRST_YEAR,
                    last=lunar.LAST_YEAR - 1,
                )
            )
        if self.calendar == "term":
            return lunar.get_term(year, self.term)
        return lunar.get_lunar_festival(year, self.month, self.day)

    def _get_solar_day(self, year):
        try:
            return fields.Date.to_date(f"{year:04}-{self.month:02}-{self.day:02}")
        except ValueError:
            return None

    def action_show_dates(self):
        """The days of the next ten years, to be compared with a printed calendar."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        days = self._get_days(today, fields.Date.add(today, years=10))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": ", ".join(format_date(self.env, day) for day in days),
                "type": "info",
                "sticky": True,
            },
        }
