# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.res_partner import STATES


class KeyAccountMove(models.TransientModel):
    """Asks for a step of a customer's life-cycle, with its reason and document.

    Only steps that are allowed are offered. One that the user may not take himself
    becomes a proposal, which another person decides. For a customer that leaves, what
    the churned file needs is asked as well.
    """

    _name = "key.account.move"
    _inherit = ["key.account.departure.mixin"]
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
    is_proposal = fields.Boolean(compute="_compute_is_proposal")

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_next_states(self):
        # Not a related field, which would be read as superuser and offer everything.
        for wizard in self:
            partner = wizard.partner_id
            states = (
                partner.key_account_next_states,
                partner.key_account_proposable_states,
            )
            wizard.next_states = ",".join(filter(None, states))

    @api.depends("partner_id", "state_to")
    @api.depends_context("uid")
    def _compute_is_proposal(self):
        for wizard in self:
            proposable = wizard.partner_id.key_account_proposable_states or ""
            wizard.is_proposal = wizard.state_to in proposable.split(",")

    @api.depends("next_states")
    def _compute_state_to(self):
        """The only step, or none: the user chooses."""
        for wizard in self:
            states = (wizard.next_states or "").split(",")
            wizard.state_to = states[0] if len(states) == 1 else False

    @api.depends("state_from", "state_to")
    def _compute_is_departure(self):
        moves = self.env["key.account.state.move"]
        for wizard in self:
            wizard.is_departure = moves._is_departure(
                wizard.state_from, wizard.state_to
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

    def action_propose(self):
        self.ensure_one()
        self.partner_id._key_account_propose_move(
            self.state_to,
            attachments=self.attachment_ids,
            reason=self.reason,
            reason_id=self.reason_id.id,
            date=self.date,
            document=self.document,
            **(self._prepare_churn_vals() if self.is_departure else {}),
        )
        return {"type": "ir.actions.act_window_close"}
