# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_MONTHS = 36


class KeyAccountIndicatorPreview(models.TransientModel):
    """Measures indicators now, in the scope of who asks: to look at, not to keep."""

    _name = "key.account.indicator.preview"
    _description = "Measure Now"

    indicator_ids = fields.Many2many(
        comodel_name="key.account.indicator",
        string="Indicators",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=31),
    )
    by = fields.Selection(
        selection=[
            ("manager", "Account Manager"),
            ("unit", "Unit"),
            ("customer", "Customer"),
        ],
        default="manager",
        required=True,
    )
    is_by_month = fields.Boolean(string="Month by Month")
    figure_ids = fields.One2many(
        comodel_name="key.account.indicator.figure",
        inverse_name="preview_id",
        string="Figures",
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for preview in self:
            limit = preview.date_from + relativedelta(months=MAX_MONTHS)
            if not preview.date_from <= preview.date_to < limit:
                raise UserError(
                    self.env._(
                        "The period ends before it begins, or is longer than "
                        "%(count)s months: choose other days.",
                        count=MAX_MONTHS,
                    )
                )

    def action_measure(self):
        """The figures of everybody at once, as a list and a pivot."""
        self.ensure_one()
        self.figure_ids.unlink()
        rows = [
            row
            for period in self._get_periods()
            for row in self._prepare_figures(*period)
        ]
        self.env["key.account.indicator.figure"].create(rows)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Figures"),
            "res_model": "key.account.indicator.figure",
            "domain": [("preview_id", "=", self.id)],
            "views": [(False, "list"), (False, "pivot"), (False, "form")],
            "context": {"search_default_group_by_indicator": 1},
        }

    def _get_periods(self):
        if not self.is_by_month:
            return [(self.date_from, self.date_to)]
        periods, first = [], self.date_from
        while first <= self.date_to:
            last = min(first + relativedelta(day=31), self.date_to)
            periods.append((first, last))
            first = last + relativedelta(days=1)
        return periods

    def _prepare_figures(self, date_from, date_to):
        indicators = self.indicator_ids
        sums = indicators._measure_sums(date_from, date_to, by=self.by)
        column = {"manager": "manager_id", "unit": "unit_id"}.get(self.by, "partner_id")
        for indicator in indicators:
            is_ratio = indicator.kind == "ratio"
            top = indicator.first_id if is_ratio else indicator
            bottom = indicator.second_id._combine(sums) if is_ratio else {}
            values = indicator._combine(sums)
            tops = top._combine(sums)
            for key, value in values.items():
                yield {
                    "preview_id": self.id,
                    "indicator_id": indicator.id,
                    "date_from": date_from,
                    "date_to": date_to,
                    column: key,
                    "value": value,
                    "top": tops.get(key, 0) * (indicator.factor if is_ratio else 1),
                    "bottom": bottom.get(key, 0),
                    "is_ratio": is_ratio,
                }
