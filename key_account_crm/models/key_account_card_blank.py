# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STATES = [
    ("in_stock", "In Stock"),
    ("used", "Used"),
    ("spoiled", "Spoiled or Missing"),
]


class KeyAccountCardBlank(models.Model):
    """A blank VIP card, in stock until a customer gets it; its number stays."""

    _name = "key.account.card.blank"
    _description = "Blank VIP Card"
    _order = "name, id"

    name = fields.Char(
        string="Card Number", required=True, readonly=True, help="Leading zeros count."
    )
    batch_id = fields.Many2one(
        comodel_name="key.account.card.batch",
        string="Delivery",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind",
        string="Card Kind",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Kept by",
        required=True,
        index=True,
        ondelete="restrict",
        help="The unit that has the card and may give it out.",
    )
    state = fields.Selection(
        selection=STATES, default="in_stock", required=True, readonly=True
    )
    reason = fields.Char(string="Remarks", help="Why the card is spoiled or missing.")

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "A card number is never used twice."
    )
    _stock_idx = models.Index("(kind_id, unit_id, name) WHERE state = 'in_stock'")

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(
            self.env._("Blank cards come with a delivery: enter the delivery.")
        )

    def write(self, vals):
        if not self.env.su:
            self._check_change(vals)
        result = super().write(vals)
        # A unit hands cards on inside its own reach only.
        self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Cards stay on record: a number is never used again.")
        )

    def _check_change(self, vals):
        """By hand a card in stock is handed on, or taken out with a reason."""
        if vals.keys() - {"unit_id", "reason"}:
            raise AccessError(
                self.env._("Number, kind and state of a card are not changed by hand.")
            )
        for blank in self:
            if blank.state != "in_stock" and "unit_id" in vals:
                raise UserError(
                    self.env._(
                        "Card %(number)s is not in stock any more.", number=blank.name
                    )
                )

    def action_spoil(self):
        """Take cards out of the stock: damaged, or missing at the count."""
        self.check_access("write")
        for blank in self:
            if blank.state != "in_stock":
                raise UserError(
                    self.env._(
                        "Card %(number)s is not in stock any more.", number=blank.name
                    )
                )
            if not (blank.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Enter in the remarks of card %(number)s why it is taken out.",
                        number=blank.name,
                    )
                )
        # sudo: the user may write these cards (checked); the state is set here only.
        self.sudo().write({"state": "spoiled"})

    def _check_give(self, kind):
        """Refuse to give out what is not in stock, or is of another kind."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "in_stock" or self.kind_id != kind:
            raise UserError(
                self.env._(
                    "Card %(number)s is not in stock as a card of the kind %(kind)s.",
                    number=self.name,
                    kind=kind.name,
                )
            )

    @api.model
    def _take(self, kind, count=1):
        """The next cards of a kind in the user's reach, lowest numbers first, locked.

        Two who take at the same moment get different cards.
        """
        query = self._search(
            [("kind_id", "=", kind.id), ("state", "=", "in_stock")],
            limit=count,
            order="name",
        )
        rows = self.env.execute_query(
            SQL(
                "%s FOR UPDATE OF %s SKIP LOCKED",
                query.select(),
                SQL.identifier(query.table),
            )
        )
        if len(rows) < count:
            raise UserError(
                self.env._(
                    "%(wanted)s cards of the kind %(kind)s are needed and %(found)s "
                    "are in your stock: enter a delivery, or ask for cards.",
                    wanted=count,
                    found=len(rows),
                    kind=kind.name,
                )
            )
        return self.browse(row[0] for row in rows)
