# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, sql

from .. import point_trigger

# Earned by the month's bills: computed, and corrected by the next computation.
COMPUTED = [
    ("consumption", "Consumption"),
    ("tenure", "Tenure"),
    ("credit", "Credit"),
    ("data", "Data Service"),
]
KINDS = [
    *COMPUTED,
    ("reward", "Reward"),
    ("adjustment", "Adjustment"),
    ("redemption", "Redemption"),
    ("expiry", "Expiry"),
    ("leaving", "Cleared on Leaving"),
    ("brand", "Cleared on Brand Change"),
    ("transfer", "Transfer"),
]
COMPUTED_KINDS = tuple(kind for kind, _label in COMPUTED)


class KeyAccountPointEntry(models.Model):
    """One entry of the ledger of points: earned, used, expired, cleared (PTS-02).

    A balance is the sum of entries. Uses are split by the year the points come from, so
    that what is left of each year is a plain sum too, oldest used first (PTS-07). An
    entry is never changed nor deleted: a wrong one is answered by one with the opposite
    quantity and the same kind that names it (PTS-10), so sums by kind stay right.

    Entries belong to a pot: customer, line and number, as the bills they rest on. They
    are appended by ``_post`` and what stands on it, never through the screen.
    """

    _name = "key.account.point.entry"
    _description = "Points Entry"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"
    _rec_name = "kind"

    partner_id = fields.Many2one(index=False)  # see _partner_period_idx
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: points of the customer itself.",
    )
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    quantity = fields.Integer(
        string="Points", required=True, readonly=True, help="Below zero when used."
    )
    origin_year = fields.Integer(
        string="Year of Origin",
        required=True,
        readonly=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
        help="The year in which the points were earned; the oldest are used first.",
    )
    period = fields.Date(
        string="Earned for",
        required=True,
        readonly=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="The month the points were earned for, or used in, as its first day.",
    )
    month = fields.Date(
        string="Booked in",
        required=True,
        readonly=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="The month whose snapshot counts the entry, as its first day: a "
        "correction of an earlier month is booked in the month it was made for.",
    )
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    rule_id = fields.Many2one(
        comodel_name="key.account.point.rule",
        string="Rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the rule that the entry rests on.",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    redemption_id = fields.Many2one(
        comodel_name="key.account.point.redemption",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    adjustment_id = fields.Many2one(
        comodel_name="key.account.point.adjustment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversed_id = fields.Many2one(
        comodel_name="key.account.point.entry",
        string="Reverses",
        readonly=True,
        ondelete="restrict",
        help="The entry that this one takes back.",
    )
    note = fields.Char(readonly=True)
    can_take_back = fields.Boolean(compute="_compute_can_take_back")

    _quantity_given = models.Constraint(
        "CHECK (quantity <> 0)", "An entry of no points says nothing."
    )
    _months_first = models.Constraint(
        "CHECK (EXTRACT(day FROM period) = 1 AND EXTRACT(day FROM month) = 1)",
        "A month is named by its first day.",
    )
    _partner_period_idx = models.Index("(partner_id, period)")
    _month_idx = models.Index("(month, partner_id)")
    _reversed_uniq = models.UniqueIndex(
        "(reversed_id) WHERE reversed_id IS NOT NULL",
        "This entry is taken back already.",
    )

    def init(self):
        super().init()
        self._guard()

    @api.model
    def _guard(self):
        """The triggers of the ledger, as soon as both of its tables are there."""
        tables = point_trigger.ENTRY, point_trigger.BALANCE
        if len(sql.existing_tables(self.env.cr, tables)) == len(tables):
            self.env.cr.execute(point_trigger.POST)
            self.env.cr.execute(point_trigger.REFUSE)

    @api.depends("kind", "quantity", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{labels.get(entry.kind, '')} {entry.quantity:+}"

    @api.depends("kind", "reversed_id", "redemption_id")
    def _compute_can_take_back(self):
        for entry in self:
            entry.can_take_back = not (
                entry.kind in COMPUTED_KINDS or entry.reversed_id or entry.redemption_id
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Entries of points stay: take a wrong one back by another.")
        )

    def write(self, vals):
        raise UserError(
            self.env._(
                "The entry is in the ledger of points: take it back by another one."
            )
        )

    def action_view_bills(self):
        """The bills that the points of this entry were earned by."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_bill_action"
        )
        action["context"] = {}
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("line_id", "=", self.line_id.id),
            ("number_id", "=", self.number_id.id),
            ("period", "=", self.period),
        ]
        return action

    def action_take_back(self):
        """Ask for the entry to be taken back; another person approves."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Back"),
            "res_model": "key.account.point.adjustment",
            "view_mode": "form",
            "context": {
                "default_entry_id": self.id,
                "default_kind": "reversal",
                "default_quantity": -self.quantity,
                "default_partner_id": self.partner_id.id,
                "default_line_id": self.line_id.id,
                "default_number_id": self.number_id.id,
            },
        }

    @api.model
    def _get_columns(self):
        """Columns of an entry that ``_post`` takes, with their types."""
        return {
            "partner_id": "integer",
            "line_id": "integer",
            "number_id": "integer",
            "kind": "varchar",
            "quantity": "integer",
            "origin_year": "integer",
            "period": "date",
            "month": "date",
            "date": "date",
            "rule_id": "integer",
            "run_id": "integer",
            "redemption_id": "integer",
            "adjustment_id": "integer",
            "reversed_id": "integer",
            "note": "varchar",
        }

    @api.model
    def _post(self, source: SQL, **columns):
        """Append the entries a query gives, in one statement; return how many.

        Unit and manager are those of the customer's file or of its line's. Other work
        on the same customers at the same time is told so by PostgreSQL and begins anew.

        :param SQL source: a FROM clause whose first relation is called ``source``
        :param columns: SQL of the columns (``_get_columns``); partner_id, line_id,
            number_id and origin_year are those of the source, where not given
        """
        self.env.flush_all()
        pot = ("partner_id", "line_id", "number_id", "origin_year")
        given = {name: SQL.identifier("source", name) for name in pot} | columns
        today = fields.Date.context_today(self)
        given.setdefault("date", SQL("%s", today))
        given.setdefault("month", SQL("%s", today.replace(day=1)))
        given.setdefault("period", given["month"])
        types = self._get_columns()
        selected = []
        for name, value in given.items():
            # the types stand in _get_columns
            kind = SQL(types[name])  # pylint: disable=sql-injection
            selected.append(SQL("(%s)::%s AS %s", value, kind, SQL.identifier(name)))
        selected = SQL(", ").join(selected)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_point_entry (
                    %(names)s, unit_id, manager_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(entry)s,
                       CASE WHEN file.id IS NULL THEN partner.key_account_unit_id
                            ELSE file.unit_id END,
                       CASE WHEN file.id IS NULL THEN partner.key_account_manager_id
                            ELSE file.manager_id END,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM (SELECT %(selected)s FROM %(source)s) AS entry
                  JOIN res_partner AS partner ON partner.id = entry.partner_id
                  LEFT JOIN key_account_line_file AS file
                    ON file.partner_id = entry.partner_id
                   AND file.line_id = entry.line_id
                 WHERE entry.quantity <> 0
                RETURNING partner_id
                """,
                names=SQL(", ").join(map(SQL.identifier, given)),
                entry=SQL(", ").join(SQL.identifier("entry", n) for n in given),
                selected=selected,
                source=source,
                uid=self.env.uid,
            )
        )
        count = self.env.cr.rowcount
        if count:
            partner_ids = {row[0] for row in self.env.cr.fetchall()}
            self.env["key.account.standing"]._touch(partner_ids)
            self._forget()
        return count

    @api.model
    def _forget(self):
        """What the cache knew of points is out of date."""
        self.invalidate_model(flush=False)
        self.env["key.account.point.balance"].invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(
            ["key_account_points", "key_account_points_expiring"], flush=False
        )
