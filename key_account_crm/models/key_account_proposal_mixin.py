# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("proposed", "Proposed"),
    ("applied", "Applied"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]


class KeyAccountProposalMixin(models.AbstractModel):
    """What one person proposes and another one decides (COL-05, ORG-09).

    About a customer (``key.account.fact.mixin``), or whatever else: such a model says
    in ``_is_decider`` who decides. Rows are written by the system only; decided ones
    stay as they are. A model says in ``_apply`` what an approval does, and in
    ``_is_overtaken`` what must still hold for it.
    """

    _name = "key.account.proposal.mixin"
    _description = "Proposal"
    _proposal_open_fields = ()  # what the system may still write once it is decided

    state = fields.Selection(
        selection=STATES, default="proposed", required=True, readonly=True, index=True
    )
    proposed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date_proposed = fields.Datetime(
        string="Proposed on",
        default=fields.Datetime.now,
        required=True,
        readonly=True,
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        ondelete="restrict",
    )
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    refusal = fields.Text(string="Why Refused", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for proposal in self:
            waits = proposal.state == "proposed"
            proposal.can_withdraw = waits and proposal.proposed_by_id == self.env.user
            proposal.can_decide = waits and proposal._is_decider()

    def write(self, vals):
        is_closed = vals.keys() - set(self._proposal_open_fields)
        if is_closed and any(proposal.state != "proposed" for proposal in self):
            raise UserError(
                self.env._(
                    "The proposal is decided and stays as it is: make a new one."
                )
            )
        return super().write(vals)

    def action_withdraw(self):
        self._withdraw()

    def _refuse(self, reason):
        self._check_decider()
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why, so that the proposer knows what to do next.")
            )
        self._decide("refused", refusal=reason)

    def _withdraw(self):
        self._check_waiting()
        if any(proposal.proposed_by_id != self.env.user for proposal in self):
            raise AccessError(self.env._("Only the one who proposed it withdraws it."))
        self._decide("withdrawn")

    def _decide(self, state, **vals):
        # sudo: nobody writes proposals by hand; who may decide was checked before.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
                **vals,
            }
        )
        # The index of waiting proposals knows only what is in the database.
        self.flush_recordset(["state"])

    def _is_decider(self):
        """Another person than the proposer, an approver who may write the customer."""
        self.ensure_one()
        user = self.env.user
        return (
            self.proposed_by_id != user
            and user.has_group("key_account_crm.group_key_account_approver")
            and self.partner_id.has_access("write")
        )

    def _get_decider_error(self):
        return self.env._(
            "Only a head or manager of the customer's unit, or the centre, decides "
            "about this change."
        )

    def _check_decider(self):
        self._check_waiting()
        for proposal in self:
            if proposal.proposed_by_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "Nobody decides about his own proposal: ask the level above."
                    )
                )
            if not proposal._is_decider():
                raise AccessError(proposal._get_decider_error())

    def _check_waiting(self):
        self.check_access("read")
        # sudo: two deciders at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(self._get_decided_fields())
        if any(proposal.state != "proposed" for proposal in self):
            raise UserError(
                self.env._("This change is decided already: reload the page.")
            )

    @api.model
    def _get_decided_fields(self):
        """What another decider may have written while this one waited."""
        return ["state"]
