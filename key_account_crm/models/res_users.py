# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

# role: (label, reach when reading, reach when writing customer files). The group that
# grants a role is group_key_account_<role>. Source: design 4, domain 3.2.
ROLES = {
    "manager": ("Account Manager", "own", "own"),
    "head": ("Department Head", "unit", "unit"),
    "company": ("Company Manager", "unit", "unit"),
    "centre": ("Centre", "all", "all"),
    "office": ("Office and Leaders", "all", "none"),
    "finance": ("Finance", "unit", "none"),
    "agent": ("Call Centre Agent", "all", "none"),
    "operator": ("Data Operator", "none", "none"),
    "admin": ("Administrator", "all", "none"),
}
REACHES = [
    ("own", "Own Customers"),
    ("unit", "Unit and Below"),
    ("all", "Everything"),
    ("none", "Nothing"),
]
# What a reach is for somebody of a unit that has another one above it.
WITHIN = {"all": "unit"}


class ResUsers(models.Model):
    """A user: one role and one unit say what the user reads and writes (ORG-10)."""

    _inherit = "res.users"

    key_account_role = fields.Selection(
        selection=[(role, label) for role, (label, *_reach) in ROLES.items()],
        compute="_compute_key_account_role",
        inverse="_inverse_key_account_role",
        search="_search_key_account_role",
        help="What the user may do. It takes effect at the next request.",
    )
    key_account_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Key Account Unit",
        index="btree_not_null",
        ondelete="restrict",
        help="Where the user belongs: the role reaches this unit and those below.",
    )
    key_account_reach = fields.Selection(
        selection=REACHES, string="Reads", compute="_compute_key_account_reach"
    )
    key_account_write_reach = fields.Selection(
        selection=REACHES, string="Writes", compute="_compute_key_account_reach"
    )
    key_account_unit_ids = fields.Many2many(
        comodel_name="key.account.unit",
        string="Units in Reach",
        compute="_compute_key_account_unit_ids",
    )
    key_account_scope_ids = fields.Many2many(
        comodel_name="key.account.scope",
        string="Scopes in Reach",
        compute="_compute_key_account_scope_ids",
    )
    key_account_manager_ids = fields.Many2many(
        comodel_name="res.users",
        string="Acts for",
        compute="_compute_key_account_manager_ids",
        help="Account managers whose customers the user works on: himself and those "
        "he stands in for.",
    )
    key_account_shared_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Shared Customers",
        compute="_compute_key_account_shared_ids",
        help="Customers of others of which the user manages a business line.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + [
            "key_account_role",
            "key_account_unit_id",
        ]

    @api.model
    def _get_key_account_groups(self):
        """Map every role to the id of its group."""
        return {
            role: self.env["ir.model.data"]._xmlid_to_res_id(
                f"key_account_crm.group_key_account_{role}"
            )
            for role in ROLES
        }

    @api.depends("all_group_ids")
    def _compute_key_account_role(self):
        roles = {group: role for role, group in self._get_key_account_groups().items()}
        for user in self:
            # sudo: users may not read groups; only the own role comes out.
            found = [
                roles[group.id]
                for group in user.sudo().all_group_ids
                if group.id in roles
            ]
            user.key_account_role = found[0] if found else False

    def _inverse_key_account_role(self):
        groups = self._get_key_account_groups()
        # Writing the groups of one user computes the role of all anew: read them first.
        roles = {user: user.key_account_role for user in self}
        for user, role in roles.items():
            commands = [Command.unlink(group) for group in groups.values()]
            if role:
                commands.append(Command.link(groups[role]))
            user.group_ids = commands

    def _search_key_account_role(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        groups = self._get_key_account_groups()
        wanted = Domain(
            "all_group_ids", "in", [groups[role] for role in value if role in groups]
        )
        if False in value:
            wanted |= ~Domain("all_group_ids", "in", list(groups.values()))
        return wanted

    @api.depends("key_account_role", "share", "key_account_unit_id.parent_id")
    def _compute_key_account_reach(self):
        for user in self:
            # A portal or public user is held by the rules of those groups: he reads
            # his own commercial entity and has no access line for the suite's models.
            nobody = ("", "all", "none") if user.share else ("", "none", "none")
            role = user.key_account_role
            _label, read, write = ROLES.get(role, nobody)
            # Everything is what the top unit reaches: a centre below the headquarters
            # of a group reaches its own province (ORG-07).
            # sudo: where a unit stands in the tree is no secret.
            if role and user.key_account_unit_id.sudo().parent_id:
                read, write = (WITHIN.get(reach, reach) for reach in (read, write))
            user.key_account_reach = read
            user.key_account_write_reach = write

    @api.depends("key_account_unit_id")
    def _compute_key_account_unit_ids(self):
        for user in self:
            user.key_account_unit_ids = user.key_account_unit_id._get_below()

    @api.depends("key_account_unit_id")
    def _compute_key_account_scope_ids(self):
        for user in self:
            # sudo: scopes carry no content, and this decides what the user reads.
            user.key_account_scope_ids = (
                self.env["key.account.scope"]
                .sudo()
                .search([("unit_ids", "in", user.key_account_unit_ids.ids)])
            )

    def _compute_key_account_manager_ids(self):
        for user in self:
            user.key_account_manager_ids = user._get_key_account_managers()

    def _get_key_account_managers(self):
        """The managers whose customers this user works on. Hook for substitution."""
        return self

    def _compute_key_account_shared_ids(self):
        for user in self:
            managers = tuple(user.key_account_manager_ids.ids) or (0,)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT partner_id FROM key_account_line_file
                     WHERE manager_id IN %s
                    """,
                    managers,
                )
            )
            user.key_account_shared_ids = [row[0] for row in rows]

    @api.constrains("group_ids", "key_account_unit_id")
    def _check_key_account_role(self):
        groups = set(self._get_key_account_groups().values())
        for user in self:
            roles = user.all_group_ids.filtered(lambda group: group.id in groups)
            if len(roles) > 1:
                raise ValidationError(
                    self.env._(
                        "%(user)s has several key account roles (%(roles)s): "
                        "leave one.",
                        user=user.name,
                        roles=", ".join(roles.mapped("name")),
                    )
                )
            if roles and not user.key_account_unit_id:
                raise ValidationError(
                    self.env._(
                        "%(user)s has the key account role %(role)s but no unit: "
                        "choose the unit the user belongs to.",
                        user=user.name,
                        role=roles.name,
                    )
                )
            if roles and not user.key_account_unit_id.active and user.active:
                raise ValidationError(
                    self.env._(
                        "The unit %(unit)s is closed: choose an open one for %(user)s.",
                        unit=user.key_account_unit_id.name,
                        user=user.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if {"key_account_unit_id", "key_account_role"} & vals.keys():
            self.env.flush_all()
            self.env.registry.clear_cache()
        return result
