# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..layout import BILL, PAYMENT
from .key_account_feed_interface import EXAMPLES


class KeyAccountFeedInterfaceBill(models.AbstractModel):
    """Kind s: all of a month. What the file lacks is taken back by counter-entries.

    Only what files of this branch brought is, never what was booked by hand; and only
    what no later transmission brought, for the file cannot know of that.
    """

    _inherit = "key.account.feed.interface.bill"

    @api.model
    def _resolve(self, feed, is_load):
        super()._resolve(feed, is_load)
        self._create_covered(feed)

    @api.model
    def _outside_month(self, feed, column, month):
        """A file of kind s speaks of its month alone."""
        is_outside = SQL("%s <> %s", month, feed._get_month())
        return (
            is_outside if feed.kind == "s" else SQL("FALSE"),
            f"outside_month {column}",
        )

    @api.model
    def _older(self, feed, extra=None):
        """A later transmission set what the row would change, unless it is accepted."""
        is_other = SQL(
            "(typed.amount <> typed.old_amount OR %s)", extra or SQL("FALSE")
        )
        if feed.accepted_by_id:
            return SQL("FALSE"), "older name"
        return SQL("typed.old_moment > %s AND %s", feed.moment, is_other), "older name"

    @api.model
    def _create_covered(self, feed):
        """The documents the file must name, and whether it does (``is_missing``).

        None when the file is no snapshot. Nothing is missing in one with rows that
        cannot be read: they may be the very ones.
        """
        self._create_table(
            SQL.identifier("feed_covered"),
            SQL(" UNION ALL ").join(
                self._covered(feed, record) for record in (BILL, PAYMENT)
            ),
        )

    @api.model
    def _covered(self, feed, record) -> SQL:
        def same(alias):
            if record is BILL:
                return SQL("TRUE")
            return SQL("COALESCE(%s.bill_id, 0) = COALESCE(first.bill_id, 0)", alias)

        return SQL(
            """
            SELECT %(letter)s AS letter, first.id, first.partner_id, first.name,
                   %(bill)s AS bill_id, %(month)s AS month,
                   total.amount, total.revision,
                   NOT EXISTS (SELECT FROM feed_refusal)
                   AND NOT EXISTS (
                       SELECT FROM %(rows)s AS new
                        WHERE new.partner_id = first.partner_id
                          AND new.name = first.name AND %(same_new)s)
                   AND NOT EXISTS (
                       SELECT FROM %(rows)s AS bad
                        WHERE bad.outcome = 'refused' AND bad.name = first.name)
                   AS is_missing
              FROM %(table)s AS first
              JOIN key_account_feed AS source
                ON source.run_id = first.run_id AND source.unit_id = %(branch)s
              JOIN LATERAL (
                SELECT SUM(entry.amount) AS amount, MAX(entry.revision) AS revision,
                       MAX(sent.moment) AS moment
                  FROM %(table)s AS entry
                  LEFT JOIN key_account_feed AS sent ON sent.run_id = entry.run_id
                 WHERE entry.partner_id = first.partner_id
                   AND entry.name = first.name AND %(same_entry)s
              ) AS total ON total.amount <> 0
             WHERE %(is_snapshot)s AND first.revision = 0
               AND first.unit_id = ANY(%(units)s) AND %(span)s
               AND (total.moment <= %(moment)s OR %(is_accepted)s)
            """,
            letter=record.letter,
            bill=SQL("first.id" if record is BILL else "first.bill_id"),
            month=self._month_of(record),
            rows=self._resolved_table(record),
            same_new=same(SQL("new")),
            same_entry=same(SQL("entry")),
            table=SQL.identifier(self.env[self._get_models()[record.letter]]._table),
            branch=feed.unit_id.id,
            is_snapshot=feed.kind == "s",
            units=feed.unit_id._get_below().ids,
            span=self._span(feed, record),
            moment=feed.moment,
            is_accepted=bool(feed.accepted_by_id),
        )

    @api.model
    def _month_of(self, record) -> SQL:
        if record is BILL:
            return SQL("first.period")
        return SQL("date_trunc('month', first.date_payment)::date")

    @api.model
    def _span(self, feed, record) -> SQL:
        """The rows of the ledger that belong to the month of the file."""
        month = feed._get_month()
        if record is BILL:
            return SQL("first.period = %s", month)
        return SQL(
            "first.date_payment >= %s AND first.date_payment < %s",
            month,
            fields.Date.add(month, months=1),
        )

    @api.model
    def _count(self, feed):
        """Besides the rows of the file, what it lacks."""
        gone = dict(
            self.env.execute_query(
                SQL(
                    "SELECT letter, COUNT(*) FROM feed_covered WHERE is_missing "
                    "GROUP BY letter"
                )
            )
        )
        results = {letter: result for letter, *result in super()._count(feed)}
        for letter, count in gone.items():
            counts, examples = results.setdefault(letter, [{}, {}])
            counts["withdrawn"] = count
            examples["withdrawn"] = self._get_gone_examples(letter)
        return [(letter, *result) for letter, result in results.items()]

    @api.model
    def _get_gone_examples(self, letter):
        return self.env.execute_query_dict(
            SQL(
                "SELECT name FROM feed_covered WHERE is_missing AND letter = %s "
                "ORDER BY name, id LIMIT %s",
                letter,
                EXAMPLES,
            )
        )

    @api.model
    def _get_covered_count(self, feed):
        [(count,)] = self.env.execute_query(SQL("SELECT COUNT(*) FROM feed_covered"))
        return count

    @api.model
    def _withdraw(self, feed):
        """A counter-entry of what is left of each document the file lacks."""
        names = ("name", "partner_id", "line_id", "unit_id", "manager_id")
        columns = {name: SQL.identifier("first", name) for name in names} | {
            "currency_id": SQL("first.currency_id"),
            "revision": SQL("gone.revision + 1"),
            "amount": SQL("-gone.amount"),
            "run_id": SQL("%s::integer", feed.run_id.id or None),
        }
        columns |= self._stamps()
        bill_names = ("number_id", "period", "date_bill", "date_due")
        self._insert(
            "key_account_bill",
            columns
            | {name: SQL.identifier("first", name) for name in bill_names}
            | {
                "kind": SQL("'correction'"),
                "origin_id": SQL("first.id"),
                "amount_paid": SQL("0"),
                "amount_open": SQL("-gone.amount"),
            },
            self._gone(BILL),
        )
        payment_names = ("bill_id", "date_payment", "channel_id")
        self._insert(
            "key_account_payment",
            columns | {name: SQL.identifier("first", name) for name in payment_names},
            self._gone(PAYMENT),
        )

    @api.model
    def _gone(self, record) -> SQL:
        return SQL(
            "FROM feed_covered AS gone JOIN %s AS first ON first.id = gone.id "
            "WHERE gone.letter = %s AND gone.is_missing",
            SQL.identifier(self.env[self._get_models()[record.letter]]._table),
            record.letter,
        )
