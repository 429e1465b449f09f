# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .. import lunar

BIRTHDAY_CALENDARS = [("solar", "Solar"), ("lunar", "Lunar")]


class KeyAccountPerson(models.Model):
    """By which calendar a person keeps the birthday (SVC-06)."""

    _inherit = "key.account.person"

    birthday_calendar = fields.Selection(
        selection=BIRTHDAY_CALENDARS,
        default="solar",
        required=True,
        copy=False,
        help="Lunar: the birthday is kept on the lunar date of the day of birth.",
    )

    def _get_birthday(self, year):
        """The day on which the birthday of a year is kept, or None."""
        self.ensure_one()
        born = self.birthday
        if not born:
            return None
        if self.birthday_calendar == "lunar" and lunar.is_covered(born):
            return lunar.get_birthday(born, year)
        # 29 February is kept on the 28th where the year has none.
        return fields.Date.add(born, years=year - born.year)
