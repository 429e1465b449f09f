# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class KeyAccountPointStatement(models.TransientModel):
    """A customer's points in a period: what there was, what moved, what is left
    (PTS-10). Of the rows its reader may open."""

    _name = "key.account.point.statement"
    _description = "Points Statement"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        domain=[("key_account_kind", "!=", False)],
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        help="Empty: all that you may read.",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: all numbers, and points of the customer itself.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - relativedelta(months=11)
        ),
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    opening = fields.Integer(string="Opening Balance", compute="_compute_figures")
    earned = fields.Integer(compute="_compute_figures")
    used = fields.Integer(compute="_compute_figures")
    closing = fields.Integer(string="Closing Balance", compute="_compute_figures")
    entry_ids = fields.Many2many(
        comodel_name="key.account.point.entry",
        string="Entries",
        compute="_compute_figures",
    )
    balance_ids = fields.Many2many(
        comodel_name="key.account.point.balance",
        string="Left by Year",
        compute="_compute_figures",
        help="As of today.",
    )

    @api.depends("partner_id", "line_id", "number_id", "date_from", "date_to")
    @api.depends_context("uid")
    def _compute_figures(self):
        entries = self.env["key.account.point.entry"]
        for statement in self:
            pot = statement._get_domain()
            before = [*pot, ("date", "<", statement.date_from)]
            [[opening]] = entries._read_group(before, [], ["quantity:sum"])
            moved = entries.search(
                [
                    *pot,
                    ("date", ">=", statement.date_from),
                    ("date", "<=", statement.date_to),
                ],
                order="date, id",
            )
            quantities = moved.mapped("quantity")
            statement.opening = opening or 0
            statement.earned = sum(q for q in quantities if q > 0)
            statement.used = -sum(q for q in quantities if q < 0)
            statement.closing = statement.opening + sum(quantities)
            statement.entry_ids = moved
            statement.balance_ids = self.env["key.account.point.balance"].search(
                [*pot, ("quantity", ">", 0)]
            )

    def _get_domain(self):
        domain = [("partner_id", "=", self.partner_id._origin.id)]
        for fname in ("line_id", "number_id"):
            if self[fname]:
                domain.append((fname, "=", self[fname]._origin.id))
        return domain

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for statement in self:
            if statement.date_to < statement.date_from:
                raise UserError(
                    self.env._("A statement ends after it begins: correct its dates.")
                )

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Points %(customer)s %(date_from)s–%(date_to)s",
                customer=statement.partner_id.key_account_code or "",
                date_from=format_date(self.env, statement.date_from),
                date_to=format_date(self.env, statement.date_to),
            )

    def action_print(self):
        return self.env.ref(
            "key_account_crm.key_account_point_statement_report"
        ).report_action(self)
