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
        self._refresh_months(partner_ids, since)
        self.env["key.account.line.standing"]._refresh(partner_ids)
        self.env.invalidate_all(flush=False)

    @api.model
    def _refresh_months(self, partner_ids=None, since=None):
        """The months alone: after changes of what is no money of the customer's."""
        self.env.flush_all()
        self.env.cr.execute(self._refresh_query(partner_ids, since))
        self.invalidate_model(flush=False)

    @api.model
    def _get_figures(self):
        """Names of the columns that are summed from the detail. Hook."""
        return ["amount_billed", "amount_paid", "bill_count"]

    def _get_parts(self, partner_ids, since):
        """The SELECTs that the detail consists of, each made by ``_make_part``. Hook.

        :param partner_ids: ids of the customers, or None for all of them
        :param since: first day of the first month, or None for all months
        """
        return [
            self._make_part(
                SQL(
                    "key_account_bill AS fact WHERE %s",
                    self._restrict(partner_ids, since, "period"),
                ),
                SQL("fact.period"),
                amount_billed=SQL("fact.amount"),
                bill_count=SQL("1"),
            ),
            self._make_part(
                SQL(
                    "key_account_payment AS fact WHERE allocation_id IS NULL AND %s",
                    self._restrict(partner_ids, since, "date_payment"),
                ),
                SQL("fact.date_payment"),
                amount_paid=SQL("fact.amount"),
            ),
        ]

    def _make_part(self, source, day, **figures) -> SQL:
        """One SELECT of the detail: facts of a ledger in the month of their day.

        :param SQL source: FROM and WHERE; the ledger is called ``fact`` and has the
            columns of every fact, and a currency
        :param SQL day: the day (or moment in local time) that says which month
        :param figures: what each row brings to which column; nothing to the others
        """
        columns = [
            SQL("%s AS %s", figures.get(name, SQL("0")), SQL.identifier(name))
            for name in self._get_figures()
        ]
        return SQL(
            """
            SELECT fact.partner_id, fact.line_id, fact.currency_id,
                   date_trunc('month', %s)::date AS month, fact.unit_id,
                   fact.manager_id, %s
              FROM %s
            """,
            day,
            SQL(", ").join(columns),
            source,
        )

    def _detail(self, partner_ids, since) -> SQL:
        """One row per customer, line, currency and month, summed from the ledgers."""
        sums = [
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name))
            for name in self._get_figures()
        ]
        return SQL(
            """
            SELECT partner_id, line_id, currency_id, month,
                   MIN(unit_id) AS unit_id, MIN(manager_id) AS manager_id, %s
              FROM (%s) AS fact
             GROUP BY partner_id, line_id, currency_id, month
            """,
            SQL(", ").join(sums),
            SQL(" UNION ALL ").join(self._get_parts(partner_ids, since)),
        )

    def _restrict(self, partner_ids, since, column) -> SQL:
        terms = [SQL("TRUE")]
        if partner_ids is not None:
            terms.append(SQL("partner_id = ANY(%s)", list(partner_ids)))
        if since is not None:
            terms.append(SQL("%s >= %s", SQL.identifier(column), since))
        return SQL(" AND ").join(terms)

    def _refresh_query(self, partner_ids, since) -> SQL:
        """Write the months that differ from the detail, delete those without any; the
        detail is read once."""
        names = ["unit_id", "manager_id", *self._get_figures()]

        def listed(prefix):
            columns = (SQL.identifier(*prefix, name) for name in names)
            return SQL(", ").join(columns)

        return SQL(
            """
            WITH detail AS MATERIALIZED (%(detail)s),
            gone AS (
                DELETE FROM key_account_month AS month
                 WHERE %(restriction)s
                   AND NOT EXISTS (
                        SELECT FROM detail
                         WHERE detail.partner_id = month.partner_id
                           AND COALESCE(detail.line_id, 0) = COALESCE(month.line_id, 0)
                           AND detail.currency_id = month.currency_id
                           AND detail.month = month.month)
            )
            INSERT INTO key_account_month AS old (
                partner_id, line_id, currency_id, month, %(names)s,
                create_uid, create_date, write_uid, write_date
            )
            SELECT partner_id, line_id, currency_id, month, %(names)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM detail
                ON CONFLICT (partner_id, line_id, currency_id, month) DO UPDATE
               SET (%(names)s, write_uid, write_date)
                   = (%(new)s, excluded.write_uid, excluded.write_date)
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            detail=self._detail(partner_ids, since),
            restriction=self._restrict(partner_ids, since, "month"),
            uid=self.env.uid,
            names=listed([]),
            old=listed(["old"]),
            new=listed(["excluded"]),
        )
