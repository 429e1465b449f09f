# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("received", "Received"),
    ("issued", "Given"),
    ("returned", "Returned"),
    ("counted", "Counted"),
]
# What is entered by hand; what is given and returned follows from acts of care.
MANUAL = ("received", "counted")
ENTERED = {
    "gift_id",
    "unit_id",
    "kind",
    "quantity",
    "counted",
    "cost",
    "date",
    "note",
}


class KeyAccountGiftMove(models.Model):
    """A movement in the stock of gifts of a unit (SVC-15): received, given, returned,
    or the difference that a count found.

    A ledger: what is in stock is the sum of these rows, and never less than none.
    """

    _name = "key.account.gift.move"
    _description = "Movement of Gifts"
    _order = "date desc, id desc"
    _rec_name = "gift_id"

    gift_id = fields.Many2one(
        comodel_name="key.account.gift",
        string="Gift",
        required=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.key_account_unit_id,
        help="Whose stock it is.",
    )
    kind = fields.Selection(selection=KINDS, required=True, default="received")
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    quantity = fields.Integer(
        required=True, help="Pieces that came in; below zero: that went out."
    )
    counted = fields.Integer(
        string="Found in Stock",
        aggregator=None,
        help="Of a count: how many there are; the difference is booked.",
    )
    cost = fields.Monetary(
        help="What all pieces cost. What goes out is worth the average of what came in."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    note = fields.Char(string="Remarks")
    reversal_of_id = fields.Many2one(
        comodel_name="key.account.gift.move",
        string="Gives back",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _reversal_uniq = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "These gifts were given back already.",
    )
    _sign = models.Constraint(
        "CHECK (kind = 'counted' OR (kind = 'issued') = (quantity < 0) "
        "AND quantity <> 0)",
        "Enter at least one piece.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._keep_entered(vals) for vals in vals_list]
        moves = self.browse()
        for vals in vals_list:
            moves |= super().create([self._prepare_move(vals)])
        return moves

    @api.model
    def _keep_entered(self, vals):
        kept = {name: vals[name] for name in vals.keys() & ENTERED}
        if kept.get("kind", "received") not in MANUAL:
            raise AccessError(
                self.env._(
                    "Gifts are given and returned with an act of care: open it there."
                )
            )
        return kept

    @api.model
    def _prepare_move(self, vals):
        """Book it in the stock, which says what the pieces are worth."""
        vals = {**vals, "unit_id": vals.get("unit_id") or self._default_unit_id()}
        unit = self.env["key.account.unit"].browse(vals["unit_id"])
        self._check_unit(unit)
        # sudo: the stock is counted by the system; the unit was checked.
        stock = (
            self.env["key.account.gift.stock"]
            .sudo()
            ._ensure(self.env["key.account.gift"].browse(vals["gift_id"]), unit.sudo())
        )
        kind = vals.get("kind", "received")
        quantity = vals.get("quantity") or 0
        value = vals.get("cost")
        if kind == "counted":
            quantity = (vals.get("counted") or 0) - stock.quantity
        if quantity <= 0 and kind != "returned" or kind == "counted":
            value = None
        self._check_quantity(kind, vals, quantity)
        if value is not None:
            value = stock.currency_id.round(value)
        return {
            **vals,
            "quantity": quantity,
            "cost": stock._move(quantity, value),
            "currency_id": stock.currency_id.id,
        }

    @api.model
    def _default_unit_id(self):
        return self.env.user.key_account_unit_id.id

    @api.model
    def _check_quantity(self, kind, vals, quantity):
        if kind == "counted" and (vals.get("counted") or 0) < 0:
            raise UserError(self.env._("No less than nothing can be found in stock."))
        if kind == "received" and (quantity <= 0 or (vals.get("cost") or 0) < 0):
            raise UserError(
                self.env._("Receive at least one piece, at a cost of zero or more.")
            )

    @api.model
    def _check_unit(self, unit):
        """Whoever keeps a stock keeps that of his own units."""
        if not self.env.su and unit not in self.env.user.key_account_unit_ids:
            raise AccessError(
                self.env._("You keep the gifts of your own units: choose one of them.")
            )

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "A movement stays as it was entered: count the stock to correct it."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Movements of gifts are kept: count the stock to correct it.")
        )

    def action_register(self):
        """Saves what is new from the form: nobody may change it afterwards."""
        return True

    def _give_back(self, reason):
        """What was given comes back into stock, at what it was worth."""
        return self.create(
            [
                {
                    "gift_id": move.gift_id.id,
                    "unit_id": move.unit_id.id,
                    "kind": "returned",
                    "quantity": -move.quantity,
                    "cost": -move.cost,
                    "care_id": move.care_id.id,
                    "reversal_of_id": move.id,
                    "note": reason,
                }
                for move in self
            ]
        )
