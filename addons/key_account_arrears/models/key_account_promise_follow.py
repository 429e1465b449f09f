# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountPromise(models.Model):
    """Promises follow the payments, in two statements for any number of customers.

    Money counts from the day of the promise on, by its date and not by when it was
    loaded, and stops counting when it is taken back: an instalment is paid from the day
    on which the sum reached it for good.
    """

    _inherit = "key.account.promise"

    @api.model
    def _follow(self, partner_ids=None):
        """Bring promises of customers in line with their payments."""
        self.env.flush_all()
        self.env.cr.execute(self._follow_instalments_query(partner_ids))
        self.env.cr.execute(self._follow_query(partner_ids))
        self.invalidate_model(["amount_paid", "date_kept", "date_next"], flush=False)
        rows = self.env["key.account.promise.instalment"]
        rows.invalidate_model(["date_kept", "is_late"], flush=False)

    def _restrict(self, partner_ids) -> SQL:
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("promise.partner_id = ANY(%s)", list(partner_ids))

    def _note_before(self):
        """What had come in earlier on the very day keeps no promise."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_promise AS promise
                   SET amount_before = COALESCE((
                         SELECT SUM(payment.amount)
                           FROM key_account_payment AS payment
                          WHERE %s AND payment.date_payment = promise.date), 0)
                 WHERE promise.id = ANY(%s)
                """,
                self._matches(),
                self.ids,
            )
        )
        self.invalidate_recordset(["amount_before"], flush=False)

    def _matches(self) -> SQL:
        """Whether a payment counts for a promise, whatever its day."""
        return SQL(
            """
            payment.partner_id = promise.partner_id
            AND payment.unit_id IS NOT DISTINCT FROM promise.unit_id
            AND payment.currency_id = promise.currency_id
            AND payment.allocation_id IS NULL
            AND (promise.line_id IS NULL OR payment.line_id = promise.line_id)
            """
        )

    def _paid(self, partner_ids) -> SQL:
        """(promise, day, the least that had come in by then and ever after)."""
        return SQL(
            """
            SELECT promise_id, day,
                   MIN(total) OVER (PARTITION BY promise_id ORDER BY day DESC) AS floor
              FROM (
                SELECT promise.id AS promise_id, payment.date_payment AS day,
                       SUM(SUM(payment.amount)) OVER (
                           PARTITION BY promise.id ORDER BY payment.date_payment)
                       - COALESCE(promise.amount_before, 0) AS total
                  FROM key_account_promise AS promise
                  JOIN key_account_payment AS payment
                    ON %(matches)s AND payment.date_payment >= promise.date
                 WHERE %(restriction)s
                 GROUP BY promise.id, payment.date_payment
              ) AS sums
            """,
            matches=self._matches(),
            restriction=self._restrict(partner_ids),
        )

    def _follow_instalments_query(self, partner_ids) -> SQL:
        return SQL(
            """
            WITH paid AS (%(paid)s), kept AS (
                SELECT target.id, MIN(paid.day) AS day
                  FROM (
                    SELECT row.id, row.promise_id,
                           SUM(row.amount) OVER (
                               PARTITION BY row.promise_id
                               ORDER BY row.date_due, row.id) AS amount
                      FROM key_account_promise_instalment AS row
                      JOIN key_account_promise AS promise ON promise.id = row.promise_id
                     WHERE %(restriction)s
                  ) AS target
                  LEFT JOIN paid
                    ON paid.promise_id = target.promise_id
                   AND paid.floor >= target.amount
                 GROUP BY target.id
            )
            UPDATE key_account_promise_instalment AS row
               SET date_kept = kept.day, is_late = COALESCE(kept.day > date_due, FALSE)
              FROM kept
             WHERE kept.id = row.id
               AND (row.date_kept, row.is_late) IS DISTINCT FROM
                   (kept.day, COALESCE(kept.day > date_due, FALSE))
            """,
            paid=self._paid(partner_ids),
            restriction=self._restrict(partner_ids),
        )

    def _follow_query(self, partner_ids) -> SQL:
        return SQL(
            """
            WITH due AS (
                SELECT row.promise_id,
                       CASE WHEN COUNT(*) = COUNT(row.date_kept)
                            THEN MAX(row.date_kept) END AS kept,
                       MIN(row.date_due) FILTER (WHERE row.date_kept IS NULL) AS next
                  FROM key_account_promise_instalment AS row
                  JOIN key_account_promise AS promise ON promise.id = row.promise_id
                 WHERE %(restriction)s
                 GROUP BY row.promise_id
            ), paid AS (
                SELECT promise.id,
                       COALESCE(SUM(payment.amount), 0)
                       - COALESCE(promise.amount_before, 0) AS amount
                  FROM key_account_promise AS promise
                  LEFT JOIN key_account_payment AS payment
                    ON %(matches)s AND payment.date_payment >= promise.date
                 WHERE %(restriction)s
                 GROUP BY promise.id
            )
            UPDATE key_account_promise AS promise
               SET amount_paid = paid.amount, date_kept = due.kept, date_next = due.next
              FROM due, paid
             WHERE due.promise_id = promise.id AND paid.id = promise.id
               AND (promise.amount_paid, promise.date_kept, promise.date_next)
                   IS DISTINCT FROM (paid.amount, due.kept, due.next)
            """,
            matches=self._matches(),
            restriction=self._restrict(partner_ids),
        )
