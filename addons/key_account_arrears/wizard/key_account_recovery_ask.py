# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..report.key_account_recovery import FROM, TO

PERIODS = [
    ("month", "This Month"),
    ("last_month", "Last Month"),
    ("quarter", "This Quarter"),
    ("last_quarter", "Last Quarter"),
    ("year", "This Year"),
    ("last_year", "Last Year"),
    ("days", "Other Days"),
]


class KeyAccountRecoveryAsk(models.TransientModel):
    """Asks for the period of which recovery is shown."""

    _name = "key.account.recovery.ask"
    _description = "Recovery in a Period"

    period = fields.Selection(selection=PERIODS, default="last_month", required=True)
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
    )

    @api.depends("period")
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        for ask in self:
            if ask.period == "days" and ask.date_from:
                continue
            length, is_past = ask._get_length()
            start = today.replace(day=1)
            start -= relativedelta(months=(start.month - 1) % length)
            if is_past:
                start -= relativedelta(months=length)
            end = start + relativedelta(months=length, days=-1)
            ask.date_from, ask.date_to = start, min(end, today)

    def _get_length(self):
        """Months of the period, and whether it is the one before."""
        name = self.period or "month"
        months = {"quarter": 3, "year": 12}.get(name.removeprefix("last_"), 1)
        return months, name.startswith("last_")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for ask in self:
            if ask.date_to < ask.date_from:
                raise UserError(
                    self.env._("A period ends after it begins: correct its dates.")
                )

    def action_open(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_recovery_action"
        )
        action["name"] = self.env._(
            "Recovery %(first)s – %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )
        action["context"] = {
            FROM: fields.Date.to_string(self.date_from),
            TO: fields.Date.to_string(self.date_to),
        }
        return action
