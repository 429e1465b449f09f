# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .res_users import ROLES

ACTIVITY = "key_account_crm.mail_activity_type_role_proposal"
LABELS = [(role, label) for role, (label, *_reach) in ROLES.items()]


class KeyAccountRoleProposal(models.Model):
    """A role that the administrator gives somebody and the centre decides on: of a new
    account, instead of another role or unit, or of an account enabled again (ORG-09,
    ORG-20; who may: domain 3.2).

    Until it is approved everything stays as it was. Neither the proposer nor the person
    concerned decides.
    """

    _name = "key.account.role.proposal"
    _description = "Role to Approve"
    _inherit = ["key.account.proposal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_proposed desc, id desc"
    _rec_names_search = ["account_id"]

    account_id = fields.Many2one(
        comodel_name="res.users",
        string="Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    login = fields.Char(related="account_id.login")
    kind = fields.Selection(
        selection=[
            ("new", "New Account"),
            ("change", "Change of Role or Unit"),
            ("enable", "Account Enabled Again"),
        ],
        required=True,
        default="change",
        readonly=True,
    )
    role_from = fields.Selection(selection=LABELS, string="Role Before", readonly=True)
    unit_from_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Unit Before",
        readonly=True,
        ondelete="restrict",
    )
    role = fields.Selection(
        selection=LABELS, string="Proposed Role", required=True, readonly=True
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Proposed Unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )

    _waiting_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'proposed'",
        "A role of this account is waiting for a decision already.",
    )

    @api.depends("account_id", "role", "unit_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        for proposal in self:
            proposal.display_name = (
                f"{proposal.account_id.name}: {labels.get(proposal.role)}, "
                f"{proposal.unit_id.name}"
            )

    @api.constrains("unit_id")
    def _check_unit_id(self):
        for proposal in self.filtered(lambda one: not one.unit_id.active):
            raise ValidationError(
                self.env._(
                    "The unit %(unit)s is closed: choose an open one for %(user)s.",
                    unit=proposal.unit_id.name,
                    user=proposal.account_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Proposed roles are a log: they stay."))

    def action_approve(self):
        """Give the roles as proposed."""
        self._check_decider()
        for proposal in self:
            proposal._decide("applied")
            proposal._apply()

    def _apply(self):
        """The proposed role takes effect at the person's next request."""
        # sudo: the centre keeps no accounts; what it approved takes effect, no more.
        account = self.account_id.sudo()
        vals = self._prepare_granted_vals()
        if vals.pop("kind") != "change":
            vals["active"] = True
        account.write(vals)
        if self.kind == "new":
            account._key_account_welcome()

    def _decide(self, state, **vals):
        result = super()._decide(state, **vals)
        # sudo: the task is the decider's whoever decided in the end.
        self.sudo().activity_unlink([ACTIVITY])
        if state == "refused":
            self._tell_proposer()
        return result

    def _is_decider(self):
        """Somebody of the centre, in whose reach the unit is; neither the proposer nor
        the person concerned."""
        self.ensure_one()
        user = self.env.user
        return (
            user not in (self.proposed_by_id, self.account_id)
            and user.has_group("key_account_crm.group_key_account_centre")
            and self.has_access("read")
        )

    def _get_decider_error(self):
        if self.account_id == self.env.user:
            return self.env._("Nobody decides about his own role: ask a colleague.")
        return self.env._("Only somebody of the centre decides about roles.")

    @api.model
    def _get_decided_fields(self):
        return [*super()._get_decided_fields(), "role", "unit_id", "kind"]

    @api.model
    def _get_waiting(self, users):
        # sudo: that and what waits is told to whoever keeps the account.
        return self.sudo().search(
            [("account_id", "in", users.ids), ("state", "=", "proposed")]
        )

    def _prepare_granted_vals(self):
        """What waits as values of its account, and of what kind; nothing for none."""
        if not self:
            return {}
        return {
            "key_account_role": self.role,
            "key_account_unit_id": self.unit_id.id,
            "kind": self.kind,
        }

    @api.model
    def _propose(self, account, vals):
        """Ask the centre for this role and unit of the account.

        :param vals: role, unit_id and kind
        """
        # sudo: proposals are written by the system only.
        proposal = self.sudo().create(
            {
                **vals,
                "account_id": account.id,
                "role_from": account.key_account_role,
                "unit_from_id": account.key_account_unit_id.id,
            }
        )
        proposal._ask_decider()
        return proposal.sudo(False)

    def _overtake(self, reason):
        """Take back what waits, since the account was changed otherwise."""
        for proposal in self:
            proposal._decide("withdrawn", refusal=reason)

    def _ask_decider(self):
        """A task for somebody of the centre."""
        for proposal in self:
            decider = proposal._find_decider()
            if decider:
                proposal.activity_schedule(
                    ACTIVITY,
                    date_deadline=fields.Date.context_today(proposal),
                    user_id=decider.id,
                )

    def _find_decider(self):
        """Who of the centre is asked: the head of the unit nearest above, if any."""
        users = self.env["res.users"].with_context(active_test=True)
        people = users.search([("key_account_role", "=", "centre")])
        deciders = people.filtered(
            lambda user: user not in (self.proposed_by_id, self.account_id)
            and self.unit_id in user.key_account_unit_ids
        )
        heads = self.env["key.account.unit"].search([("head_id", "in", deciders.ids)])
        return (heads.head_id or deciders)[:1]

    def _tell_proposer(self):
        # sudo: the task is the proposer's; nobody may write the proposal.
        for proposal in self.sudo().filtered("proposed_by_id.active"):
            proposal.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Refused: %(role)s", role=proposal.display_name),
                note=proposal.refusal,
                user_id=proposal.proposed_by_id.id,
            )
