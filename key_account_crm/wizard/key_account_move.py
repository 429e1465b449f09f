# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.key_account_state_move import LIVE_STATES
from ..models.res_partner import STATES

CHURN_FIELDS = (
    "kind_id",
    "cause_id",
    "competitor_id",
    "win_back_chance",
    "date_last_contact",
    "retention",
    "retention_cost",
)


class KeyAccountMove(models.TransientModel):
    """Asks for a step of a customer's life-cycle, with its reason and document.

    Only steps that are allowed, and that the user may take, are offered. For a customer
    that leaves, what the churned file needs is asked as well.
    """

    _name = "key.account.move"
    _description = "Move a Customer"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    state_from = fields.Selection(
        related="partner_id.key_account_state", string="Present State"
    )
    next_states = fields.Char(compute="_compute_next_states")
    state_to = fields.Selection(
        selection=STATES,
        string="New State",
        compute="_compute_state_to",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        domain=[("category", "=", "move_reason")],
        required=True,
    )
    reason = fields.Text(string="Remarks")
    document = fields.Char(help="Reference of the paper or file the move rests on.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="key_account_move_wizard_attachment_rel",
        string="Attachments",
    )
    is_departure = fields.Boolean(compute="_compute_is_departure")
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Kind",
        domain=[("category", "=", "churn_kind")],
    )
    cause_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Cause",
        domain=[("category", "=", "churn_cause")],
    )
    competitor_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Destination",
        domain=[("category", "=", "competitor")],
        help="The competitor the customer goes to.",
    )
    win_back_chance = fields.Integer(string="Win-Back Chance", help="0 to 100.")
    date_last_contact = fields.Date(string="Last Contact")
    retention = fields.Text(string="Retention Attempts")
    retention_cost = fields.Monetary()
    currency_id = fields.Many2one(related="partner_id.key_account_currency_id")

    _chance_range = models.Constraint(
        "CHECK (win_back_chance BETWEEN 0 AND 100)", "A chance lies in 0 to 100."
    )

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_next_states(self):
        # Not a related field, which would be read as superuser and offer everything.
        for wizard in self:
            wizard.next_states = wizard.partner_id.key_account_next_states

    @api.depends("next_states")
    def _compute_state_to(self):
        """The only step, or none: the user chooses."""
        for wizard in self:
            states = (wizard.next_states or "").split(",")
            wizard.state_to = states[0] if len(states) == 1 else False

    @api.depends("state_from", "state_to")
    def _compute_is_departure(self):
        for wizard in self:
            wizard.is_departure = (
                wizard.state_to == "churned" and wizard.state_from in LIVE_STATES
            )

    def action_move(self):
        self.ensure_one()
        is_departure = self.is_departure
        move = self.partner_id._key_account_move(
            self.state_to,
            reason=self.reason,
            reason_id=self.reason_id.id,
            date=self.date,
            document=self.document,
            attachments=self.attachment_ids,
        )
        if is_departure:
            churn = self.env["key.account.churn"].search([("move_id", "=", move.id)])
            churn.write(self._prepare_churn_vals())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_churn_vals(self):
        values = self.read(CHURN_FIELDS, load=None)[0]
        return {fname: values[fname] for fname in CHURN_FIELDS}
