# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class KeyAccountPointReward(models.Model):
    """What points can be redeemed for: an item of the catalogue (PTS-06)."""

    _name = "key.account.point.reward"
    _description = "Reward"
    _inherit = ["image.mixin"]
    _order = "sequence, points, id"
    _rec_names_search = ["name", "code"]
    _key_account_untracked = ("stock_taken",)

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Text: files name the reward by it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    class_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Class",
        required=True,
        domain=[("category", "=", "redemption_class")],
        index=True,
        ondelete="restrict",
    )
    points = fields.Integer(string="Points Each", required=True)
    description = fields.Text(translate=True)
    date_from = fields.Date(string="Offered from", default=fields.Date.context_today)
    date_to = fields.Date(string="Offered until", help="Empty: until further notice.")
    is_stocked = fields.Boolean(
        string="Kept in Stock",
        help="No more can be redeemed than were received.",
    )
    stock_received = fields.Integer(
        string="Received in All",
        help="Add what comes in; what was redeemed is taken off by itself.",
    )
    stock_taken = fields.Integer(
        string="Redeemed",
        readonly=True,
        copy=False,
        help="Of redemptions that were not refused or cancelled.",
    )
    stock_left = fields.Integer(string="In Stock", compute="_compute_stock_left")
    is_offered = fields.Boolean(
        string="Offered Today",
        compute="_compute_is_offered",
        search="_search_is_offered",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "Another reward has this code.")
    _points_positive = models.Constraint(
        "CHECK (points > 0)", "A reward costs at least one point."
    )
    _stock_positive = models.Constraint(
        "CHECK (stock_taken >= 0 AND (NOT COALESCE(is_stocked, FALSE) "
        "OR stock_taken <= COALESCE(stock_received, 0)))",
        "More would be redeemed than were received: receive more first.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "An offer ends after it begins: correct its dates.",
    )

    @api.depends("is_stocked", "stock_received", "stock_taken")
    def _compute_stock_left(self):
        for reward in self:
            left = reward.stock_received - reward.stock_taken
            reward.stock_left = left if reward.is_stocked else 0

    @api.depends("active", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_is_offered(self):
        today = fields.Date.context_today(self)
        for reward in self:
            begun = not reward.date_from or reward.date_from <= today
            ended = reward.date_to and reward.date_to < today
            reward.is_offered = bool(reward.active and begun and not ended)

    def _search_is_offered(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        today = fields.Date.context_today(self)
        offered = (
            Domain("active", "=", True)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", today))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        return Domain.OR(offered if wanted else ~offered for wanted in value)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_redeemed(self):
        # sudo: redemptions of every unit count; only whether there is one.
        redemptions = self.env["key.account.point.redemption"].sudo()
        if redemptions.search_count([("reward_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Customers have redeemed this reward: archive it instead.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["stock_taken"] = 0
        return super().create(vals_list)

    def write(self, vals):
        if "stock_taken" in vals:
            raise UserError(self.env._("What is redeemed follows from redemptions."))
        return super().write(vals)

    def _check_offered(self):
        self.ensure_one()
        if not self.is_offered:
            raise UserError(
                self.env._(
                    "%(reward)s is not offered today: choose another reward.",
                    reward=self.display_name,
                )
            )

    def _take_stock(self, count):
        """Take so many out of stock, or put them back where below zero."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_point_reward
                   SET stock_taken = stock_taken + %(count)s
                 WHERE id = %(id)s
                   AND (NOT COALESCE(is_stocked, FALSE) OR %(count)s < 0
                        OR stock_taken + %(count)s <= stock_received)
                """,
                count=count,
                id=self.id,
            )
        )
        self.invalidate_recordset(["stock_taken", "stock_left"], flush=False)
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "Of %(reward)s only %(left)s are in stock: choose fewer, or "
                    "receive more first.",
                    reward=self.display_name,
                    left=self.stock_left,
                )
            )
