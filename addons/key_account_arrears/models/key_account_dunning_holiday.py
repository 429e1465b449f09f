# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountDunningHoliday(models.Model):
    """A day on which no customer is written to."""

    _name = "key.account.dunning.holiday"
    _description = "Day without Dunning"
    _order = "date desc"

    name = fields.Char(required=True, translate=True)
    date = fields.Date(required=True)

    _date_uniq = models.UniqueIndex("(date)", "The day is named already.")
