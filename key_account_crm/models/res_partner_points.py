# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_screen import READER


class ResPartner(models.Model):
    """A customer's points as far as its reader may open the rows they are summed from
    (PTS-04)."""

    _inherit = "res.partner"

    key_account_points = fields.Integer(
        string="Points",
        compute="_compute_key_account_points",
        search="_search_key_account_points",
        groups=READER,
        help="Points left on the lines you may read.",
    )
    key_account_points_expiring = fields.Integer(
        string="Points Expiring",
        compute="_compute_key_account_points_expiring",
        search="_search_key_account_points_expiring",
        groups=READER,
        help="Of the points left, what expires at the end of this year.",
    )

    @api.depends_context("uid")
    def _compute_key_account_points(self):
        self._key_account_sum_points("key_account_points", Domain.TRUE)

    @api.depends_context("uid", "tz")
    def _compute_key_account_points_expiring(self):
        domain = self._key_account_expiring_domain()
        self._key_account_sum_points("key_account_points_expiring", domain)

    def _key_account_sum_points(self, fname, domain):
        groups = self._key_account_group_facts(
            "key.account.point.balance", domain, ["quantity:sum"]
        )
        sums = {partner.id: quantity for partner, quantity in groups}
        for partner in self:
            partner[fname] = sums.get(partner.id, 0)

    @api.model
    def _key_account_expiring_domain(self):
        """Balances that the rules in force clear at the end of this year."""
        today = fields.Date.context_today(self)
        # sudo: of the rules only how long points are kept.
        rules = self.env["key.account.point.rule"].sudo()
        by_year = {}
        for unit_id, rule in rules._get_map_in_force(today).items():
            if rule.expires:
                year = today.year - rule.keep_years
                by_year.setdefault(year, []).append(unit_id)
        return Domain.OR(
            Domain("origin_year", "<=", year) & Domain("unit_id", "in", unit_ids)
            for year, unit_ids in by_year.items()
        )

    def _search_key_account_points(self, operator, value):
        return self._search_key_account_having(
            self.env["key.account.point.balance"], [], "quantity", operator, value
        )

    def _search_key_account_points_expiring(self, operator, value):
        return self._search_key_account_having(
            self.env["key.account.point.balance"],
            self._key_account_expiring_domain(),
            "quantity",
            operator,
            value,
        )

    def action_view_key_account_points(self):
        return self._key_account_open("key_account_crm.key_account_point_entry_action")

    def action_view_key_account_points_left(self):
        return self._key_account_open(
            "key_account_crm.key_account_point_balance_action"
        )

    def _key_account_merge(self, sources, reason):
        """Points are conserved, year by year (PTS-10)."""
        before = (self | sources)._key_account_get_points()
        super()._key_account_merge(sources, reason)
        if self._key_account_get_points() != before:
            raise UserError(
                self.env._("Points would be lost or made: nothing was merged.")
            )

    def _key_account_get_points(self):
        """Points per line, number and year of the ledger and of what is left."""
        return [
            sorted(
                self.env.execute_query(
                    SQL(
                        """
                        SELECT COALESCE(line_id, 0), COALESCE(number_id, 0),
                               origin_year, SUM(quantity) FROM %s
                         WHERE partner_id = ANY(%s) GROUP BY 1, 2, 3
                        """,
                        SQL.identifier(table),
                        self.ids,
                    )
                )
            )
            for table in ("key_account_point_entry", "key_account_point_balance")
        ]

    def _key_account_refresh_merged(self):
        super()._key_account_refresh_merged()
        self.env["key.account.point.balance"]._rebuild(self.ids)
        self.env["key.account.point.month"]._refresh_for(self.ids)
