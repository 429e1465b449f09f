# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.base_export import FIGURE_ROLES

AS_OF = "key_account_as_of"
BUCKETS = [
    ("credit", "Credits"),
    ("not_due", "Not Due"),
    ("30", "1 to 30 Days"),
    ("60", "31 to 60 Days"),
    ("90", "61 to 90 Days"),
    ("180", "91 to 180 Days"),
    ("365", "181 to 365 Days"),
    ("more", "More than a Year"),
]


class KeyAccountOpenItem(models.Model):
    """A bill that was open at the end of the day asked for: arrears as of any day.

    Open are bills dated up to the day whose payments up to it did not settle them;
    arrears are those of them whose due date had passed. The day comes in the context
    (``key_account_as_of``) and is today when it does not. It chooses the day, not the
    rows one may read: those are the bills in reach (ARR-01, design 3.4).
    """

    _name = "key.account.open.item"
    _description = "Open Item"
    _auto = False
    _order = "date_due, id"
    _key_account_export_roles = FIGURE_ROLES
    _rec_name = "name"
    _depends = {
        "key.account.bill": [
            "amount",
            "amount_open",
            "currency_id",
            "date_bill",
            "date_due",
            "kind",
            "line_id",
            "manager_id",
            "name",
            "number_id",
            "partner_id",
            "period",
            "unit_id",
        ],
        "key.account.payment": ["amount", "bill_id", "date_payment"],
    }

    name = fields.Char(string="Bill Number", readonly=True)
    bill_id = fields.Many2one(comodel_name="key.account.bill", readonly=True)
    kind = fields.Selection(
        selection="_get_kinds",
        readonly=True,
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
    number_id = fields.Many2one(
        comodel_name="key.account.number", string="Service Number", readonly=True
    )
    period = fields.Date(readonly=True)
    date_bill = fields.Date(string="Bill Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_as_of = fields.Date(
        string="As of", readonly=True, depends_context=(AS_OF, "tz")
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount = fields.Monetary(string="Billed", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="Payments of the bill up to the day.",
    )
    amount_open = fields.Monetary(
        string="Open",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="Billed less paid up to the day; below zero is a credit.",
    )
    amount_overdue = fields.Monetary(
        string="Arrears",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="What is open of bills whose due date had passed.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", readonly=True, depends_context=(AS_OF, "tz")
    )
    days_overdue = fields.Integer(
        readonly=True, aggregator="max", depends_context=(AS_OF, "tz")
    )
    bucket = fields.Selection(
        selection=BUCKETS, string="Age", readonly=True, depends_context=(AS_OF, "tz")
    )

    @api.model
    def _get_as_of(self):
        """The day asked for."""
        value = self.env.context.get(AS_OF)
        if not value:
            return fields.Date.context_today(self)
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(value)s is not a day: ask for open items as of a date such as "
                    "2026-01-31.",
                    value=value,
                )
            ) from error

    def _get_kinds(self):
        field = self.env["key.account.bill"]._fields["kind"]
        return field._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT item.*,
                   CASE WHEN is_overdue THEN amount_open ELSE 0 END AS amount_overdue,
                   CASE WHEN is_overdue THEN date_as_of - date_due ELSE 0 END
                       AS days_overdue,
                   CASE WHEN amount_open < 0 THEN 'credit'
                        WHEN NOT is_overdue THEN 'not_due'
                        WHEN date_as_of - date_due <= 30 THEN '30'
                        WHEN date_as_of - date_due <= 60 THEN '60'
                        WHEN date_as_of - date_due <= 90 THEN '90'
                        WHEN date_as_of - date_due <= 180 THEN '180'
                        WHEN date_as_of - date_due <= 365 THEN '365'
                        ELSE 'more' END AS bucket
            """
        )

    def _from(self) -> SQL:
        """The bills open on the day: what is open now and what was paid since."""
        return SQL(
            """
              FROM (
                SELECT bill.id, bill.id AS bill_id, bill.name, bill.kind,
                       bill.partner_id, bill.unit_id, bill.manager_id, bill.line_id,
                       bill.number_id, bill.period, bill.date_bill, bill.date_due,
                       bill.currency_id, bill.amount,
                       %(day)s::date AS date_as_of,
                       bill.amount - bill.amount_open - COALESCE(since.amount, 0)
                           AS amount_paid,
                       bill.amount_open + COALESCE(since.amount, 0) AS amount_open,
                       bill.amount_open + COALESCE(since.amount, 0) > 0
                           AND bill.date_due < %(day)s::date AS is_overdue
                  FROM key_account_bill AS bill
                  LEFT JOIN (
                    SELECT bill_id, SUM(amount) AS amount
                      FROM key_account_payment
                     WHERE date_payment > %(day)s::date AND bill_id IS NOT NULL
                     GROUP BY bill_id
                  ) AS since ON since.bill_id = bill.id
                 WHERE bill.date_bill <= %(day)s::date
                   AND bill.amount_open + COALESCE(since.amount, 0) <> 0
              ) AS item
            """,
            day=self._get_as_of(),
        )
