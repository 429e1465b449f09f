# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .base_export import FIGURE_ROLES

MONTHS = 12


class KeyAccountLineStanding(models.Model):
    """Where one customer stands on one line in one currency: what is open, what it
    brought in the twelve months up to the last month billed.

    A narrow row, rewritten often. A customer of several companies has one for each
    line, so that every reader's total is the sum of the rows that reader may open.
    """

    _name = "key.account.line.standing"
    _description = "Customer Standing on a Line"
    _inherit = ["key.account.fact.mixin"]
    _order = "amount_year desc, id"
    _key_account_export_roles = FIGURE_ROLES
    _rec_name = "partner_id"

    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    amount_open = fields.Monetary(
        string="Open", readonly=True, help="Billed less paid, credits included."
    )
    amount_credit = fields.Monetary(
        string="Unallocated Credits",
        readonly=True,
        help="Credit notes and payments on account not set against bills yet.",
    )
    date_oldest_due = fields.Date(
        string="Oldest Due Date",
        readonly=True,
        help="The earliest due date of a bill that is still open.",
    )
    amount_total = fields.Monetary(string="Billed in All", readonly=True)
    amount_year = fields.Monetary(
        string="Billed in 12 Months",
        readonly=True,
        help="The twelve months up to the last month for which bills were loaded.",
    )
    month_to = fields.Date(
        string="Figures up to",
        readonly=True,
        help="The last of the twelve months, as its first day.",
    )
    date_last_bill = fields.Date(string="Last Bill", readonly=True)
    date_last_payment = fields.Date(string="Last Payment", readonly=True)

    _standing_uniq = models.UniqueIndex(
        "(partner_id, line_id, currency_id) NULLS NOT DISTINCT",
        "A customer has one standing per line and currency.",
    )

    @api.model
    def _refresh(self, partner_ids=None):
        """Bring the standing of customers in line with months and open bills."""
        self.env.cr.execute(self._refresh_query(partner_ids))
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM key_account_line_standing AS standing
                 WHERE %s
                   AND NOT EXISTS (
                        SELECT FROM key_account_month AS month
                         WHERE month.partner_id = standing.partner_id
                           AND month.line_id IS NOT DISTINCT FROM standing.line_id
                           AND month.currency_id = standing.currency_id
                           AND %s)
                """,
                self._restrict(partner_ids),
                self._get_money_condition(),
            )
        )
        self.invalidate_model(flush=False)

    def _restrict(self, partner_ids) -> SQL:
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("partner_id = ANY(%s)", list(partner_ids))

    def _refresh_query(self, partner_ids) -> SQL:
        return SQL(
            """
            WITH last AS (SELECT MAX(period) AS month FROM key_account_bill),
            year AS (
                SELECT partner_id, line_id, currency_id,
                       MIN(unit_id) AS unit_id,
                       MIN(manager_id) AS manager_id,
                       SUM(amount_billed) AS total,
                       COALESCE(SUM(amount_billed) FILTER (
                           WHERE month.month > last.month - %(months)s
                             AND month.month <= last.month
                       ), 0) AS year
                  FROM key_account_month AS month, last
                 WHERE %(restriction)s AND %(money)s
                 GROUP BY partner_id, line_id, currency_id
            ), open AS (
                SELECT partner_id, line_id, currency_id,
                       SUM(amount_open) AS amount,
                       COALESCE(-SUM(amount_open) FILTER (WHERE amount_open < 0), 0)
                           AS credit,
                       MIN(date_due) FILTER (WHERE amount_open > 0) AS oldest,
                       MAX(date_bill) AS last_bill
                  FROM key_account_bill
                 WHERE %(restriction)s
                 GROUP BY partner_id, line_id, currency_id
            ), paid AS (
                SELECT partner_id, line_id, currency_id,
                       COALESCE(SUM(amount) FILTER (WHERE bill_id IS NULL), 0)
                           AS on_account,
                       MAX(date_payment) FILTER (WHERE allocation_id IS NULL)
                           AS last_payment
                  FROM key_account_payment
                 WHERE %(restriction)s
                 GROUP BY partner_id, line_id, currency_id
            )
            INSERT INTO key_account_line_standing AS old (
                partner_id, line_id, currency_id, unit_id, manager_id, amount_open,
                amount_credit, date_oldest_due, amount_total, amount_year, month_to,
                date_last_bill, date_last_payment, create_uid, create_date,
                write_uid, write_date
            )
            SELECT year.partner_id, year.line_id, year.currency_id, year.unit_id,
                   year.manager_id,
                   COALESCE(open.amount, 0) - COALESCE(paid.on_account, 0),
                   COALESCE(open.credit, 0) + GREATEST(COALESCE(paid.on_account, 0), 0),
                   open.oldest, year.total, year.year, last.month, open.last_bill,
                   paid.last_payment,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM year
             CROSS JOIN last
              LEFT JOIN open
                ON open.partner_id = year.partner_id
               AND COALESCE(open.line_id, 0) = COALESCE(year.line_id, 0)
               AND open.currency_id = year.currency_id
              LEFT JOIN paid
                ON paid.partner_id = year.partner_id
               AND COALESCE(paid.line_id, 0) = COALESCE(year.line_id, 0)
               AND paid.currency_id = year.currency_id
                ON CONFLICT (partner_id, line_id, currency_id) DO UPDATE
               SET unit_id = excluded.unit_id,
                   manager_id = excluded.manager_id,
                   amount_open = excluded.amount_open,
                   amount_credit = excluded.amount_credit,
                   date_oldest_due = excluded.date_oldest_due,
                   amount_total = excluded.amount_total,
                   amount_year = excluded.amount_year,
                   month_to = excluded.month_to,
                   date_last_bill = excluded.date_last_bill,
                   date_last_payment = excluded.date_last_payment,
                   write_uid = excluded.write_uid,
                   write_date = excluded.write_date
             WHERE (old.unit_id, old.manager_id, old.amount_open, old.amount_credit,
                    old.date_oldest_due, old.amount_total, old.amount_year,
                    old.month_to, old.date_last_bill, old.date_last_payment)
                   IS DISTINCT FROM
                   (excluded.unit_id, excluded.manager_id, excluded.amount_open,
                    excluded.amount_credit,
                    excluded.date_oldest_due, excluded.amount_total,
                    excluded.amount_year, excluded.month_to,
                    excluded.date_last_bill, excluded.date_last_payment)
            """,
            months=SQL("interval '%s months'", SQL(str(MONTHS))),
            restriction=self._restrict(partner_ids),
            money=self._get_money_condition(),
            uid=self.env.uid,
        )

    def _get_money_condition(self) -> SQL:
        """Months may hold other facts than bills and payments: those give a customer
        no standing on the line."""
        return SQL(
            "(month.bill_count <> 0 OR month.amount_billed <> 0 "
            "OR month.amount_paid <> 0)"
        )

    @api.model
    def _cron_roll(self):
        """A new month was billed: move everybody's twelve months along."""
        self.env.flush_all()
        self._refresh()
