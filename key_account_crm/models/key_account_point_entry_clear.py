# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountPointEntry(models.Model):
    """Points that are lost or move: expired, cleared on leaving or on a change of
    brand, or carried along by their number (PTS-05, PTS-07)."""

    _inherit = "key.account.point.entry"

    @api.model
    def _get_rules_query(self):
        """The rule in force today of every unit, as (unit_id, its columns)."""
        today = fields.Date.context_today(self)
        return SQL(
            """
            (
                SELECT rule_of_unit.unit_id AS of_unit_id, rule.*
                  FROM %s JOIN key_account_point_rule AS rule
                    ON rule.id = rule_of_unit.rule_id
            ) AS rule
            """,
            self.env["key.account.point.rule"]._get_map_sql(today),
        )

    @api.model
    def _expire(self):
        """Clear what was not used in time, dated on the last day of last year.

        Repeating it writes nothing. What expires depends on the rule of today.
        """
        today = fields.Date.context_today(self)
        last_day = fields.Date.subtract(today.replace(month=1, day=1), days=1)
        self.env.flush_all()
        source = SQL(
            """
            key_account_point_balance AS source
            JOIN %(rules)s ON rule.of_unit_id = source.unit_id
           WHERE source.quantity > 0 AND rule.expires
             AND source.origin_year < %(year)s - rule.keep_years
            """,
            rules=self._get_rules_query(),
            year=today.year,
        )
        count = self._post(
            source,
            kind=SQL("'expiry'"),
            quantity=SQL("-source.quantity"),
            rule_id=SQL("rule.id"),
            date=SQL("%s", last_day),
            month=SQL("%s", last_day.replace(day=1)),
        )
        if count:
            self.env["key.account.point.month"]._refresh(
                SQL("TRUE"), last_day.replace(day=1)
            )
        return count

    @api.model
    def _clear(self, kind, condition: SQL, **columns):
        """Take all that is left of pots (``source``), where their rule says so.

        :param SQL condition: which pots, and what their rule (``rule``) must say
        """
        self.env.flush_all()
        source = SQL(
            """
            key_account_point_balance AS source
            JOIN %(rules)s ON rule.of_unit_id = source.unit_id
           WHERE source.quantity > 0 AND (%(condition)s)
            """,
            rules=self._get_rules_query(),
            condition=condition,
        )
        return self._post(
            source,
            kind=SQL("%s", kind),
            quantity=SQL("-source.quantity"),
            rule_id=SQL("rule.id"),
            **columns,
        )

    @api.model
    def _clear_left(self, customers: SQL, run=None):
        """Clear the points of who has left, and of numbers that were closed."""
        condition = SQL(
            """
            rule.clears_on_leaving AND source.id IN (
                SELECT balance.id
                  FROM (
                    SELECT id, partner_id, number_id FROM key_account_point_balance
                     WHERE quantity > 0 AND %s
                  ) AS balance
                  JOIN res_partner AS partner ON partner.id = balance.partner_id
                  LEFT JOIN key_account_number AS number
                    ON number.id = balance.number_id
                 WHERE partner.key_account_state = 'churned'
                    OR number.state = 'closed')
            """,
            customers,
        )
        columns = {}
        if run:
            columns = {
                "run_id": SQL("%s", run.run_id.id),
                "month": SQL("%s", run.month),
                "date": SQL("%s", run.date or fields.Date.context_today(self)),
            }
        return self._clear("leaving", condition, **columns)

    @api.model
    def _clear_numbers(self, kind, number_ids):
        """Clear the points of numbers that were closed, or changed their brand."""
        switch = {"leaving": "clears_on_leaving", "brand": "clears_on_brand"}[kind]
        condition = SQL(
            "%s AND source.number_id = ANY(%s)",
            SQL.identifier("rule", switch),
            list(number_ids),
        )
        return self._clear(kind, condition)

    @api.model
    def _move_pots(self, number_ids):
        """Points follow a number to its present owner, year by year.

        Every point that leaves one pot arrives in another one.
        """
        source = SQL(
            """
            (
                SELECT balance.*, number.partner_id AS new_partner_id
                  FROM key_account_point_balance AS balance
                  JOIN key_account_number AS number ON number.id = balance.number_id
                 WHERE number.id = ANY(%s) AND balance.quantity > 0
                   AND balance.partner_id <> number.partner_id
            ) AS pot
            CROSS JOIN LATERAL (VALUES
                (pot.partner_id, -pot.quantity),
                (pot.new_partner_id, pot.quantity)
            ) AS source (partner_id, quantity)
            """,
            list(number_ids),
        )
        self.env.flush_all()
        return self._post(
            source,
            kind=SQL("'transfer'"),
            line_id=SQL("pot.line_id"),
            number_id=SQL("pot.number_id"),
            origin_year=SQL("pot.origin_year"),
            quantity=SQL("source.quantity"),
        )
