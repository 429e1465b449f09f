# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .base_export import FIGURE_ROLES


class KeyAccountMonth(models.Model):
    """The month's facts of one customer on one line in one currency (design 3.9).

    Kept beside the detail and brought in line with every change of it; rebuilding all
    months from bills and payments gives the same rows.
    """

    _name = "key.account.month"
    _description = "Customer Month"
    _inherit = ["key.account.fact.mixin"]
    _order = "month desc, partner_id, id"
    _key_account_export_roles = FIGURE_ROLES
    _rec_name = "month"

    # The index below begins with it.
    partner_id = fields.Many2one(index=False)
    month = fields.Date(required=True, readonly=True, index=True, help="Its first day.")
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_billed = fields.Monetary(
        string="Billed", readonly=True, help="Bills less credit notes of the period."
    )
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
        help="Payments dated in the month. Allocated credits are none.",
    )
    bill_count = fields.Integer(string="Bills", readonly=True)

    _month_uniq = models.UniqueIndex(
        "(partner_id, line_id, currency_id, month) NULLS NOT DISTINCT",
        "A customer has one row per line, currency and month.",
    )

    @api.model
    def _refresh(self, partner_ids=None, since=None):
        """Bring the months and the standing of customers in line with the detail.

        :param partner_ids: ids of the customers, or None for all of them
        :param since: first day of the first month to look at, or None for all months
        """
        self.env.flush_all()
        self.env.cr.execute(self._refresh_query(partner_ids, since))
        self.env.cr.execute(self._delete_query(partner_ids, since))
        self.env["key.account.line.standing"]._refresh(partner_ids)
        self.env.invalidate_all(flush=False)

    def _detail(self, partner_ids, since) -> SQL:
        """One row per customer, line, currency and month, summed from the ledgers."""
        return SQL(
            """
            SELECT partner_id, line_id, currency_id, month,
                   MIN(unit_id) AS unit_id,
                   MIN(manager_id) AS manager_id,
                   SUM(billed) AS billed, SUM(paid) AS paid, SUM(bills) AS bills
              FROM (
                SELECT partner_id, line_id, currency_id, period AS month, unit_id,
                       manager_id, amount AS billed, 0 AS paid, 1 AS bills
                  FROM key_account_bill WHERE %(bills)s
                UNION ALL
                SELECT partner_id, line_id, currency_id,
                       date_trunc('month', date_payment)::date, unit_id, manager_id,
                       0, amount, 0
                  FROM key_account_payment
                 WHERE allocation_id IS NULL AND %(payments)s
              ) AS fact
             GROUP BY partner_id, line_id, currency_id, month
            """,
            bills=self._restrict(partner_ids, since, "period"),
            payments=self._restrict(partner_ids, since, "date_payment"),
        )

    def _restrict(self, partner_ids, since, column) -> SQL:
        terms = [SQL("TRUE")]
        if partner_ids is not None:
            terms.append(SQL("partner_id = ANY(%s)", list(partner_ids)))
        if since is not None:
            terms.append(SQL("%s >= %s", SQL.identifier(column), since))
        return SQL(" AND ").join(terms)

    def _refresh_query(self, partner_ids, since) -> SQL:
        return SQL(
            """
            INSERT INTO key_account_month AS old (
                partner_id, line_id, currency_id, month, unit_id, manager_id,
                amount_billed, amount_paid, bill_count,
                create_uid, create_date, write_uid, write_date
            )
            SELECT partner_id, line_id, currency_id, month, unit_id, manager_id,
                   billed, paid, bills,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (%(detail)s) AS detail
                ON CONFLICT (partner_id, line_id, currency_id, month) DO UPDATE
               SET amount_billed = excluded.amount_billed,
                   amount_paid = excluded.amount_paid,
                   bill_count = excluded.bill_count,
                   unit_id = excluded.unit_id,
                   manager_id = excluded.manager_id,
                   write_uid = excluded.write_uid,
                   write_date = excluded.write_date
             WHERE (old.amount_billed, old.amount_paid, old.bill_count, old.unit_id,
                    old.manager_id)
                   IS DISTINCT FROM
                   (excluded.amount_billed, excluded.amount_paid, excluded.bill_count,
                    excluded.unit_id, excluded.manager_id)
            """,
            uid=self.env.uid,
            detail=self._detail(partner_ids, since),
        )

    def _delete_query(self, partner_ids, since) -> SQL:
        """Months of which no bill and no payment is left."""
        return SQL(
            """
            DELETE FROM key_account_month AS month
             WHERE %(restriction)s
               AND NOT EXISTS (
                    SELECT FROM key_account_bill AS bill
                     WHERE bill.partner_id = month.partner_id
                       AND bill.period = month.month
                       AND bill.line_id IS NOT DISTINCT FROM month.line_id
                       AND bill.currency_id = month.currency_id)
               AND NOT EXISTS (
                    SELECT FROM key_account_payment AS payment
                     WHERE payment.partner_id = month.partner_id
                       AND payment.allocation_id IS NULL
                       AND payment.date_payment >= month.month
                       AND payment.date_payment < month.month + interval '1 month'
                       AND payment.line_id IS NOT DISTINCT FROM month.line_id
                       AND payment.currency_id = month.currency_id)
            """,
            restriction=self._restrict(partner_ids, since, "month"),
        )
