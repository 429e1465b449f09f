# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES
from odoo.addons.key_account_crm.models.res_partner import KINDS

FROM, TO = "key_account_recovery_from", "key_account_recovery_to"
PERIOD = (FROM, TO, "tz")


class KeyAccountRecovery(models.Model):
    """What became of a bill in a period: in arrears at its start, fallen overdue in it,
    collected, settled otherwise, and in arrears at its end (ARR-08, domain 2.10).

    Groups show the recovery of the group, made of its sums: collected ÷ (opening +
    new), and its days sales outstanding. The period comes in the context and is the
    month so far when it does not; it chooses the days and never the rows one may read.
    """

    _name = "key.account.recovery"
    _description = "Recovery of Arrears"
    _auto = False
    _order = "amount_closing desc, id"
    _rec_name = "bill_id"
    _key_account_export_roles = FIGURE_ROLES
    _depends = {
        "key.account.arrears.move": [
            "amount",
            "amount_bad_debt",
            "amount_collected",
            "amount_credited",
            "amount_new",
            "bill_id",
            "date",
        ],
        "key.account.bill": [
            "amount",
            "amount_open",
            "currency_id",
            "date_bill",
            "date_due",
            "line_id",
            "manager_id",
            "partner_id",
            "unit_id",
        ],
        "key.account.payment": ["amount", "bill_id", "date_payment"],
        "key.account.standing": ["grade_id", "partner_id"],
        "res.partner": ["key_account_kind"],
    }

    bill_id = fields.Many2one(
        comodel_name="key.account.bill", string="Bill", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.grade", readonly=True, help="As of today."
    )
    customer_kind = fields.Selection(selection=KINDS, readonly=True)
    date_bill = fields.Date(string="Bill Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_from = fields.Date(string="From", readonly=True, depends_context=PERIOD)
    date_to = fields.Date(string="To", readonly=True, depends_context=PERIOD)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_opening = fields.Monetary(
        string="Opening Arrears", readonly=True, depends_context=PERIOD
    )
    amount_new = fields.Monetary(
        string="New Arrears", readonly=True, depends_context=PERIOD
    )
    amount_collected = fields.Monetary(
        string="Collected", readonly=True, depends_context=PERIOD
    )
    amount_credited = fields.Monetary(
        string="Settled by Credit", readonly=True, depends_context=PERIOD
    )
    amount_bad_debt = fields.Monetary(
        string="Bad Debt", readonly=True, depends_context=PERIOD
    )
    amount_closing = fields.Monetary(
        string="Closing Arrears", readonly=True, depends_context=PERIOD
    )
    amount_billed = fields.Monetary(
        string="Billed", readonly=True, depends_context=PERIOD
    )
    amount_receivable = fields.Monetary(
        string="Receivable",
        readonly=True,
        depends_context=PERIOD,
        help="Open at the end of the period, due or not, less credits.",
    )
    recovery = fields.Float(
        string="Recovery %",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        depends_context=PERIOD,
        help="Collected ÷ (opening + new arrears).",
    )
    days_outstanding = fields.Float(
        string="Days Sales Outstanding",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        depends_context=PERIOD,
        help="Receivable ÷ billed × days of the period.",
    )
    explanation = fields.Char(
        string="How It Was Made",
        compute="_compute_explanation",
        help="In words, with the days.",
    )

    @api.model
    def _get_days(self):
        """First and last day asked for."""
        today = fields.Date.context_today(self)
        last = self._to_day(self.env.context.get(TO)) or today
        first = self._to_day(self.env.context.get(FROM)) or last.replace(day=1)
        if first > last:
            raise UserError(
                self.env._("A period ends after it begins: correct its dates.")
            )
        return first, last

    @api.model
    def _to_day(self, value):
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(value)s is not a day: ask for dates such as 2026-01-31.",
                    value=value,
                )
            ) from error

    @api.depends_context(*PERIOD, "lang")
    def _compute_explanation(self):
        for row in self:
            row.explanation = self.env._(
                "Bills that were open, in arrears or billed between %(from)s and "
                "%(to)s: recovery is collected ÷ (opening + new "
                "arrears), days sales outstanding are receivable ÷ billed × days; in "
                "your scope, by the payments known today.",
                **{
                    "from": format_date(self.env, row.date_from),
                    "to": format_date(self.env, row.date_to),
                },
            )

    def _read_group_select(self, aggregate_spec, query):
        """Ratios of groups are those of their sums."""
        parts = {
            "recovery:avg": (
                "100 * SUM(%s) / NULLIF(SUM(%s) + SUM(%s), 0)",
                ("amount_collected", "amount_opening", "amount_new"),
            ),
            "days_outstanding:avg": (
                "SUM(%s) * (MAX(%s) - MIN(%s) + 1) / NULLIF(SUM(%s), 0)",
                ("amount_receivable", "date_to", "date_from", "amount_billed"),
            ),
        }
        if aggregate_spec not in parts:
            return super()._read_group_select(aggregate_spec, query)
        template, names = parts[aggregate_spec]
        columns = [self._field_to_sql(self._table, name, query) for name in names]
        # the templates stand above
        return SQL(template, *columns)  # pylint: disable=sql-injection

    @property
    def _table_query(self) -> SQL:
        first, last = self._get_days()
        return SQL(
            """
            SELECT row.*, standing.grade_id,
                   customer.key_account_kind AS customer_kind,
                   100 * amount_collected / NULLIF(amount_opening + amount_new, 0)
                       AS recovery,
                   amount_receivable * (%(last)s::date - %(first)s::date + 1)
                       / NULLIF(amount_billed, 0) AS days_outstanding
              FROM (%(rows)s) AS row
              LEFT JOIN key_account_standing AS standing
                ON standing.partner_id = row.partner_id
              LEFT JOIN res_partner AS customer ON customer.id = row.partner_id
             WHERE amount_opening <> 0 OR amount_new <> 0 OR amount_collected <> 0
                OR amount_credited <> 0 OR amount_bad_debt <> 0
                OR amount_receivable <> 0 OR amount_billed <> 0
            """,
            first=first,
            last=last,
            rows=self._get_rows_sql(first, last),
        )

    def _get_rows_sql(self, first, last) -> SQL:
        """One row per bill dated up to the end of the period."""
        moves = self.env["key.account.arrears.move"]
        return SQL(
            """
            SELECT bill.id, bill.id AS bill_id, bill.partner_id, bill.unit_id,
                   bill.manager_id, bill.line_id, bill.currency_id, bill.date_bill,
                   bill.date_due, %(first)s::date AS date_from,
                   %(last)s::date AS date_to,
                   COALESCE(moved.opening, 0) AS amount_opening,
                   COALESCE(moved.new, 0) AS amount_new,
                   COALESCE(moved.collected, 0) AS amount_collected,
                   COALESCE(moved.credited, 0) AS amount_credited,
                   COALESCE(moved.bad_debt, 0) AS amount_bad_debt,
                   COALESCE(moved.closing, 0) AS amount_closing,
                   CASE WHEN bill.date_bill >= %(first)s THEN bill.amount ELSE 0 END
                       AS amount_billed,
                   bill.amount_open + COALESCE(since.amount, 0) AS amount_receivable
              FROM key_account_bill AS bill
              LEFT JOIN (
                SELECT bill_id, SUM(amount) AS closing,
                       SUM(amount) FILTER (WHERE date < %(first)s) AS opening,
                       %(sums)s
                  FROM (%(moves)s) AS move
                 WHERE date <= %(last)s
                 GROUP BY bill_id
              ) AS moved ON moved.bill_id = bill.id
              LEFT JOIN (
                SELECT bill_id, SUM(amount) AS amount
                  FROM key_account_payment
                 WHERE date_payment > %(last)s AND bill_id IS NOT NULL
                 GROUP BY bill_id
              ) AS since ON since.bill_id = bill.id
             WHERE bill.date_bill <= %(last)s
            """,
            first=first,
            last=last,
            moves=moves._get_moves_sql(),
            sums=SQL(", ").join(
                SQL(
                    "SUM(%s) FILTER (WHERE date >= %s AND kind = %s) AS %s",
                    SQL("amount") if kind == "new" else SQL("-amount"),
                    first,
                    kind,
                    SQL.identifier(kind),
                )
                for kind in ("new", "collected", "credited", "bad_debt")
            ),
        )
