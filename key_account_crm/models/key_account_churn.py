# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What is learnt about a departure afterwards; the rest is what the move said.
OPEN_FIELDS = {
    "cause_id",
    "competitor_id",
    "date_last_contact",
    "kind_id",
    "note",
    "retention",
    "retention_cost",
    "win_back_chance",
}


class KeyAccountChurn(models.Model):
    """A churned file: how a customer left, where to, and what it was worth.

    Made by the move to churned of a customer that was served (FILE-03, domain 1.2.5);
    one that was given up while still potential has none. It keeps the manager and unit
    of that day. Its worth is a row per business line, so that each company reads its
    own; a won-back customer's file is closed with the date, and stays.
    """

    _name = "key.account.churn"
    _description = "Churned File"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    move_id = fields.Many2one(
        comodel_name="key.account.state.move",
        string="Move",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(string="Left on", required=True, readonly=True, index=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Kind",
        domain=[("category", "=", "churn_kind")],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    cause_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Cause",
        domain=[("category", "=", "churn_cause")],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    competitor_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Destination",
        domain=[("category", "=", "competitor")],
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The competitor the customer went to.",
    )
    win_back_chance = fields.Integer(
        string="Win-Back Chance", tracking=True, aggregator="avg", help="0 to 100."
    )
    date_last_contact = fields.Date(string="Last Contact")
    retention = fields.Text(string="Retention Attempts")
    retention_cost = fields.Monetary()
    note = fields.Text(string="Remarks")
    former_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Unit at that Time",
        readonly=True,
        ondelete="restrict",
    )
    former_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Manager at that Time",
        readonly=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    worth_ids = fields.One2many(
        comodel_name="key.account.churn.worth", inverse_name="churn_id", string="Worth"
    )
    amount_quarter = fields.Monetary(
        string="Revenue of 3 Months",
        compute="_compute_amounts",
        help="Of the last three billed months before the customer left, on the lines "
        "you may read.",
    )
    amount_year = fields.Monetary(
        string="Revenue of 12 Months",
        compute="_compute_amounts",
        help="Of the twelve months up to the last billed one before the customer left, "
        "on the lines you may read.",
    )
    date_won_back = fields.Date(
        string="Won Back on", readonly=True, index="btree_not_null"
    )
    won_back_move_id = fields.Many2one(
        comodel_name="key.account.state.move",
        string="Return",
        readonly=True,
        ondelete="restrict",
    )

    _move_uniq = models.UniqueIndex("(move_id)", "This departure has its file.")
    _chance_range = models.Constraint(
        "CHECK (win_back_chance BETWEEN 0 AND 100)", "A chance lies in 0 to 100."
    )
    _retention_cost_positive = models.Constraint(
        "CHECK (retention_cost >= 0)", "A cost is zero or more."
    )

    @api.depends("worth_ids")
    @api.depends_context("uid")
    def _compute_amounts(self):
        groups = self.env["key.account.churn.worth"]._read_group(
            [("churn_id", "in", self.ids)],
            ["churn_id"],
            ["amount_quarter:sum", "amount_year:sum"],
        )
        sums = {churn.id: values for churn, *values in groups}
        for churn in self:
            quarter, year = sums.get(churn.id, (0.0, 0.0))
            churn.amount_quarter, churn.amount_year = quarter, year

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("A churned file stays: win the customer back instead.")
        )

    def write(self, vals):
        if vals.keys() - OPEN_FIELDS and not self.env.su:
            raise AccessError(
                self.env._(
                    "Date, worth, unit and manager of a departure stay as they were: "
                    "only its kind, cause, destination, chance and remarks change."
                )
            )
        return super().write(vals)

    @api.model
    def _open(self, moves):
        """Make the files of these moves to churned. Called as superuser."""
        if not moves:
            return self
        churns = self.create([self._prepare_vals(move) for move in moves])
        self.env["key.account.churn.worth"]._measure(churns)
        return churns

    @api.model
    def _prepare_vals(self, move):
        customer = move.partner_id
        return {
            "partner_id": customer.id,
            "move_id": move.id,
            "date": move.date,
            "former_unit_id": customer.key_account_unit_id.id,
            "former_manager_id": customer.key_account_manager_id.id,
            "currency_id": customer.key_account_currency_id.id,
        }

    @api.model
    def _close(self, moves):
        """Note the return on the open files of won-back customers. As superuser."""
        if not moves:
            return
        files = self.search(
            [("partner_id", "in", moves.partner_id.ids), ("date_won_back", "=", False)]
        )
        by_partner = {move.partner_id: move for move in moves}
        for file in files:
            move = by_partner[file.partner_id]
            file.write({"date_won_back": move.date, "won_back_move_id": move.id})
