# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class KeyAccountUnit(models.Model):
    """A unit of the organisation: the centre, a professional company, a department.

    Scope follows this tree downwards: whoever belongs to a unit reads the rows of the
    unit and of those below (ORG-01 to ORG-11, BU-01 to BU-03). The top unit is the
    centre, or the headquarters of a group above several centres (ORG-07).
    """

    _name = "key.account.unit"
    _description = "Key Account Unit"
    _inherit = ["mail.thread"]
    _parent_name = "parent_id"
    _parent_store = True
    _order = "parent_path, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        index=True,
        tracking=True,
        help="Text: leading zeros are kept. The daily feed names units by it.",
    )
    active = fields.Boolean(default=True, tracking=True)
    level_id = fields.Many2one(
        comodel_name="key.account.unit.level", required=True, ondelete="restrict"
    )
    parent_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Superior Unit",
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        comodel_name="key.account.unit",
        inverse_name="parent_id",
        string="Subordinate Units",
    )
    region = fields.Char(help="The city, county or area the unit serves.")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company whose ledger the unit's bills belong to.",
    )
    head_id = fields.Many2one(comodel_name="res.users", string="Head")
    is_branch = fields.Boolean(
        string="Sends Data", help="A branch uploads the daily files of its region."
    )
    city_code = fields.Char(
        size=5, help="Five digits that name the branch in the file names of the feed."
    )
    user_ids = fields.One2many(
        comodel_name="res.users",
        inverse_name="key_account_unit_id",
        string="Users",
    )
    user_count = fields.Integer(compute="_compute_user_count")
    customer_count = fields.Integer(compute="_compute_customer_count")

    _code_uniq = models.Constraint("UNIQUE (code)", "Another unit has this code.")
    _city_code_digits = models.Constraint(
        "CHECK (city_code ~ '^[0-9]{5}$')", "A city code has five digits."
    )
    _city_code_uniq = models.UniqueIndex(
        "(city_code) WHERE city_code IS NOT NULL", "Another unit has this city code."
    )
    _root_uniq = models.UniqueIndex(
        "((parent_id IS NULL)) WHERE parent_id IS NULL",
        "There is one top unit: choose the superior unit.",
    )

    @api.depends("code", "name")
    @api.depends_context("key_account_unit_code")
    def _compute_display_name(self):
        if not self.env.context.get("key_account_unit_code"):
            return super()._compute_display_name()
        for unit in self:
            unit.display_name = f"{unit.code} {unit.name}"

    def _compute_user_count(self):
        groups = self.env["res.users"]._read_group(
            [("key_account_unit_id", "in", self.ids)],
            ["key_account_unit_id"],
            ["__count"],
        )
        counts = {unit.id: count for unit, count in groups}
        for unit in self:
            unit.user_count = counts.get(unit.id, 0)

    @api.depends_context("uid")
    def _compute_customer_count(self):
        groups = self.env["res.partner"]._read_group(
            [
                ("key_account_kind", "!=", False),
                ("key_account_unit_id", "in", self.ids),
            ],
            ["key_account_unit_id"],
            ["__count"],
        )
        counts = {unit.id: count for unit, count in groups}
        for unit in self:
            unit.customer_count = counts.get(unit.id, 0)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A unit cannot stand below itself: choose another one.")
            )

    @api.constrains("parent_id", "level_id")
    def _check_level_id(self):
        for unit in self | self.child_ids:
            parent = unit.parent_id
            if parent and unit.level_id.sequence <= parent.level_id.sequence:
                raise ValidationError(
                    self.env._(
                        "%(unit)s (%(level)s) cannot stand below %(parent)s "
                        "(%(parent_level)s): choose a lower level or another "
                        "superior unit.",
                        unit=unit.name,
                        level=unit.level_id.name,
                        parent=parent.name,
                        parent_level=parent.level_id.name,
                    )
                )

    @api.constrains("active")
    def _check_closed_unit_is_empty(self):
        for unit in self.filtered(lambda unit: not unit.active):
            unit._check_is_empty()

    def _check_is_empty(self):
        """Refuse to close a unit while somebody or something still belongs to it."""
        self.ensure_one()
        below = Domain("id", "child_of", self.id)
        # sudo: whoever closes a unit may not see all of its customers and lines; only
        # their number is shown.
        unit_ids = self.sudo().with_context(active_test=False).search(below).ids
        remaining = {
            self.env._("customers"): self.env["res.partner"]
            .sudo()
            .search_count(
                [
                    ("key_account_kind", "!=", False),
                    ("key_account_unit_id", "in", unit_ids),
                ]
            ),
            self.env._("professional line files"): self.env["key.account.line.file"]
            .sudo()
            .search_count([("unit_id", "in", unit_ids)]),
            self.env._("users"): self.env["res.users"]
            .sudo()
            .search_count([("key_account_unit_id", "in", unit_ids)]),
            self.env._("open subordinate units"): self.sudo().search_count(
                below & Domain("id", "!=", self.id)
            ),
        }
        left = [f"{count} {label}" for label, count in remaining.items() if count]
        if left:
            raise UserError(
                self.env._(
                    "%(unit)s still has %(left)s. Move them to another unit first, "
                    "then close it.",
                    unit=self.name,
                    left=", ".join(left),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for unit in self:
            unit._check_is_empty()

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        self._clear_scope_cache()
        return units

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "company_id", "active"} & vals.keys():
            self._clear_scope_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_scope_cache()
        return result

    def _clear_scope_cache(self):
        """Record-rule domains are cached per user: the tree changed, so all go."""
        self.env.flush_all()
        self.env["res.users"].invalidate_model(
            ["key_account_unit_ids", "key_account_scope_ids"], flush=False
        )
        self.env.registry.clear_cache()

    def _get_decider(self, but=None):
        """Who answers for this unit, or else for the next above; maybe nobody.

        :param but: a user who may not be the one, since nobody decides on his own
        """
        # sudo: who answers for a unit is no secret.
        unit = self.sudo()
        while unit:
            deciders = (unit.head_id | unit.user_ids).filtered(
                lambda user: user.active
                and user != but
                and user.key_account_role in ("head", "company", "centre")
            )
            if deciders:
                return deciders[0].sudo(False)
            unit = unit.parent_id
        return self.env["res.users"]

    def action_view_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_action"
        )
        action["domain"] = [
            ("key_account_kind", "!=", False),
            ("key_account_unit_id", "child_of", self.id),
        ]
        return action
