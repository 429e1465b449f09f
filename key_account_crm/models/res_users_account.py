# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError

# What the suite's administrator enters of an account. Groups, companies, passwords and
# everything else is Odoo's own administrator's.
ACCOUNT_FIELDS = {
    "active",
    "email",
    "key_account_role",
    "key_account_unit_id",
    "lang",
    "login",
    "name",
    "phone",
    "tz",
}
# Whoever could write these of somebody at work could have his password mailed to
# himself: they are free until the first login.
ADDRESS_FIELDS = {"email", "login"}
SYSTEM_GROUPS = ("base.group_system", "base.group_erp_manager")


class ResUsers(models.Model):
    """The suite's administrator keeps accounts without Odoo's access rights (ORG-17,
    ORG-20): creates them, gives role and unit, disables, sends the password mail.

    The right is the guard of this file: ``create`` and ``write`` take a handful of
    fields, of accounts that have no system rights and are not his own, and do the rest
    as superuser. So no group can be granted but that of a role.
    """

    _inherit = "res.users"

    key_account_can_edit = fields.Boolean(
        string="May be Edited",
        compute="_compute_key_account_can_edit",
        help="Whether you may change this account.",
    )

    @api.depends("all_group_ids")
    @api.depends_context("uid")
    def _compute_key_account_can_edit(self):
        is_free = self.env.su or self.env.user.has_group("base.group_erp_manager")
        is_keeper = self._key_account_is_keeper()
        for user in self:
            user.key_account_can_edit = is_free or (
                is_keeper and not user._origin._key_account_get_obstacle()
            )

    @api.model
    def _key_account_is_keeper(self):
        """Whether the user keeps accounts as the suite's administrator only."""
        return (
            not self.env.su
            and self.env.user.has_group("key_account_crm.group_key_account_admin")
            and not self.env.user.has_group("base.group_erp_manager")
        )

    def _key_account_get_obstacle(self):
        """Why a keeper may not touch these accounts, or None."""
        if self.env.user in self:
            return self.env._(
                "Nobody changes his own role, unit or login: ask another administrator."
            )
        # sudo: users may not read groups of others; only that there is one comes out.
        for user in self.sudo():
            is_system = user._is_superuser() or any(
                user.has_group(group) for group in SYSTEM_GROUPS
            )
            if is_system or user.share:
                return self.env._(
                    "%(user)s has system rights or is no internal user: Odoo's own "
                    "administrator keeps that account.",
                    user=user.name,
                )
        return None

    def _key_account_check_keeper(self, names):
        """Refuse what goes beyond an account, or accounts that are out of reach."""
        others = set(names) - ACCOUNT_FIELDS
        if others:
            labels = sorted(
                self._fields[name]._description_string(self.env)
                if name in self._fields
                else name
                for name in others
            )
            raise AccessError(
                self.env._(
                    "%(fields)s of a user: only Odoo's own administrator writes that.",
                    fields=", ".join(labels),
                )
            )
        if obstacle := self._key_account_get_obstacle():
            raise AccessError(obstacle)
        # sudo: when an account was used last is shown to its keeper anyway.
        used = self.sudo().filtered("login_date")
        if ADDRESS_FIELDS & set(names) and used:
            raise AccessError(
                self.env._(
                    "%(users)s has logged in: login and mail address are changed by "
                    "the user, or by Odoo's own administrator.",
                    users=", ".join(used.mapped("name")),
                )
            )

    def _key_account_keep(self):
        """The accounts as superuser, without what a client says in the context."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
        }
        # Keys are taken away on purpose, which keyword arguments cannot do.
        keeper = self.with_env(self.env(context=context))
        # sudo: fields and accounts were checked (_key_account_check_keeper).
        return keeper.sudo()

    @api.model_create_multi
    def create(self, vals_list):
        if not self._key_account_is_keeper():
            return super().create(vals_list)
        for vals in vals_list:
            self.browse()._key_account_check_keeper(vals)
        keeper = self._key_account_keep()
        company = self.env.user.company_id
        own = {"company_id": company.id, "company_ids": [company.id]}
        users = super(ResUsers, keeper).create([{**vals, **own} for vals in vals_list])
        return users.with_env(self.env)

    def write(self, vals):
        if not self._key_account_is_keeper() or self._key_account_is_preference(vals):
            return super().write(vals)
        self._key_account_check_keeper(vals)
        return super(ResUsers, self._key_account_keep()).write(vals)

    def _key_account_is_preference(self, vals):
        """Whether somebody changes his own preferences, as any user may."""
        return self == self.env.user and not (
            vals.keys() - set(self._self_accessible_fields()[1])
        )

    def action_reset_password(self):
        if not self._key_account_is_keeper():
            result = super().action_reset_password()
        else:
            if obstacle := self._key_account_get_obstacle():
                raise AccessError(obstacle)
            keeper = self._key_account_keep()
            result = super(ResUsers, keeper).action_reset_password()
        for user in self:
            self.env["key.account.event"]._insert("reset", user)
        return result

    def action_key_account_events(self):
        """Open the logins and exports of this user."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_event_action"
        )
        domain = ["|", ("user_id", "=", self.id), ("account_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}
