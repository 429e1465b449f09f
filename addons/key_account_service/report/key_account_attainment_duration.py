# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

SHARES = {"hours_median": 0.5, "hours_p80": 0.8, "hours_p95": 0.95}


class KeyAccountAttainment(models.Model):
    """How long what was due really took: the half, four of five, nineteen of twenty.

    Whether a limit is reasonable shows in them (SLA-05, SLA-06). They are taken of all
    rows of a group, so that a total is that of all rows and no mean of percentiles.
    """

    _inherit = "key.account.attainment"

    hours_used = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Hours of service until it was done; nothing while it is open.",
    )
    hours_limit = fields.Float(string="Limit (h)", readonly=True, aggregator="avg")
    hours_median = fields.Float(
        string="Median (h)",
        readonly=True,
        aggregator="max",
        help="Half of them took no longer.",
    )
    hours_p80 = fields.Float(string="80 % within (h)", readonly=True, aggregator="max")
    hours_p95 = fields.Float(string="95 % within (h)", readonly=True, aggregator="max")

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, _function = aggregate_spec.partition(":")
        if name not in SHARES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
            SHARES[name],
            self._field_to_sql(self._table, "hours_used", query),
        )
