# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import point_trigger

# Columns of the month's movements: (kind of entry, sign with which it is shown).
MOVED = {
    "earned_consumption": ("consumption", 1),
    "earned_tenure": ("tenure", 1),
    "earned_credit": ("credit", 1),
    "earned_data": ("data", 1),
    "reward": ("reward", 1),
    "adjusted": ("adjustment", 1),
    "transferred": ("transfer", 1),
    "redeemed": ("redemption", -1),
    "expired": ("expiry", -1),
    "cleared_leaving": ("leaving", -1),
    "cleared_brand": ("brand", -1),
}
# Columns of what is left: which years of origin.
LEFT = {
    "left_year": SQL("origin_year >= year"),
    "left_year_1": SQL("origin_year = year - 1"),
    "left_year_2": SQL("origin_year = year - 2"),
    "left_older": SQL("origin_year < year - 2"),
    "left": SQL("TRUE"),
    "expiring": SQL("expires AND origin_year <= year - keep_years"),
}
TOTALS = {
    "total_earned": "earned",
    "total_consumption": "consumption",
    "total_redeemed": "redeemed",
}
COLUMNS = [*MOVED, *LEFT, *TOTALS, "entry_count"]


class KeyAccountPointMonth(models.Model):
    """Points of one pot at the end of one month: what moved, what is left (PTS-05).

    A snapshot of every month that was computed. What is booked in a month afterwards
    renews it; taking it anew from the ledger gives the same rows.
    """

    _name = "key.account.point.month"
    _description = "Points at Month End"
    _inherit = ["key.account.fact.mixin"]
    _order = "month desc, partner_id, id"
    _rec_name = "month"

    partner_id = fields.Many2one(index=False)  # see _pot_uniq
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    month = fields.Date(required=True, readonly=True, index=True, help="Its first day.")
    earned_consumption = fields.Integer(string="Consumption", readonly=True)
    earned_tenure = fields.Integer(string="Tenure", readonly=True)
    earned_credit = fields.Integer(string="Credit", readonly=True)
    earned_data = fields.Integer(string="Data Service", readonly=True)
    reward = fields.Integer(readonly=True)
    adjusted = fields.Integer(readonly=True)
    transferred = fields.Integer(readonly=True)
    redeemed = fields.Integer(readonly=True)
    expired = fields.Integer(readonly=True)
    cleared_leaving = fields.Integer(string="Cleared on Leaving", readonly=True)
    cleared_brand = fields.Integer(string="Cleared on Brand Change", readonly=True)
    left_year = fields.Integer(
        string="Of the Year", readonly=True, help="Left of the points of the year T."
    )
    left_year_1 = fields.Integer(
        string="Of the Year Before", readonly=True, help="Of the year T-1."
    )
    left_year_2 = fields.Integer(
        string="Of Two Years Before", readonly=True, help="Of the year T-2."
    )
    left_older = fields.Integer(
        string="Older", readonly=True, help="Of the year T-3 and before."
    )
    left = fields.Integer(
        string="Redeemable", readonly=True, help="All points left at the month's end."
    )
    expiring = fields.Integer(
        readonly=True, help="Of those left, what expires at the end of the year."
    )
    total_earned = fields.Integer(
        string="Earned in All", readonly=True, help="Up to the end of the month."
    )
    total_consumption = fields.Integer(string="Consumption in All", readonly=True)
    total_redeemed = fields.Integer(string="Redeemed in All", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)

    _month_uniq = models.UniqueIndex(
        "(partner_id, line_id, number_id, month) NULLS NOT DISTINCT",
        "A pot has one row per month.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_derived(self):
        raise UserError(
            self.env._("Snapshots follow from the entries of points: they stay.")
        )

    @api.model
    def _refresh(self, customers: SQL, since=None):
        """Bring snapshots of customers in line with the ledger, from a month on.

        :param SQL customers: a condition on partner_id
        """
        self.env.flush_all()
        months = self.env.execute_query(
            SQL(
                "SELECT month FROM key_account_point_run "
                "WHERE run_id IS NOT NULL AND month >= %s ORDER BY month",
                since or fields.Date.to_date("1900-01-01"),
            )
        )
        for [month] in months:
            self.env.cr.execute(self._refresh_query(customers, month))
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM key_account_point_month AS gone
                     WHERE month = %s AND %s AND NOT EXISTS (
                        SELECT FROM key_account_point_balance AS balance
                         WHERE balance.partner_id = gone.partner_id
                           AND COALESCE(balance.line_id, 0) = COALESCE(gone.line_id, 0)
                           AND COALESCE(balance.number_id, 0)
                             = COALESCE(gone.number_id, 0))
                    """,
                    month,
                    customers,
                )
            )
        self.invalidate_model(flush=False)

    @api.model
    def _refresh_for(self, partner_ids, since=None):
        self._refresh(SQL("partner_id = ANY(%s)", list(partner_ids)), since)

    def _refresh_query(self, customers, month) -> SQL:
        columns = COLUMNS
        return SQL(
            """
            INSERT INTO key_account_point_month AS old (
                partner_id, line_id, number_id, month, unit_id, manager_id, %(names)s,
                create_uid, create_date, write_uid, write_date
            )
            SELECT partner_id, line_id, number_id, %(month)s, MIN(unit_id),
                   MIN(manager_id), %(sums)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (%(detail)s) AS detail
             GROUP BY partner_id, line_id, number_id
            HAVING SUM(entry_count) > 0 OR SUM("left") <> 0 OR SUM(total_earned) <> 0
                ON CONFLICT (partner_id, line_id, number_id, month) DO UPDATE
               SET %(set)s, write_uid = excluded.write_uid,
                   write_date = excluded.write_date
             WHERE (%(before)s) IS DISTINCT FROM (%(after)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            month=month,
            uid=self.env.uid,
            sums=SQL(", ").join(SQL("SUM(%s)", SQL.identifier(n)) for n in columns),
            detail=self._detail(customers, month),
            set=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), SQL.identifier("excluded", name))
                for name in ["unit_id", "manager_id", *columns]
            ),
            before=SQL(", ").join(SQL.identifier("old", n) for n in columns),
            after=SQL(", ").join(SQL.identifier("excluded", n) for n in columns),
        )

    def _detail(self, customers, month) -> SQL:
        """What moved in the month; what is left now, less what was booked since."""
        nothing = [SQL("0")] * len(MOVED)
        moved = [
            SQL("quantity * %s * (kind = %s)::integer", sign, kind)
            for kind, sign in MOVED.values()
        ]
        still = [SQL("0")] * (len(LEFT) + len(TOTALS))
        now = [
            *(SQL("quantity * COALESCE(%s, FALSE)::integer", y) for y in LEFT.values()),
            *map(SQL.identifier, TOTALS.values()),
        ]
        since = [
            *(
                SQL("-quantity * COALESCE(%s, FALSE)::integer", y)
                for y in LEFT.values()
            ),
            *(SQL("-(%s)", point_trigger.SUMS[name]) for name in TOTALS.values()),
        ]
        entry, balance = SQL(point_trigger.ENTRY), SQL(point_trigger.BALANCE)
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT partner_id, line_id, number_id, unit_id, manager_id, %s
                  FROM (SELECT * FROM %s WHERE %s AND %s) AS fact %s
                """,
                SQL(", ").join(
                    SQL("%s AS %s", value, SQL.identifier(name))
                    for name, value in zip(COLUMNS, values, strict=True)
                ),
                table,
                customers,
                condition,
                self._join_rule(month),
            )
            for table, condition, values in (
                (entry, SQL("month = %s", month), [*moved, *still, SQL("1")]),
                (balance, SQL("TRUE"), [*nothing, *now, SQL("0")]),
                (entry, SQL("month > %s", month), [*nothing, *since, SQL("0")]),
            )
        )

    def _join_rule(self, month):
        last_day = month + relativedelta(months=1, days=-1)
        return SQL(
            """
            CROSS JOIN (SELECT %s AS year) AS at
            LEFT JOIN (
                SELECT of.unit_id AS of_unit_id, rule.expires, rule.keep_years
                  FROM (SELECT * FROM %s) AS of
                  JOIN key_account_point_rule AS rule ON rule.id = of.rule_id
            ) AS rule ON rule.of_unit_id = fact.unit_id
            """,
            month.year,
            self.env["key.account.point.rule"]._get_map_sql(last_day),
        )
