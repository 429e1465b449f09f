# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountIndicatorFigure(models.TransientModel):
    """One measured figure: of an indicator, for somebody, in a period.

    What is above it (a group, a pivot's total) is made of the sums, so that a ratio of
    many is their ratio and not the mean of their ratios.
    """

    _name = "key.account.indicator.figure"
    _description = "Measured Figure"
    _order = "indicator_id, date_from, value desc, id"
    _rec_name = "indicator_id"

    preview_id = fields.Many2one(
        comodel_name="key.account.indicator.preview",
        string="Measurement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    indicator_id = fields.Many2one(
        comodel_name="key.account.indicator",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    value = fields.Float(readonly=True, aggregator="sum")
    value_unit = fields.Selection(related="indicator_id.value_unit")
    top = fields.Float(string="Summed", readonly=True, aggregator="sum")
    bottom = fields.Float(string="Divided by", readonly=True, aggregator="sum")
    is_ratio = fields.Boolean(readonly=True)
    explanation = fields.Char(string="How It Was Made", compute="_compute_explanation")

    def _compute_explanation(self):
        for figure in self:
            figure.explanation = figure.indicator_id._describe(
                figure.date_from, figure.date_to
            )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "value:sum":
            return super()._read_group_select(aggregate_spec, query)
        columns = {
            name: self._field_to_sql(self._table, name, query)
            for name in ("top", "bottom", "is_ratio")
        }
        return SQL(
            "CASE WHEN bool_or(%(is_ratio)s) THEN SUM(%(top)s) / NULLIF(SUM(%(bottom)s)"
            ", 0) ELSE SUM(%(top)s) END",
            **columns,
        )

    def action_view_rows(self):
        """The rows behind the figure, in the reader's scope."""
        self.ensure_one()
        preview = self.preview_id
        key = self.manager_id.id or self.unit_id.id or self.partner_id.id
        return self.indicator_id._get_rows_action(
            self.date_from, self.date_to, by=preview.by, key=key
        )
