# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_state_move import STEPS


class ResPartner(models.Model):
    """Steps of the life-cycle one person proposes and another decides (FILE-19)."""

    _inherit = "res.partner"

    key_account_proposable_states = fields.Char(
        string="States to Propose",
        compute="_compute_key_account_proposable_states",
        help="The states the reader may propose but not move the customer to, comma "
        "separated.",
    )
    key_account_move_proposal_ids = fields.One2many(
        comodel_name="key.account.move.proposal",
        inverse_name="partner_id",
        string="Proposed Steps",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )
    key_account_move_waiting = fields.Char(
        string="Step to Decide",
        compute="_compute_key_account_move_waiting",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )

    @api.depends("key_account_state", "key_account_next_states")
    @api.depends_context("uid")
    def _compute_key_account_proposable_states(self):
        customers = self.filtered(lambda p: p.key_account_state and p._origin)
        writable = customers._origin._filtered_access("write")
        for partner in self:
            states = ()
            if partner._origin in writable:
                allowed = (partner.key_account_next_states or "").split(",")
                states = [
                    s for s in STEPS[partner.key_account_state] if s not in allowed
                ]
            partner.key_account_proposable_states = ",".join(states)

    @api.depends("key_account_move_proposal_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_key_account_move_waiting(self):
        waiting = self.env["key.account.move.proposal"].search(
            [("partner_id", "in", self.ids), ("state", "=", "proposed")]
        )
        texts = {
            proposal.partner_id.id: proposal._get_summary() for proposal in waiting
        }
        for partner in self:
            partner.key_account_move_waiting = texts.get(partner._origin.id, False)

    def action_key_account_move_proposals(self):
        """Open the steps proposed for this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_move_proposal_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    def _key_account_propose_move(self, state_to, attachments=None, **vals):
        """Propose a step that the user may not take himself; return the proposal.

        :param vals: date, reason, reason_id, document, and what the churned file of a
            customer that leaves needs
        :param attachments: ir.attachment records uploaded for it
        """
        self.ensure_one()
        self.check_access("write")
        self._key_account_check_move_proposal(state_to, vals)
        # sudo: nobody creates proposals directly; the right was checked above.
        proposal = (
            self.env["key.account.move.proposal"]
            .sudo()
            .create(
                {
                    "date": fields.Date.context_today(self),
                    **vals,
                    "partner_id": self.id,
                    "state_from": self.key_account_state,
                    "state_to": state_to,
                    "proposed_by_id": self.env.uid,
                    "attachment_ids": attachments and attachments.ids,
                }
            )
        )
        if attachments:
            attachments.check_access("write")
            # sudo: the proposer's own uploads (checked above) belong to the proposal,
            # which nobody may write.
            attachments.sudo().write(
                {"res_model": proposal._name, "res_id": proposal.id}
            )
        proposal._ask_decider()
        return proposal.sudo(self.env.su)

    def _key_account_check_move_proposal(self, state_to, vals):
        if not (vals.get("reason") or vals.get("reason_id")):
            raise UserError(
                self.env._("A move has a reason: choose one, or write it down.")
            )
        if state_to not in STEPS.get(self.key_account_state, ()):
            raise UserError(self._key_account_explain_steps(state_to))
        if state_to not in (self.key_account_proposable_states or "").split(","):
            raise UserError(
                self.env._(
                    "You may take this step of %(customer)s yourself: there is nothing "
                    "to propose.",
                    customer=self.display_name,
                )
            )
        day = fields.Date.to_date(vals.get("date"))
        self.env["key.account.state.move"]._check_day(self, day)
        # sudo: a proposal of any colleague counts; only that there is one comes out.
        if self.sudo().key_account_move_proposal_ids.filtered(
            lambda proposal: proposal.state == "proposed"
        ):
            raise UserError(
                self.env._(
                    "A step of %(customer)s is waiting for a decision: decide or "
                    "withdraw it first.",
                    customer=self.display_name,
                )
            )
