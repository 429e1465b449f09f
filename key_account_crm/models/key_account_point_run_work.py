# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import point_earning
from .key_account_point_entry import COMPUTED_KINDS
from .key_account_run import BatchCancelledError

_logger = logging.getLogger(__name__)

# Of a month whose bills are still being paid most changes: it is looked at anew twice.
LOOK_BACK = 2
CHUNK = 5_000
RETRIES = 3
DIFF = "key_account_point_diff"
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)


class KeyAccountPointRun(models.Model):
    """Computes in chunks of customers; a chunk is one transaction (PTS-03).

    What two computations would write at once cannot double: there is one at a time, and
    one that began before another one ended is told so by PostgreSQL when it touches the
    same balances, and begins anew.
    """

    _inherit = "key.account.point.run"

    def _lock(self):
        [[is_free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", self._table)
        )
        if not is_free:
            raise UserError(
                self.env._("Points are being computed already: wait until it is done.")
            )

    def _step(self):
        """Compute the next chunk of customers; whether there was one."""
        ids = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM key_account_standing WHERE partner_id > %s
                 ORDER BY partner_id LIMIT %s
                """,
                self.last_partner_id,
                self._get_chunk_size(),
            )
        )
        if not ids:
            return False
        first, last = ids[0][0], ids[-1][0]
        # A range lets PostgreSQL read bills and entries in the order of their index.
        self._compute(SQL("partner_id BETWEEN %s AND %s", first, last))
        self.last_partner_id = last
        self.env.flush_all()
        return True

    @api.model
    def _of_customers(self, partner_ids):
        return SQL("partner_id = ANY(%s)", list(partner_ids))

    def _get_chunk_size(self):
        return CHUNK

    def _compute(self, customers):
        """Bring the points of these customers in line with their bills."""
        self.env["key.account.audit"]._set_origin("points", self.run_id.id)
        before = self._get_last_entry()
        open_months = self._get_open_months()
        self._correct(customers, open_months)
        touched, since = self._get_touched(customers, open_months[0])
        if touched:
            months = self._get_open_months(since, open_months[0])
            self._correct(self._of_customers(touched), months)
        # sudo: the ledger is written by the system alone.
        entries = self.env["key.account.point.entry"].sudo()
        entries._clear_left(customers, self)
        self._add_up(before)
        self.env["key.account.point.month"].sudo()._refresh(customers, self.month)

    def _get_open_months(self, since=None, before=None):
        """The month of this computation and those before it that were computed."""
        since = since or self.month - relativedelta(months=LOOK_BACK)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT month FROM key_account_point_run
                 WHERE month >= %(since)s AND month < %(month)s AND date_looked
                    IS NOT NULL
                """,
                since=since,
                month=before or self.month,
            )
        )
        months = {row[0] for row in rows}
        return sorted(months if before else months | {self.month})

    def _get_touched(self, customers, before):
        """Customers of whose earlier bills or payments any changed, and since when."""
        [[looked]] = self.env.execute_query(
            SQL("SELECT MAX(date_looked) FROM key_account_point_run")
        )
        if not looked:
            return [], None
        [found] = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT partner_id), MIN(period) FROM (
                    SELECT partner_id, period FROM key_account_bill
                     WHERE %(customers)s AND period < %(before)s
                       AND GREATEST(create_date, write_date) >= %(moment)s
                    UNION ALL
                    SELECT bill.partner_id, bill.period
                      FROM (
                        SELECT bill_id FROM key_account_payment
                         WHERE %(customers)s AND create_date >= %(moment)s
                      ) AS payment
                      JOIN key_account_bill AS bill ON bill.id = payment.bill_id
                     WHERE bill.period < %(before)s
                  ) AS changed
                 WHERE period >= %(oldest)s
                """,
                customers=customers,
                before=before,
                # transactions that were not finished when it looked
                moment=looked - relativedelta(days=1),
                oldest=self.month.replace(month=1) - relativedelta(years=2),
            )
        )
        return found

    def _correct(self, customers, months):
        """Write what is earned more or less than was granted so far."""
        if not months:
            return
        # sudo: the ledger is written by the system alone.
        entries = self.env["key.account.point.entry"].sudo()
        more, less = self._find_differences(customers, months)
        columns = {
            "month": SQL("%s", self.month),
            "date": SQL("%s", self.date or fields.Date.context_today(self)),
            "run_id": SQL("%s", self.run_id.id),
        }
        of_diff = {
            name: SQL.identifier("source", name)
            for name in ("kind", "period", "rule_id")
        }
        if more:
            entries._post(
                SQL("%s AS source WHERE source.quantity > 0", SQL.identifier(DIFF)),
                quantity=SQL("source.quantity"),
                origin_year=SQL("source.own_year"),
                **of_diff,
                **columns,
            )
        if less:
            last_id = self._get_last_entry()
            for own_year in (SQL("own_year"), SQL("NULL::integer")):
                entries._take(
                    self._get_demands(own_year, last_id), **of_diff, **columns
                )
            self.owed += self._count_owed(last_id)

    def _find_differences(self, customers, months):
        """Into a table of this transaction; returns how many are more, and less."""
        rules = self.env["key.account.point.rule"]
        granted = SQL(
            """
            SELECT partner_id, line_id, number_id, period, kind, quantity, rule_id
              FROM key_account_point_entry
             WHERE %(customers)s AND period = ANY(%(months)s) AND kind = ANY(%(kinds)s)
            """,
            customers=customers,
            months=months,
            kinds=list(COMPUTED_KINDS),
        )
        kept = SQL(
            """
            SELECT partner_id, line_id, number_id, period, MAX(rule_id) AS rule_id
              FROM (%s) AS granted GROUP BY partner_id, line_id, number_id, period
            """,
            granted,
        )
        target = rules._get_earned_query(customers, months, kept)
        table = SQL.identifier(DIFF)
        self.env.flush_all()
        self.env.cr.execute(self._get_table_query())
        self.env.cr.execute(
            SQL("INSERT INTO %s %s", table, point_earning.differences(target, granted))
        )
        [counts] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FILTER (WHERE quantity > 0), "
                "COUNT(*) FILTER (WHERE quantity < 0) FROM %s",
                table,
            )
        )
        return counts

    @api.model
    def _get_table_query(self):
        """The table of differences, empty; one for all chunks of a transaction."""
        return SQL(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS %(table)s (
                id integer, partner_id integer, line_id integer, number_id integer,
                period date, kind varchar, quantity integer, rule_id integer,
                own_year integer
            ) ON COMMIT DROP;
            DELETE FROM %(table)s
            """,
            table=SQL.identifier(DIFF),
        )

    def _get_demands(self, own_year, last_id):
        """What is to be taken back, less what entries after the given one took."""
        return SQL(
            """
            SELECT diff.id, diff.partner_id, diff.line_id, diff.number_id, diff.period,
                   diff.kind, diff.rule_id, %(own_year)s AS own_year,
                   -diff.quantity + COALESCE(taken.quantity, 0) AS quantity
              FROM %(table)s AS diff
              LEFT JOIN (
                SELECT partner_id, line_id, number_id, period, kind,
                       SUM(quantity) AS quantity
                  FROM key_account_point_entry
                 WHERE run_id = %(run)s AND id > %(last)s
                 GROUP BY partner_id, line_id, number_id, period, kind
              ) AS taken
                ON taken.partner_id = diff.partner_id
               AND COALESCE(taken.line_id, 0) = COALESCE(diff.line_id, 0)
               AND COALESCE(taken.number_id, 0) = COALESCE(diff.number_id, 0)
               AND taken.period = diff.period AND taken.kind = diff.kind
             WHERE -diff.quantity + COALESCE(taken.quantity, 0) > 0
            """,
            own_year=own_year,
            table=SQL.identifier(DIFF),
            run=self.run_id.id,
            last=last_id,
        )

    def _count_owed(self, last_id):
        [[owed]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(quantity), 0) FROM (%s) AS demand",
                self._get_demands(SQL("own_year"), last_id),
            )
        )
        return int(owed)

    def _get_last_entry(self):
        [[last]] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM key_account_point_entry")
        )
        return last

    def _add_up(self, before):
        """Figures of the computation, from the entries it has written since."""
        [[entries, earned, corrected, cleared]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*),
                       COALESCE(SUM(quantity) FILTER (
                           WHERE kind = ANY(%(kinds)s) AND period = %(month)s), 0),
                       COALESCE(SUM(quantity) FILTER (
                           WHERE kind = ANY(%(kinds)s) AND period < %(month)s), 0),
                       COALESCE(-SUM(quantity) FILTER (
                           WHERE kind <> ALL(%(kinds)s)), 0)
                  FROM key_account_point_entry
                 WHERE run_id = %(run)s AND id > %(before)s
                """,
                kinds=list(COMPUTED_KINDS),
                month=self.month,
                run=self.run_id.id,
                before=before,
            )
        )
        self.entry_count += entries
        self.run_id.created_count += entries
        self.earned += int(earned)
        self.corrected += int(corrected)
        self.cleared += int(cleared)

    @api.model
    def _cron_run(self):
        """Compute what waits, and what a killed server left behind."""
        self.env["key.account.point.entry"]._expire()
        for run_id in self.search(
            [("state", "in", ("waiting", "running"))], order="month"
        ).ids:
            self.browse(run_id)._work()
            self.env["ir.cron"]._commit_progress(1)

    def _work(self):
        """Compute chunk by chunk, each committed; go on where a killed one stopped."""
        attempt = 0
        while self.state in ("waiting", "running"):
            try:
                if not self._work_on_chunk():
                    break
                attempt = 0
            except CONFLICTS as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                attempt += 1
                _logger.info("%s: attempt %s: %s", self.display_name, attempt, error)
                if attempt >= RETRIES:
                    self._close("failed", str(error)[:200])
            except UserError:
                self.env.cr.rollback()
                break  # another process is at work on it
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.exception("The points of %s failed", self.display_name)
                self._close("failed", str(error)[:200])
        # what became of it
        self.env.cr.commit()

    def _work_on_chunk(self):
        """One transaction; whether there is more to do."""
        self._lock()
        if self.state == "waiting":
            self._begin()
        is_more = self._step()
        if not is_more:
            self._close("done", self._get_remark())
        batch, progress = self.run_id, self._get_progress()
        # a chunk is complete: a killed computation goes on behind it
        self.env.cr.commit()
        if is_more and self._is_cancelled(batch, progress):
            self._close("cancelled")
            return False
        return is_more

    @api.model
    def _is_cancelled(self, batch, progress):
        """Show the progress while no transaction of this one is open."""
        try:
            batch._tick(progress)
        except BatchCancelledError:
            return True
        return False

    def _get_progress(self):
        [[done, total]] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FILTER (WHERE partner_id <= %s), COUNT(*) "
                "FROM key_account_standing",
                self.last_partner_id,
            )
        )
        return 100.0 * done / max(total, 1)
