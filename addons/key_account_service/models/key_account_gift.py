# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountGift(models.Model):
    """Something that customers are given: an item of the catalogue of gifts (SVC-15).

    How many of it a unit has is the sum of its movements (``key.account.gift.move``).
    """

    _name = "key.account.gift"
    _description = "Gift"
    _inherit = ["image.mixin"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Text: files and rules name the gift by it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    price = fields.Monetary(
        string="Planned Price",
        help="What lists reckon with. What is given out costs what was paid for it.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    stock_ids = fields.One2many(
        comodel_name="key.account.gift.stock",
        inverse_name="gift_id",
        string="Stock",
        readonly=True,
    )
    quantity = fields.Integer(
        string="In Stock",
        compute="_compute_quantity",
        help="In the units that you may look at.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another gift has this code.")
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price is zero or more."
    )

    @api.depends("stock_ids.quantity")
    @api.depends_context("uid")
    def _compute_quantity(self):
        stocks = self.env["key.account.gift.stock"]
        counts = {}
        if stocks.has_access("read"):
            groups = stocks._read_group(
                [("gift_id", "in", self.ids)], ["gift_id"], ["quantity:sum"]
            )
            counts = {gift.id: quantity for gift, quantity in groups}
        for gift in self:
            gift.quantity = counts.get(gift._origin.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        # sudo: movements of every unit count; only whether there is one.
        moves = self.env["key.account.gift.move"].sudo()
        if moves.search_count([("gift_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("This gift has been in stock: archive it instead.")
            )

    def action_view_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_gift_move_action"
        )
        return {
            **action,
            "domain": [("gift_id", "=", self.id)],
            "context": {"default_gift_id": self.id},
        }
