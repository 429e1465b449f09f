# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import point_trigger


class KeyAccountPointBalance(models.Model):
    """What is left of the points that one pot earned in one year (PTS-05, PTS-07).

    A pot is customer, line and number. Kept by a trigger of the ledger with every entry
    whoever writes it; a check of the table itself lets no year fall below zero, also
    when two people redeem at the same moment (PTS-10).
    """

    _name = "key.account.point.balance"
    _description = "Points Left"
    _inherit = ["key.account.fact.mixin"]
    _order = "origin_year, partner_id, id"
    _rec_name = "origin_year"

    partner_id = fields.Many2one(index=False)  # see _pot_uniq
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: points of the customer itself.",
    )
    origin_year = fields.Integer(
        string="Year of Origin", required=True, readonly=True, aggregator=None
    )
    quantity = fields.Integer(
        string="Points", required=True, readonly=True, help="Earned less used."
    )

    earned = fields.Integer(readonly=True, help="Of that year, whatever became of it.")
    consumption = fields.Integer(
        readonly=True, help="Of what was earned, by consumption."
    )
    redeemed = fields.Integer(readonly=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)",
        "There are not as many points left: look at the balance and use fewer.",
    )
    _pot_uniq = models.UniqueIndex(
        "(partner_id, line_id, number_id, origin_year) NULLS NOT DISTINCT",
        "A pot has one row per year.",
    )
    _left_idx = models.Index("(origin_year) WHERE quantity > 0")

    def init(self):
        super().init()
        self.env["key.account.point.entry"]._guard()

    @api.depends("origin_year", "quantity")
    def _compute_display_name(self):
        for balance in self:
            balance.display_name = f"{balance.origin_year}: {balance.quantity}"

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_derived(self):
        self._refuse()

    def _refuse(self):
        raise UserError(self.env._("What is left follows from the entries of points."))

    @api.model
    def _rebuild(self, partner_ids=None):
        """Sum the ledger anew; on rows kept by the trigger this changes nothing."""
        self.env.flush_all()
        one = SQL("TRUE")
        if partner_ids is not None:
            one = SQL("partner_id = ANY(%s)", list(partner_ids))
        self.env.cr.execute(SQL("DELETE FROM key_account_point_balance WHERE %s", one))
        ledger = SQL("key_account_point_entry WHERE %s", one)
        self.env.cr.execute(point_trigger.insert(point_trigger.sums(ledger)))
        self.env["key.account.point.entry"]._forget()
