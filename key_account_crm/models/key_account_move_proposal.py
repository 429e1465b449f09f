# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .res_partner import STATES

ACTIVITY = "key_account_crm.mail_activity_type_move_proposal"


class KeyAccountMoveProposal(models.Model):
    """A step of a customer's life-cycle that its proposer may not take himself, with
    reason and document (FILE-19, GRD-01; who may: domain 3.2).

    Nothing moves before another person, who may take the step, has approved it. The
    move is then dated as proposed.
    """

    _name = "key.account.move.proposal"
    _description = "Proposed Step"
    _inherit = [
        "key.account.fact.mixin",
        "key.account.proposal.mixin",
        "key.account.departure.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_proposed desc, id desc"
    _proposal_open_fields = ("move_id",)

    partner_id = fields.Many2one(readonly=True)
    state_from = fields.Selection(
        selection=STATES, string="From", required=True, readonly=True
    )
    state_to = fields.Selection(
        selection=STATES, string="To", required=True, readonly=True
    )
    date = fields.Date(
        required=True, readonly=True, help="The day the step is dated on."
    )
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        domain=[("category", "=", "move_reason")],
        readonly=True,
        ondelete="restrict",
    )
    reason = fields.Text(string="Remarks", readonly=True)
    document = fields.Char(
        readonly=True, help="Reference of the paper or file the step rests on."
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="key_account_move_proposal_attachment_rel",
        column1="proposal_id",
        column2="attachment_id",
        string="Attachments",
        readonly=True,
    )
    kind_id = fields.Many2one(readonly=True, ondelete="restrict")
    cause_id = fields.Many2one(readonly=True, ondelete="restrict")
    competitor_id = fields.Many2one(readonly=True, ondelete="restrict")
    win_back_chance = fields.Integer(readonly=True, aggregator="avg")
    date_last_contact = fields.Date(readonly=True)
    retention = fields.Text(readonly=True)
    retention_cost = fields.Monetary(readonly=True, aggregator=None)
    is_departure = fields.Boolean(compute="_compute_is_departure")
    move_id = fields.Many2one(
        comodel_name="key.account.state.move",
        string="Move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _waiting_uniq = models.UniqueIndex(
        "(partner_id) WHERE state = 'proposed'",
        "A step of this customer is waiting for a decision: decide or withdraw it "
        "first.",
    )

    @api.depends("state_from", "state_to", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["state_to"]._description_selection(self.env))
        for proposal in self:
            proposal.display_name = (
                f"{proposal.partner_id.display_name}: "
                f"{labels.get(proposal.state_from)} → {labels.get(proposal.state_to)}"
            )

    @api.depends("state_from", "state_to")
    def _compute_is_departure(self):
        moves = self.env["key.account.state.move"]
        for proposal in self:
            proposal.is_departure = moves._is_departure(
                proposal.state_from, proposal.state_to
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Proposed steps are a log: they stay."))

    def action_approve(self):
        self._approve()

    def _approve(self):
        """Take the steps as proposed. Returns the moves."""
        self._check_decider()
        moves = self.env["key.account.state.move"]
        for proposal in self:
            proposal._check_not_overtaken()
            moves |= proposal._apply()
        return moves

    def _apply(self):
        self.ensure_one()
        self._decide("applied")
        move = self.partner_id._key_account_move(
            self.state_to,
            reason=self.reason,
            reason_id=self.reason_id.id,
            date=self.date,
            document=self.document,
            # sudo: the proposer handed them in for this very step; the decider, who
            # reads the proposal, passes them on.
            attachments=self.sudo().attachment_ids,
        )
        if self.is_departure:
            churn = self.env["key.account.churn"].search([("move_id", "=", move.id)])
            churn.write(self._prepare_churn_vals())
        self.sudo().move_id = move  # sudo: nobody writes proposals by hand
        return move

    def _decide(self, state, **vals):
        result = super()._decide(state, **vals)
        # sudo: the task is the decider's whoever decided in the end.
        self.sudo().activity_unlink([ACTIVITY])
        if state == "refused":
            self._tell_proposer()
        return result

    def _check_not_overtaken(self):
        self.ensure_one()
        state = self.partner_id.key_account_state
        if state != self.state_from:
            labels = dict(self._fields["state_to"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(customer)s is %(state)s meanwhile: refuse this step, a new one "
                    "can be proposed from there.",
                    customer=self.partner_id.display_name,
                    state=labels.get(state, state),
                )
            )

    @api.model
    def _overtake(self, moves):
        """Refuse what waits for customers that moved on otherwise. As superuser."""
        waiting = self.search(
            [("partner_id", "in", moves.partner_id.ids), ("state", "=", "proposed")]
        )
        for proposal in waiting:
            move = moves.filtered(lambda m, p=proposal: m.partner_id == p.partner_id)
            proposal._decide(
                "refused",
                refusal=self.env._(
                    "The customer moved meanwhile: %(move)s.",
                    move=move[-1:].display_name,
                ),
            )

    def _ask_decider(self):
        """A task for whoever answers for the customer's unit."""
        for proposal in self:
            unit = proposal.partner_id.key_account_unit_id
            decider = unit._get_decider(but=proposal.proposed_by_id)
            if decider:
                proposal.activity_schedule(
                    ACTIVITY,
                    date_deadline=fields.Date.context_today(proposal),
                    note=proposal.reason,
                    user_id=decider.id,
                )

    def _tell_proposer(self):
        # sudo: the task is the proposer's; nobody may write the proposal.
        for proposal in self.sudo():
            if proposal.proposed_by_id.active:
                proposal.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Refused: %(step)s", step=proposal.display_name),
                    note=proposal.refusal,
                    user_id=proposal.proposed_by_id.id,
                )

    def _get_summary(self):
        """What waits, in a sentence, for the customer's form."""
        self.ensure_one()
        labels = dict(self._fields["state_to"]._description_selection(self.env))
        return self.env._(
            "%(person)s proposed on %(day)s: %(state_from)s → %(state_to)s. Another "
            "person decides.",
            person=self.proposed_by_id.name,
            day=format_date(self.env, self.date_proposed),
            state_from=labels[self.state_from],
            state_to=labels[self.state_to],
        )
