# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_care_plan import OCCASIONS
from .key_account_care_plan_line import MEANS

VERDICTS = [
    ("ok", "Proposed"),
    ("optout", "Does Not Want It"),
    ("done", "Cared for Already"),
    ("suspended", "Customer Suspended"),
    ("locked", "Reserved for Somebody Else"),
    ("budget", "Budget Used up"),
    ("nobody", "Nobody to Do It"),
]
KEPT_DAYS = 90


class KeyAccountCareProposal(models.Model):
    """A row of a list of care: whom, why, by what means, at what cost; or who is left
    out, and why."""

    _name = "key.account.care.proposal"
    _description = "Proposed Care"
    _inherit = ["key.account.fact.mixin"]
    _order = "verdict, id"

    run_id = fields.Many2one(
        comodel_name="key.account.care.run",
        string="List",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    run_date = fields.Date(readonly=True)
    name = fields.Char(string="What", readonly=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact Person",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    occasion = fields.Selection(selection=OCCASIONS, required=True, readonly=True)
    festival_id = fields.Many2one(
        comodel_name="key.account.festival",
        string="Festival",
        readonly=True,
        ondelete="restrict",
    )
    date_occasion = fields.Date(
        string="Day of the Occasion",
        readonly=True,
        groups="key_account_crm.group_key_account_staff",
    )
    date_planned = fields.Date(string="Planned for", readonly=True)
    step = fields.Integer(string="Step Number", readonly=True, aggregator=None)
    plan_id = fields.Many2one(
        comodel_name="key.account.care.plan",
        string="Plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    plan_line_id = fields.Many2one(
        comodel_name="key.account.care.plan.line", readonly=True, ondelete="restrict"
    )
    means = fields.Selection(selection=MEANS, readonly=True)
    gift_id = fields.Many2one(
        comodel_name="key.account.gift",
        string="Gift",
        readonly=True,
        ondelete="restrict",
    )
    gift_quantity = fields.Integer(string="Pieces", readonly=True)
    cost = fields.Monetary(string="Other Cost", readonly=True)
    amount = fields.Monetary(
        string="Planned Cost", readonly=True, help="With the planned price of the gift."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Done by", readonly=True, ondelete="restrict"
    )
    verdict = fields.Selection(
        selection=VERDICTS, readonly=True, required=True, default="ok", index=True
    )
    is_chosen = fields.Boolean(
        string="Take", default=True, help="Untick whom you do not want on the list."
    )
    care_id = fields.Many2one(
        comodel_name="key.account.care",
        string="Care",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("name", "partner_id", "contact_id")
    def _compute_display_name(self):
        for row in self:
            whom = row.contact_id.name or row.partner_id.name
            row.display_name = " · ".join(filter(None, [row.name, whom]))

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - {"is_chosen"}:
                raise UserError(
                    self.env._("A row of a list is taken or left out, nothing else.")
                )
            if any(row.run_id.state != "previewed" for row in self):
                raise UserError(self.env._("The list was confirmed or cancelled."))
        return super().write(vals)

    def action_toggle(self):
        """Take the rows that are left out by hand, and leave out those taken."""
        for row in self:
            row.is_chosen = not row.is_chosen
        return True

    @api.autovacuum
    def _gc_proposals(self):
        """Lists that nobody confirmed, after a quarter of a year."""
        limit = fields.Date.today() - timedelta(days=KEPT_DAYS)
        old = [
            ("run_id.state", "in", ("draft", "previewed", "cancelled")),
            ("run_date", "<", limit),
            ("care_id", "=", False),
        ]
        self.search(old, limit=10_000).unlink()
