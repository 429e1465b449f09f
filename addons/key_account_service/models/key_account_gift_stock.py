# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class KeyAccountGiftStock(models.Model):
    """How many pieces of a gift a unit has, and what they are worth.

    The running sum of the movements, written with them in one statement: of two who
    take the last piece at once the later one is tried again and finds none.
    """

    _name = "key.account.gift.stock"
    _description = "Stock of a Gift"
    _order = "gift_id, unit_id"
    _rec_name = "gift_id"
    _key_account_untracked = ("quantity", "value")

    # The index below begins with it.
    gift_id = fields.Many2one(
        comodel_name="key.account.gift",
        string="Gift",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    quantity = fields.Integer(readonly=True)
    value = fields.Monetary(readonly=True, help="What the pieces in stock have cost.")
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    price = fields.Monetary(
        string="Average Price", compute="_compute_price", aggregator=None
    )

    _gift_uniq = models.Constraint(
        "UNIQUE (gift_id, unit_id)", "A unit has one stock of a gift."
    )
    _positive = models.Constraint(
        "CHECK (quantity >= 0 AND value >= 0 AND (quantity > 0 OR value = 0))",
        "There are not so many in stock.",
    )

    @api.depends("quantity", "value")
    def _compute_price(self):
        for stock in self:
            stock.price = stock.value / stock.quantity if stock.quantity else 0

    @api.depends("gift_id", "unit_id")
    def _compute_display_name(self):
        for stock in self:
            stock.display_name = f"{stock.gift_id.name} · {stock.unit_id.name}"

    @api.model
    def _ensure(self, gift, unit):
        """The stock of a gift in a unit, made where there is none; locked."""
        currency = unit.company_id.currency_id or self.env.company.currency_id
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_gift_stock AS stock (
                    gift_id, unit_id, quantity, value, currency_id,
                    create_uid, create_date, write_uid, write_date)
                VALUES (%(gift)s, %(unit)s, 0, 0, %(currency)s,
                        %(uid)s, now() AT TIME ZONE 'UTC',
                        %(uid)s, now() AT TIME ZONE 'UTC')
                    ON CONFLICT (gift_id, unit_id) DO UPDATE
                   SET write_date = excluded.write_date
                RETURNING id
                """,
                gift=gift.id,
                unit=unit.id,
                currency=currency.id,
                uid=self.env.uid,
            )
        )
        [stock_id] = self.env.cr.fetchone()
        stock = self.browse(stock_id)
        stock.invalidate_recordset(flush=False)
        return stock

    def _move(self, quantity, value=None):
        """Put pieces in, or take them out where below zero; returns their value.

        :param value: what the pieces that come in have cost; what goes out, and what a
            count finds, is worth the average. The last piece takes all that is left, so
            that no cent stays behind.
        """
        self.ensure_one()
        if self.quantity + quantity < 0:
            raise UserError(
                self.env._(
                    "Of %(gift)s %(unit)s has only %(left)s: receive more first, or "
                    "give fewer.",
                    gift=self.gift_id.name,
                    unit=self.unit_id.name,
                    left=self.quantity,
                )
            )
        if value is None:
            value = self._get_average(quantity)
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_gift_stock
                   SET quantity = quantity + %(quantity)s, value = value + %(value)s
                 WHERE id = %(id)s
                """,
                quantity=quantity,
                value=value,
                id=self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        return value

    def _get_average(self, quantity):
        if not self.quantity:
            return self.currency_id.round(self.gift_id.price * quantity)
        if quantity == -self.quantity:
            return -self.value
        share = self.currency_id.round(self.value * quantity / self.quantity)
        return max(share, -self.value)
