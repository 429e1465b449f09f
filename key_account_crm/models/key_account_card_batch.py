# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import card_number

MAX_BATCH = 100_000


class KeyAccountCardBatch(models.Model):
    """A delivery of blank VIP cards: a range of numbers of one kind (CARD-09).

    Its blanks are made with it and stay for ever, so that no number comes back.
    """

    _name = "key.account.card.batch"
    _description = "Delivery of Blank VIP Cards"
    _order = "date desc, id desc"

    name = fields.Char(string="Range", compute="_compute_name", store=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind",
        string="Card Kind",
        required=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Delivered to",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
    )
    number_from = fields.Char(
        string="First Number",
        required=True,
        help="Letters (or none) and digits; leading zeros are kept.",
    )
    number_to = fields.Char(string="Last Number", required=True)
    with_check_digit = fields.Boolean(
        string="Append Check Digit",
        help="The Luhn digit is appended to every number of the range.",
    )
    date = fields.Date(
        string="Delivered on", required=True, default=fields.Date.context_today
    )
    document = fields.Char(help="Reference of the delivery note.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Operator",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    row_count = fields.Integer(
        string="Count", compute="_compute_row_count", store=True, aggregator="sum"
    )
    blank_ids = fields.One2many(
        comodel_name="key.account.card.blank", inverse_name="batch_id", string="Cards"
    )
    stock_count = fields.Integer(string="In Stock", compute="_compute_stock_count")

    @api.depends("number_from", "number_to")
    def _compute_name(self):
        for batch in self:
            batch.name = f"{batch.number_from or ''} – {batch.number_to or ''}"

    @api.depends("number_from", "number_to")
    def _compute_row_count(self):
        for batch in self:
            batch.row_count = card_number.count(
                batch.number_from or "", batch.number_to or ""
            )

    @api.depends("blank_ids.state")
    def _compute_stock_count(self):
        groups = self.env["key.account.card.blank"]._read_group(
            [("batch_id", "in", self.ids), ("state", "=", "in_stock")],
            ["batch_id"],
            ["__count"],
        )
        counts = {batch.id: count for batch, count in groups}
        for batch in self:
            batch.stock_count = counts.get(batch.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for fname in ("number_from", "number_to"):
                if isinstance(vals.get(fname), str):
                    vals[fname] = card_number.normalise(vals[fname])
        batches = super().create(vals_list)
        for batch in batches:
            batch._supply()
        return batches

    def write(self, vals):
        if vals.keys() - {"document"}:
            raise UserError(
                self.env._(
                    "A delivery stays as it was received. Cards that are missing or "
                    "damaged are taken out one by one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Deliveries of cards stay: a number is never used again.")
        )

    @api.model
    def _receive(self, vals):
        """Take a delivery into the stock of a unit in the user's reach."""
        user = self.env.user
        self.check_access("write")
        is_everywhere = user.key_account_reach == "all"
        if not is_everywhere and vals["unit_id"] not in user.key_account_unit_ids.ids:
            raise AccessError(
                self.env._("Deliveries are received for your own unit or one below.")
            )
        # sudo: deliveries are made here only, for a unit the user works for (checked).
        return self.sudo().create({**vals, "user_id": user.id}).sudo(False)

    def _supply(self):
        """Make the blank cards of the range, in one statement."""
        self.ensure_one()
        self._check_range()
        numbers = list(
            card_number.iterate(self.number_from, self.number_to, self.with_check_digit)
        )
        self._check_new(numbers)
        self.flush_recordset()
        self.env["key.account.card.blank"]._key_account_say_who()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_card_blank (
                    name, batch_id, kind_id, unit_id, state,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT number, %(batch)s, %(kind)s, %(unit)s, 'in_stock',
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(numbers)s) AS number
                """,
                batch=self.id,
                kind=self.kind_id.id,
                unit=self.unit_id.id,
                uid=self.env.uid,
                numbers=numbers,
            )
        )
        self.invalidate_recordset(["blank_ids", "stock_count"], flush=False)

    def _check_range(self):
        """Refuse what is no range of numbers, or too long a one."""
        for number in (self.number_from, self.number_to):
            if not card_number.split(number):
                raise UserError(
                    self.env._(
                        "%(number)s is no card number: up to eight letters, then 4 to "
                        "24 digits.",
                        number=number,
                    )
                )
        if not 1 <= self.row_count <= MAX_BATCH:
            raise UserError(
                self.env._(
                    "%(first)s to %(last)s is no range of 1 to %(most)s cards: both "
                    "have the same letters and as many digits, and the last number is "
                    "the higher one.",
                    first=self.number_from,
                    last=self.number_to,
                    most=MAX_BATCH,
                )
            )

    def _check_new(self, numbers):
        """Refuse numbers that were delivered before, naming the first of them."""
        [[known, number]] = self.env.execute_query(
            SQL(
                "SELECT count(*), min(name) FROM key_account_card_blank "
                "WHERE name = ANY(%s)",
                numbers,
            )
        )
        if known:
            raise UserError(
                self.env._(
                    "%(count)s numbers of this range were delivered before, the first "
                    "of them is %(number)s: a card number is never used twice. Choose "
                    "another range.",
                    count=known,
                    number=number,
                )
            )
