# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_point_entry import COMPUTED_KINDS


class KeyAccountPointEntry(models.Model):
    """Uses of points: oldest year first, never more than there are (PTS-07, PTS-10).

    Wanted are *demands*, rows (id, partner_id, line_id, number_id, quantity, own_year
    and columns of the entries). Demands of one pot stand in a row, its years stand in a
    row beside them; where a demand and a year overlap is what it takes of that year. So
    one statement serves one redemption and the corrections of a whole city.
    """

    _inherit = "key.account.point.entry"

    @api.model
    def _take(self, demands: SQL, match: SQL | None = None, **columns):
        """Append the uses that cover the demands as far as there are points.

        :param SQL demands: a query of demands
        :param SQL match: which years (``balance``) serve a pot (``pot``); those of the
            very same number where nothing is said
        :param columns: SQL of the entries' columns, from ``demand`` or constant
        """
        source = SQL(
            """
            (
                WITH demand AS MATERIALIZED (
                    SELECT wanted.*, SUM(quantity) OVER pots AS until
                      FROM (%(demands)s) AS wanted
                    WINDOW pots AS (
                        PARTITION BY partner_id, line_id, number_id, own_year
                            ORDER BY id)
                ), supply AS MATERIALIZED (
                    SELECT pot.partner_id, pot.line_id, pot.number_id, pot.own_year,
                           balance.number_id AS of_number, balance.origin_year,
                           balance.quantity, SUM(balance.quantity) OVER pots AS until
                      FROM (
                        SELECT DISTINCT partner_id, line_id, number_id, own_year
                          FROM demand
                      ) AS pot
                      JOIN key_account_point_balance AS balance
                        ON balance.partner_id = pot.partner_id
                       AND COALESCE(balance.line_id, 0) = COALESCE(pot.line_id, 0)
                       AND (%(match)s)
                       AND (pot.own_year IS NULL OR balance.origin_year = pot.own_year)
                     WHERE balance.quantity > 0
                    WINDOW pots AS (
                        PARTITION BY pot.partner_id, pot.line_id, pot.number_id,
                                     pot.own_year
                            ORDER BY balance.origin_year, balance.id)
                )
                SELECT demand.*, supply.of_number, supply.origin_year,
                       GREATEST(demand.until - demand.quantity,
                                supply.until - supply.quantity)
                       - LEAST(demand.until, supply.until) AS taken
                  FROM demand
                  JOIN supply
                    ON supply.partner_id = demand.partner_id
                   AND COALESCE(supply.line_id, 0) = COALESCE(demand.line_id, 0)
                   AND COALESCE(supply.number_id, 0) = COALESCE(demand.number_id, 0)
                   AND COALESCE(supply.own_year, 0) = COALESCE(demand.own_year, 0)
                   AND supply.until - supply.quantity < demand.until
                   AND demand.until - demand.quantity < supply.until
            ) AS source
            """,
            demands=demands,
            match=match
            or SQL("COALESCE(balance.number_id, 0) = COALESCE(pot.number_id, 0)"),
        )
        columns = {"number_id": SQL("source.of_number"), **columns}
        return self._post(source, quantity=SQL("source.taken"), **columns)

    @api.model
    def _use(self, kind, partner, quantity, line=None, number=None, **values):
        """Take points of one customer: of a number, or of all its numbers on a line.

        :param values: further columns of the entries
        """
        demands = SQL(
            """
            SELECT 1 AS id, %s::integer AS partner_id, %s::integer AS line_id,
                   %s::integer AS number_id, %s::integer AS quantity,
                   NULL::integer AS own_year
            """,
            partner.id,
            line.id if line else None,
            number.id if number else None,
            quantity,
        )
        first = self._get_first_year(partner, line)
        match = SQL(
            "(pot.number_id IS NULL OR balance.number_id = pot.number_id) "
            "AND balance.origin_year >= %s",
            first,
        )
        self.env["key.account.standing"]._touch([partner.id])
        left = self._get_left(partner, line, number, first)
        if left < quantity:
            raise UserError(
                self.env._(
                    "%(customer)s has %(left)s points left there, %(wanted)s are "
                    "needed: choose fewer, or another number or line.",
                    customer=partner.display_name,
                    left=left,
                    wanted=quantity,
                )
            )
        columns = {name: SQL("%s", value) for name, value in values.items()}
        self._take(demands, match, kind=SQL("%s", kind), **columns)

    @api.model
    def _get_first_year(self, partner, line):
        """The earliest year whose points the customer may still use today."""
        today = fields.Date.context_today(self)
        unit = partner.key_account_unit_id
        if line:
            files = partner.key_account_line_file_ids
            unit = files.filtered(lambda f: f.line_id == line).unit_id or unit
        rule = self.env["key.account.point.rule"]._get_in_force(today, unit)
        return rule._get_first_year(today)

    @api.model
    def _get_left(self, partner, line, number, first_year):
        """Points that may still be used, read past the cache."""
        [[left]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(quantity), 0) FROM key_account_point_balance
                 WHERE partner_id = %(partner)s AND origin_year >= %(first)s
                   AND COALESCE(line_id, 0) = %(line)s
                   AND (%(number)s = 0 OR number_id = %(number)s)
                """,
                partner=partner.id,
                first=first_year,
                line=line.id if line else 0,
                number=number.id if number else 0,
            )
        )
        return left

    @api.model
    def _earn(self, kind, partner, quantity, line=None, number=None, **values):
        """Give one customer points of this year."""
        today = fields.Date.context_today(self)
        given = {
            "partner_id": partner.id,
            "line_id": line.id if line else None,
            "number_id": number.id if number else None,
            "origin_year": today.year,
            "kind": kind,
            "quantity": quantity,
            **values,
        }
        columns = {name: SQL("%s", value) for name, value in given.items()}
        return self._post(SQL("(SELECT 1) AS source"), **columns)

    def _reverse(self, note, **values):
        """Take entries back by others of the opposite quantity and the same year.

        Points that come back from a use go to the year they came from. Points that
        were earned can be taken back only as far as nobody has used them.
        """
        self._check_reversible()
        columns = {
            name: SQL.identifier("source", name)
            for name in ("kind", "period", "rule_id", "redemption_id", "adjustment_id")
        }
        columns |= {name: SQL("%s", value) for name, value in values.items()}
        return self._post(
            SQL("key_account_point_entry AS source WHERE id = ANY(%s)", self.ids),
            quantity=SQL("-source.quantity"),
            reversed_id=SQL("source.id"),
            note=SQL("%s", note),
            **columns,
        )

    def _check_reversible(self):
        self.env["key.account.standing"]._touch(self.partner_id.ids)
        done = self.search([("reversed_id", "in", self.ids)]).reversed_id
        for entry in self:
            if entry.reversed_id or entry in done:
                raise UserError(
                    self.env._(
                        "%(entry)s is taken back already, or takes another one back.",
                        entry=entry.display_name,
                    )
                )
            if entry.kind in COMPUTED_KINDS:
                raise UserError(
                    self.env._(
                        "%(entry)s follows from the bills of the month: correct the "
                        "bill, and the next computation corrects the points.",
                        entry=entry.display_name,
                    )
                )
        self._check_unused()

    def _check_unused(self):
        """Of what was earned nothing may be used that is to be taken back."""
        for (partner, line, number, year), entries in self.grouped(
            lambda e: (e.partner_id, e.line_id, e.number_id, e.origin_year)
        ).items():
            quantity = sum(entries.mapped("quantity"))
            [[left]] = self.env.execute_query(
                SQL(
                    """
                    SELECT COALESCE(SUM(quantity), 0) FROM key_account_point_balance
                     WHERE partner_id = %s AND COALESCE(line_id, 0) = %s
                       AND COALESCE(number_id, 0) = %s AND origin_year = %s
                    """,
                    partner.id,
                    line.id or 0,
                    number.id or 0,
                    year,
                )
            )
            if quantity > left:
                raise UserError(
                    self.env._(
                        "Of the points of %(year)s only %(left)s are left, %(wanted)s "
                        "would be taken back: the customer has used them.",
                        year=year,
                        left=left,
                        wanted=quantity,
                    )
                )
