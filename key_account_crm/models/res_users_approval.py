# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

GRANTED = {"active", "key_account_role", "key_account_unit_id"}
READERS = ",".join(
    f"key_account_crm.group_key_account_{role}"
    for role in ("head", "company", "centre", "office", "admin")
)


class ResUsers(models.Model):
    """More rights take effect when the centre has approved them, fewer at once (ORG-09,
    ORG-20).

    Whoever keeps accounts may take a role away or disable an account. A role, another
    role or unit, and enabling somebody again are proposed instead
    (``key.account.role.proposal``). Only the superuser (installation, demonstration,
    batches) is not asked.
    """

    _inherit = "res.users"

    key_account_proposal_ids = fields.One2many(
        comodel_name="key.account.role.proposal",
        inverse_name="account_id",
        string="Roles to Approve",
        groups=READERS,
    )
    key_account_waiting = fields.Char(
        string="Waiting for Approval",
        compute="_compute_key_account_waiting",
        groups=READERS,
    )

    @api.depends("key_account_proposal_ids.state")
    @api.depends_context("lang")
    def _compute_key_account_waiting(self):
        waiting = self.env["key.account.role.proposal"]._get_waiting(self)
        found = {proposal.account_id.id: proposal for proposal in waiting}
        labels = dict(self._fields["key_account_role"]._description_selection(self.env))
        for user in self:
            proposal = found.get(user._origin.id)
            user.key_account_waiting = proposal and self.env._(
                "%(person)s proposed on %(day)s: %(role)s of %(unit)s. Somebody of the "
                "centre decides; until then everything stays as it was.",
                person=proposal.proposed_by_id.name,
                day=format_date(self.env, proposal.date_proposed),
                role=labels[proposal.role],
                unit=proposal.unit_id.name,
            )

    @api.model
    def _key_account_is_asking(self):
        """Whether more rights given by the present user wait for an approval.

        Odoo's own administrator sets up the first of the centre without one.
        """
        if self.env.su or not self.env.user.has_group("base.group_user"):
            return False
        if self._key_account_is_keeper():
            return True
        if not self.env.user.has_group("base.group_erp_manager"):
            return False  # he is refused anyway
        # sudo: whether there is somebody who could decide.
        users = self.sudo().with_context(active_test=True)
        domain = [("key_account_role", "=", "centre"), ("id", "!=", self.env.uid)]
        return bool(users.search_count(domain, limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        if not self._key_account_is_asking():
            return super().create(vals_list)
        wanted = [vals.get("key_account_role") for vals in vals_list]
        # Nobody logs in before he has a role; he is told of the account then. A list
        # with disabled accounts says so in the context, which makes an active user of
        # the new one where its contact is archived.
        quiet = self.with_context(no_reset_password=True, active_test=True)
        users = super(ResUsers, quiet).create(
            [
                {n: v for n, v in vals.items() if n not in GRANTED} | {"active": False}
                if vals.get("key_account_role")
                else vals
                for vals in vals_list
            ]
        )
        users = users.with_env(self.env)
        users._key_account_refuse_groups({})
        for user, role, vals in zip(users, wanted, vals_list, strict=True):
            if role:
                user._key_account_propose(role, vals.get("key_account_unit_id"), "new")
            elif not self.env.context.get("no_reset_password"):
                user._key_account_keep()._key_account_welcome()
        return users

    def write(self, vals):
        names = vals.keys() & GRANTED
        if "group_ids" not in vals and not names or not self._key_account_is_asking():
            return super().write(vals)
        # sudo: the roles as they are, to compare with them afterwards.
        before = {user.id: user.key_account_role for user in self.sudo()}
        if self._key_account_is_keeper():
            self._key_account_check_keeper(vals)
        else:
            self.check_access("write")
        super().write({n: v for n, v in vals.items() if n not in GRANTED})
        self._key_account_refuse_groups(before)
        if names:
            for user in self:
                user._key_account_grant({name: vals[name] for name in names})
        return True

    def _key_account_refuse_groups(self, before):
        """A role does not come with a group, past those who approve it."""
        for user in self:
            role = user.key_account_role
            if role and role != before.get(user.id):
                raise UserError(
                    self.env._(
                        "%(user)s: give the role in the field of that name. It takes "
                        "effect when somebody of the centre has approved it.",
                        user=user.name,
                    )
                )

    def _key_account_grant(self, vals):
        """Do at once what takes rights away, propose what gives some."""
        self.ensure_one()
        # sudo: whoever keeps the account (checked before) is told what it has.
        now = self.sudo()
        waiting = self.env["key.account.role.proposal"]._get_waiting(self)
        is_disabled = not vals.get("active", True)
        if is_disabled:
            super().write({"active": False})
        had = {
            "key_account_role": now.key_account_role,
            "key_account_unit_id": now.key_account_unit_id.id,
        }
        asked = waiting._prepare_granted_vals() if not is_disabled else {}
        target = {**had, **asked, **vals}
        kind = now._key_account_get_kind(target, asked.get("kind"), is_disabled)
        role, unit_id = target["key_account_role"], target["key_account_unit_id"]
        if (role, unit_id, kind) == tuple(asked.values()):
            return  # the very thing that waits
        waiting._overtake(self.env._("Something else was entered for the account."))
        if not role:
            super().write(vals)
        elif kind != "change" or (role, unit_id) != tuple(had.values()):
            self._key_account_propose(role, unit_id, kind)

    def _key_account_get_kind(self, target, asked, is_disabled):
        """What a proposal does besides giving role and unit. As superuser."""
        if is_disabled or self.active:
            return "change"
        if not self.login_date and not self.key_account_role:
            return "new"
        return "enable" if target.get("active") or asked == "enable" else "change"

    def _key_account_propose(self, role, unit_id, kind):
        if not unit_id:
            raise ValidationError(
                self.env._(
                    "%(user)s has a role but no unit: choose the unit the user belongs "
                    "to.",
                    user=self.name,
                )
            )
        self.env["key.account.role.proposal"]._propose(
            # sudo: as in ``_key_account_grant``.
            self.sudo(),
            {"role": role, "unit_id": unit_id, "kind": kind},
        )

    def _key_account_welcome(self):
        """Tell people of their new accounts and how to set a password. As superuser."""
        for user in self.filtered(lambda user: user.email and not user.login_date):
            try:
                user.with_context(create_user=True)._action_reset_password("signup")
            except MailDeliveryException:
                user.partner_id.with_context(create_user=True).signup_cancel()

    def action_key_account_proposals(self):
        """Open what was proposed for this account, the latest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_role_proposal_action"
        )
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
