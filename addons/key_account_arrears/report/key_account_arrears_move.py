# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES
from odoo.addons.key_account_crm.models.res_partner import KINDS


class KeyAccountArrearsMove(models.Model):
    """One change of what a bill is in arrears with: it fell overdue, was collected,
    settled by a credit, or given up as bad debt (ARR-08).

    The changes up to a day add up to the arrears of that day, bill by bill: those that
    open items as of the day show. Amounts in arrears are never below zero, so that what
    was paid too much is no part of it.
    """

    _name = "key.account.arrears.move"
    _description = "Change of Arrears"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "bill_id"
    _key_account_export_roles = FIGURE_ROLES
    _depends = {
        "key.account.bill": [
            "amount_open",
            "currency_id",
            "date_due",
            "line_id",
            "manager_id",
            "partner_id",
            "unit_id",
        ],
        "key.account.payment": ["allocation_id", "amount", "bill_id", "date_payment"],
        "key.account.standing": ["grade_id", "partner_id"],
        "res.partner": ["key_account_kind"],
    }

    date = fields.Date(readonly=True)
    kind = fields.Selection(
        selection=[
            ("new", "Fell Overdue"),
            ("collected", "Collected"),
            ("credited", "Settled by Credit"),
            ("bad_debt", "Bad Debt"),
        ],
        readonly=True,
    )
    bill_id = fields.Many2one(
        comodel_name="key.account.bill", string="Bill", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.grade", readonly=True, help="As of today."
    )
    customer_kind = fields.Selection(selection=KINDS, readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount = fields.Monetary(
        string="Change", readonly=True, help="Of the arrears; less is below zero."
    )
    amount_new = fields.Monetary(
        string="New Arrears",
        readonly=True,
        help="What was open at the end of the due date, dated the day after.",
    )
    amount_collected = fields.Monetary(
        string="Collected",
        readonly=True,
        help="Payments after the due date, less those taken back.",
    )
    amount_credited = fields.Monetary(string="Settled by Credit", readonly=True)
    amount_bad_debt = fields.Monetary(
        string="Bad Debt",
        readonly=True,
        help="Given up, less what was recovered after all.",
    )
    amount_settled = fields.Monetary(
        string="Settled",
        readonly=True,
        help="Collected, settled by credit and given up.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT move.id, move.date, move.kind, move.bill_id, bill.partner_id,
                   bill.unit_id, bill.manager_id, bill.line_id, bill.currency_id,
                   standing.grade_id, customer.key_account_kind AS customer_kind,
                   move.amount, %(columns)s
              FROM (%(moves)s) AS move
              JOIN key_account_bill AS bill ON bill.id = move.bill_id
              LEFT JOIN key_account_standing AS standing
                ON standing.partner_id = bill.partner_id
              LEFT JOIN res_partner AS customer ON customer.id = bill.partner_id
            """,
            columns=self._get_columns(),
            moves=self._get_moves_sql(),
        )

    def _get_columns(self) -> SQL:
        columns = [
            SQL("CASE move.kind WHEN 'new' THEN move.amount ELSE 0 END AS amount_new"),
            SQL(
                "CASE move.kind WHEN 'new' THEN 0 ELSE -move.amount END "
                "AS amount_settled"
            ),
        ]
        for kind in ("collected", "credited", "bad_debt"):
            columns.append(
                SQL(
                    "CASE move.kind WHEN %s THEN -move.amount ELSE 0 END AS %s",
                    kind,
                    SQL.identifier(f"amount_{kind}"),
                )
            )
        return SQL(", ").join(columns)

    def _get_moves_sql(self) -> SQL:
        """(id, date, kind, bill, change of its arrears), to the end of today."""
        return SQL(
            """
            SELECT bill.id::bigint * 2 AS id, bill.date_due + 1 AS date,
                   'new' AS kind, bill.id AS bill_id,
                   bill.amount_open + COALESCE(late.amount, 0) AS amount
              FROM key_account_bill AS bill
              LEFT JOIN (
                SELECT payment.bill_id, SUM(payment.amount) AS amount
                  FROM key_account_payment AS payment
                  JOIN key_account_bill AS bill ON bill.id = payment.bill_id
                 WHERE payment.date_payment > bill.date_due
                 GROUP BY payment.bill_id
              ) AS late ON late.bill_id = bill.id
             WHERE bill.date_due < %(today)s
               AND bill.amount_open + COALESCE(late.amount, 0) > 0
             UNION ALL
            SELECT id::bigint * 2 + 1, date_payment, kind, bill_id,
                   GREATEST(open_at_due - paid, 0)
                   - GREATEST(open_at_due - paid + amount, 0)
              FROM (
                SELECT payment.id, payment.bill_id, payment.date_payment,
                       payment.amount, %(kind)s AS kind,
                       bill.amount_open + SUM(payment.amount) OVER (
                           PARTITION BY payment.bill_id) AS open_at_due,
                       SUM(payment.amount) OVER (
                           PARTITION BY payment.bill_id
                           ORDER BY payment.date_payment, payment.id) AS paid
                  FROM key_account_payment AS payment
                  JOIN key_account_bill AS bill ON bill.id = payment.bill_id
                 WHERE payment.date_payment > bill.date_due
              ) AS paid
             WHERE date_payment <= %(today)s
               AND GREATEST(open_at_due - paid, 0)
                   <> GREATEST(open_at_due - paid + amount, 0)
            """,
            today=fields.Date.context_today(self),
            kind=SQL(
                "CASE WHEN payment.allocation_id IS NULL THEN 'collected' "
                "WHEN %s THEN 'bad_debt' ELSE 'credited' END",
                self._get_bad_debt_condition(),
            ),
        )

    def _get_bad_debt_condition(self) -> SQL:
        """Whether an entry ``payment`` that is no money gives its amount up, or takes
        that back."""
        return SQL(
            """
            EXISTS (SELECT FROM key_account_allocation AS given_up
                     WHERE given_up.id = payment.allocation_id
                       AND given_up.bad_debt_id IS NOT NULL)
            """
        )
