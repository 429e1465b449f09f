# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import math

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.key_account_standard import SECONDS

# From fewer nobody concludes anything.
ENOUGH = 20


class KeyAccountStandardProposal(models.TransientModel):
    """Proposes the limit that the service kept in as many cases as its target says.

    Durations are those of the service's own hours, divided by the factor of the
    customer's grade, so that what a diamond customer got counts as what everybody
    could have got (SLA-05, SLA-06).
    """

    _name = "key.account.standard.proposal"
    _description = "Reasonable Limit"

    standard_id = fields.Many2one(
        comodel_name="key.account.standard",
        string="Service Standard",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) - relativedelta(months=6, day=1)
        ),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    done_count = fields.Integer(string="Done", compute="_compute_figures")
    rate = fields.Float(string="Done in Time (%)", compute="_compute_figures")
    target = fields.Float(string="Target (%)", related="standard_id.target_percent")
    median = fields.Float(compute="_compute_figures")
    share_80 = fields.Float(string="80 % within", compute="_compute_figures")
    share_95 = fields.Float(string="95 % within", compute="_compute_figures")
    limit = fields.Float(string="Present Limit", related="standard_id.limit")
    limit_unit = fields.Selection(related="standard_id.limit_unit")
    limit_proposed = fields.Float(
        string="Proposed Limit",
        compute="_compute_figures",
        help="The target's share of them took no longer, rounded up.",
    )
    is_enough = fields.Boolean(compute="_compute_figures")

    @api.depends("standard_id", "date_from", "date_to")
    def _compute_figures(self):
        for proposal in self:
            count, rate, *hours = proposal._read_durations()
            unit = proposal._get_unit_hours()
            median, share_80, share_95, kept = (value / unit for value in hours)
            proposal.done_count = count
            proposal.rate = rate
            proposal.median, proposal.share_80 = median, share_80
            proposal.share_95 = share_95
            proposal.limit_proposed = round_up(kept)
            proposal.is_enough = count >= ENOUGH

    def _read_durations(self):
        """(number, percent in time, and hours: median, 80, 95 and target percent)."""
        self.ensure_one()
        standard = self.standard_id
        report = self.env["key.account.attainment"]
        domain = (
            Domain("kind_id", "=", standard.kind_id.id)
            & Domain("date_done", ">=", self.date_from)
            & Domain("date_done", "<", self.date_to + relativedelta(days=1))
        )
        if standard.line_id:
            domain &= Domain("line_id", "=", standard.line_id.id)
        query = report._search(domain)
        [[count, rate, hours]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), AVG(%(t)s.rate),
                       percentile_cont(%(shares)s::float[]) WITHIN GROUP (
                           ORDER BY %(t)s.hours_used / COALESCE(factor.factor, 1))
                  FROM %(source)s
                  LEFT JOIN key_account_standard_factor AS factor
                    ON factor.rule_id = %(t)s.standard_id
                   AND factor.grade_code = %(t)s.grade_code
                 WHERE %(where)s
                """,
                t=SQL.identifier(report._table),
                shares=[0.5, 0.8, 0.95, standard.target_percent / 100],
                source=query.from_clause,
                where=query.where_clause,
            )
        )
        return count, rate or 0, *(hours or [0, 0, 0, 0])

    def _get_unit_hours(self):
        """Hours of service in one unit of the limit."""
        standard = self.standard_id
        if standard.limit_unit == "day" and standard.calendar_id:
            return standard.calendar_id.hours_per_day
        return SECONDS[standard.limit_unit] / 3600

    def action_propose(self):
        """A draft of the next version with this limit: another person approves it."""
        self.ensure_one()
        if not self.is_enough:
            raise UserError(
                self.env._(
                    "Only %(count)s were done in this time: from fewer than %(enough)s "
                    "no limit is proposed. Choose a longer time.",
                    count=self.done_count,
                    enough=ENOUGH,
                )
            )
        action = self.standard_id.action_new_version()
        draft = self.env["key.account.standard"].browse(action["res_id"])
        draft.limit = self.limit_proposed
        return action


def round_up(value):
    """To a figure one can tell somebody: halves from 5 on, tenths below.

    >>> round_up(0.03), round_up(3.14), round_up(7.2), round_up(12), round_up(0)
    (0.1, 3.2, 7.5, 12.0, 0.0)
    """
    step = 2 if value >= 5 else 10
    return math.ceil(round(value * step, 6)) / step
