# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountFeedInterfaceBill(models.AbstractModel):
    """Writes the resolved rows of interface 05001, one statement per table."""

    _inherit = "key.account.feed.interface.bill"

    @api.model
    def _load(self, feed):
        self._insert_bills(feed)
        feed._tick(50)
        self._correct_bills(feed)
        self._insert_payments(feed)
        self._withdraw(feed)
        feed._tick(70)
        self.env.invalidate_all(flush=False)
        self.env["key.account.bill"]._settle(self._get_bills_to_settle())
        feed._tick(80)
        self._refresh_months()

    @api.model
    def _ledger_columns(self, feed, names):
        columns = {name: SQL.identifier("new", name) for name in names}
        columns["run_id"] = SQL("%s::integer", feed.run_id.id or None)
        return columns | self._stamps()

    @api.model
    def _bill_columns(self, feed):
        names = (
            "name",
            "partner_id",
            "line_id",
            "unit_id",
            "manager_id",
            "number_id",
            "period",
            "date_bill",
            "date_due",
            "currency_id",
        )
        return self._ledger_columns(feed, names)

    @api.model
    def _insert_bills(self, feed):
        """New bills with what this file pays of them already taken off."""
        columns = self._bill_columns(feed) | {
            "id": SQL("new.id"),
            "revision": SQL("0"),
            "kind": SQL("new.kind"),
            "origin_id": SQL("new.origin_id"),
            "amount": SQL("new.amount"),
            "amount_paid": SQL("COALESCE(paid.amount, 0)"),
            "amount_open": SQL("new.amount - COALESCE(paid.amount, 0)"),
        }
        self._insert(
            "key_account_bill",
            columns,
            SQL(
                """
                  FROM feed_bill AS new
                  LEFT JOIN (
                    SELECT bill_id, SUM(amount) AS amount FROM feed_payment
                     WHERE outcome = 'created' AND is_bill_new GROUP BY bill_id
                  ) AS paid ON paid.bill_id = new.id
                 WHERE new.outcome = 'created'
                """
            ),
        )

    @api.model
    def _correct_bills(self, feed):
        columns = self._bill_columns(feed) | {
            "revision": SQL("new.revision + 1"),
            "kind": SQL("'correction'"),
            "origin_id": SQL("new.old_id"),
            "amount": SQL("new.difference"),
            "amount_paid": SQL("0"),
            "amount_open": SQL("new.difference"),
        }
        self._insert(
            "key_account_bill",
            columns,
            SQL(
                "FROM feed_bill AS new WHERE new.outcome = 'changed' "
                "AND new.difference <> 0"
            ),
        )
        self._execute(
            """
            UPDATE key_account_bill AS bill
               SET date_due = new.date_due,
                   origin_id = COALESCE(bill.origin_id, new.origin_id),
                   write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
              FROM feed_bill AS new
             WHERE bill.id = new.old_id AND new.outcome = 'changed'
               AND (new.is_due_moved
                    OR bill.origin_id IS NULL AND new.origin_id IS NOT NULL)
            """,
            self.env.uid,
        )

    @api.model
    def _insert_payments(self, feed):
        names = (
            "name",
            "partner_id",
            "line_id",
            "unit_id",
            "manager_id",
            "bill_id",
            "date_payment",
            "currency_id",
            "channel_id",
        )
        columns = self._ledger_columns(feed, names)
        self._insert(
            "key_account_payment",
            columns | {"revision": SQL("0"), "amount": SQL("new.amount")},
            SQL("FROM feed_payment AS new WHERE new.outcome = 'created'"),
        )
        self._insert(
            "key_account_payment",
            columns
            | {"revision": SQL("new.revision + 1"), "amount": SQL("new.difference")},
            SQL("FROM feed_payment AS new WHERE new.outcome = 'changed'"),
        )

    @api.model
    def _get_bills_to_settle(self):
        """Bills we had already that this file pays, or takes a payment of back."""
        rows = self.env.execute_query(
            SQL(
                "SELECT bill_id FROM feed_payment WHERE bill_id IS NOT NULL "
                "AND outcome IN ('created', 'changed') AND is_bill_new IS NOT TRUE "
                "UNION SELECT bill_id FROM feed_covered "
                "WHERE letter = 'P' AND is_missing AND bill_id IS NOT NULL"
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _refresh_months(self):
        """Months and standing of the customers that got a row, from its month on."""
        [(partners, since)] = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT partner_id), MIN(month)
                  FROM (
                    SELECT partner_id, period AS month FROM feed_bill
                     WHERE outcome IN ('created', 'changed')
                     UNION ALL
                    SELECT partner_id, date_trunc('month', date_payment)::date
                      FROM feed_payment WHERE outcome IN ('created', 'changed')
                     UNION ALL
                    SELECT partner_id, month FROM feed_covered WHERE is_missing
                  ) AS touched
                """
            )
        )
        if partners:
            self.env["key.account.month"]._refresh(partners, since)
