# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountAgeingBucket(models.Model):
    """An age of arrears (账龄): it begins on a number of days late and ends where the
    next one begins (ARR-01, ARR-08)."""

    _name = "key.account.ageing.bucket"
    _description = "Age of Arrears"
    _order = "days_from, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    days_from = fields.Integer(
        string="From Day",
        required=True,
        help="Days after the due date on which this age begins; 1 is the first.",
    )
    days_to = fields.Integer(
        string="To Day",
        compute="_compute_days_to",
        help="The day before the next age begins; 0: without end.",
    )

    _days_from_positive = models.Constraint(
        "CHECK (days_from > 0)", "An age begins one day after the due date or later."
    )
    _days_from_uniq = models.UniqueIndex(
        "(days_from) WHERE active", "Another age begins on this day: change one."
    )

    @api.depends("days_from", "active")
    def _compute_days_to(self):
        starts = sorted(self.search([]).mapped("days_from"))
        for bucket in self:
            later = [day for day in starts if day > bucket.days_from]
            bucket.days_to = later[0] - 1 if later else 0
