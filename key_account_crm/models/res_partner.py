# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

KINDS = [
    ("group", "Group"),
    ("professional", "Professional"),
    ("individual", "Individual"),
]
STATES = [
    ("potential", "Potential"),
    ("qualified", "Qualified"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("churned", "Churned"),
    ("won_back", "Won Back"),
]
FIRST_STATES = ("potential", "active")
ASSIGNMENT = {"key_account_unit_id", "key_account_manager_id"}


class ResPartner(models.Model):
    """A customer file, or a contact of one (FILE-01 to FILE-05).

    Only the commercial entity carries the file; its contacts inherit unit, manager
    and scope. Partners without a unit are ordinary contacts and none of our business.
    """

    _inherit = "res.partner"

    key_account_kind = fields.Selection(
        selection=KINDS,
        string="Customer Kind",
        index="btree_not_null",
        copy=False,
    )
    key_account_state = fields.Selection(
        selection=STATES,
        string="Life-Cycle State",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="Changed by a dated move with a reason, never by hand.",
    )
    key_account_code = fields.Char(
        string="Customer Code",
        copy=False,
        help="Text: leading zeros are kept. Unique in the whole organisation.",
    )
    key_account_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Home Unit",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The unit that keeps the file. Lines of other units have their own.",
    )
    key_account_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain=[("key_account_role", "=", "manager")],
    )
    key_account_scope_id = fields.Many2one(
        comodel_name="key.account.scope",
        string="Serving Units",
        compute="_compute_key_account_scope_id",
        store=True,
        index=True,  # with the empty ones: the rule asks for them too
        ondelete="restrict",
        help="The set of units that serve the customer and may read the basic file.",
    )
    key_account_parent_id = fields.Many2one(
        comodel_name="res.partner",
        string="Parent Group",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain=[("key_account_kind", "=", "group")],
    )
    key_account_child_ids = fields.One2many(
        comodel_name="res.partner",
        inverse_name="key_account_parent_id",
        string="Subordinate Customers",
    )
    key_account_line_file_ids = fields.One2many(
        comodel_name="key.account.line.file",
        inverse_name="partner_id",
        string="Professional Line Files",
    )
    key_account_number_ids = fields.One2many(
        comodel_name="key.account.number",
        inverse_name="partner_id",
        string="Service Numbers",
    )
    key_account_member_ids = fields.One2many(
        comodel_name="key.account.member",
        inverse_name="partner_id",
        string="Group Members",
    )

    _key_account_code_uniq = models.UniqueIndex(
        "(key_account_code) WHERE key_account_code IS NOT NULL",
        "Another customer has this code.",
    )
    _key_account_kind_unit = models.Constraint(
        "CHECK (key_account_kind IS NULL OR key_account_unit_id IS NOT NULL)",
        "A customer file belongs to a unit: choose the home unit.",
    )
    _key_account_kind_state = models.Constraint(
        "CHECK ((key_account_kind IS NULL) = (key_account_state IS NULL))",
        "A customer file is in a state of its life-cycle.",
    )

    @api.depends(
        "key_account_unit_id", "commercial_partner_id.key_account_line_file_ids.unit_id"
    )
    def _compute_key_account_scope_id(self):
        homes = self.filtered("key_account_unit_id")
        served = homes._key_account_get_line_units()
        keys = {
            partner: self.env["key.account.scope"]._make_key(
                partner.key_account_unit_id._origin.ids
                + served.get(partner.commercial_partner_id._origin.id, [])
            )
            for partner in homes
        }
        scopes = self.env["key.account.scope"]._get_for_keys(set(keys.values()))
        for partner in self:
            partner.key_account_scope_id = scopes.get(keys.get(partner), False)

    def _key_account_get_line_units(self):
        """Map the ids of customers to those of the units of all their line files.

        Grouped, never read through the customer's one2many: that would leave files of
        other companies in the cache the user reads from afterwards.
        """
        # sudo: the lines of other companies count, and only their units come out.
        groups = (
            self.env["key.account.line.file"]
            .sudo()
            ._read_group(
                [("partner_id", "in", self.commercial_partner_id._origin.ids)],
                ["partner_id"],
                ["unit_id:array_agg"],
            )
        )
        return {partner.id: unit_ids for partner, unit_ids in groups}

    @api.constrains("key_account_kind", "parent_id", "is_company")
    def _check_key_account_kind(self):
        for partner in self:
            if partner.key_account_kind and partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: only "
                        "%(company)s carries the customer file.",
                        contact=partner.name,
                        company=partner.commercial_partner_id.name,
                    )
                )

    @api.constrains("key_account_unit_id")
    def _check_key_account_unit_id(self):
        for partner in self:
            if partner.key_account_kind and not partner.key_account_unit_id.active:
                raise ValidationError(
                    self.env._(
                        "The unit %(unit)s is closed: choose an open one for "
                        "%(customer)s.",
                        unit=partner.key_account_unit_id.name,
                        customer=partner.name,
                    )
                )

    @api.constrains("key_account_parent_id")
    def _check_key_account_parent_id(self):
        if self._has_cycle("key_account_parent_id"):
            raise ValidationError(
                self.env._("A group cannot stand below itself: choose another parent.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_key_account(self):
        if any(partner.key_account_kind for partner in self):
            raise UserError(
                self.env._(
                    "A customer file is closed, not deleted: move the customer to "
                    "Churned, or merge it with its duplicate."
                )
            )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + sorted(ASSIGNMENT)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._key_account_prepare_create(vals)
        partners = super().create(vals_list)
        partners.filtered("key_account_kind")._key_account_ensure_standing()
        return partners

    @api.model
    def _key_account_prepare_create(self, vals):
        """Complete the values of a customer or of a contact of one, in place."""
        self._key_account_check_parent(vals)
        if vals.get("parent_id") and not vals.get("is_company"):
            # sudo: a contact is put where its customer is; the create rule then says
            # whether the user may.
            parent = self.sudo().browse(vals["parent_id"]).commercial_partner_id
            vals["key_account_unit_id"] = parent.key_account_unit_id.id
            vals["key_account_manager_id"] = parent.key_account_manager_id.id
        elif vals.get("key_account_kind"):
            user = self.env.user
            vals.setdefault("is_company", vals["key_account_kind"] != "individual")
            vals["key_account_state"] = vals.get("key_account_state") or "active"
            if vals["key_account_state"] not in FIRST_STATES and not self.env.su:
                raise UserError(
                    self.env._("A new customer file is Potential or Active.")
                )
            # A form sends what it leaves empty.
            if not vals.get("key_account_unit_id"):
                vals["key_account_unit_id"] = user.key_account_unit_id.id
            if user.key_account_role == "manager":
                vals["key_account_manager_id"] = (
                    vals.get("key_account_manager_id") or user.id
                )
            if not vals.get("key_account_code"):
                vals["key_account_code"] = self._key_account_next_code()
        else:
            vals.pop("key_account_state", None)

    @api.model
    def _key_account_next_code(self):
        # sudo: nobody but the system draws numbers.
        return self.env["ir.sequence"].sudo().next_by_code("key.account.customer")

    def write(self, vals):
        assigned = self._key_account_get_assigned(vals)
        if not self.env.su:
            self._key_account_check_write(vals, assigned)
        if vals.get("key_account_kind") and "key_account_state" not in vals:
            self.check_access("write")
            self._key_account_register(vals["key_account_kind"])
        result = super().write(vals)
        if assigned:
            if not self.env.su:
                assigned._key_account_check_given_away()
            assigned._key_account_realign_facts()
        if vals.get("key_account_kind"):
            self._key_account_ensure_standing()
        return result

    def _key_account_get_assigned(self, vals):
        """The partners whose unit or manager these values would really change."""
        fnames = ASSIGNMENT & vals.keys()
        if not fnames:
            return self.browse()
        # sudo: only compared; the write itself is checked.
        return self.filtered(
            lambda partner: any(
                partner.sudo()[fname].id != (vals[fname] or False) for fname in fnames
            )
        )

    def _key_account_check_write(self, vals, assigned):
        """Refuse what a screen never sends: states, or an assignment by a manager."""
        if "key_account_state" in vals:
            raise AccessError(
                self.env._("The life-cycle state is changed by a move with a reason.")
            )
        if "key_account_scope_id" in vals:
            raise AccessError(self.env._("The serving units follow the line files."))
        parent_id = vals.get("parent_id")
        if parent_id and any(partner.parent_id.id != parent_id for partner in self):
            self._key_account_check_parent(vals)
        if assigned and self.env.user.key_account_role == "manager":
            raise AccessError(
                self.env._(
                    "Account managers do not assign customers: ask the head of your "
                    "department."
                )
            )

    @api.model
    def _key_account_check_parent(self, vals):
        """Whoever keeps a customer's file says what contacts come below it."""
        parent = self.browse(vals.get("parent_id") or [])
        # sudo: only whether it is a customer, whatever the user may read of it.
        if parent.sudo().commercial_partner_id.key_account_unit_id:
            parent.check_access("write")

    def _key_account_check_given_away(self):
        """Whoever assigns may do so inside his own units only (domain 3.2)."""
        self.env.flush_all()
        if not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "You can assign customers to units and managers of your own unit "
                    "only: ask the level above."
                )
            )

    def _key_account_register(self, kind):
        """Give partners that become customers a code, a unit and a first state."""
        for partner in self.filtered(lambda partner: not partner.key_account_kind):
            unit = partner.key_account_unit_id or self.env.user.key_account_unit_id
            partner.sudo().write(  # sudo: the state is written by moves only
                {
                    "key_account_kind": kind,
                    "key_account_state": "active",
                    "key_account_unit_id": unit.id,
                    "key_account_code": partner.key_account_code
                    or self._key_account_next_code(),
                }
            )

    def _key_account_ensure_standing(self):
        """Every customer has its one narrow row."""
        self.env["key.account.standing"]._ensure(self)

    def _key_account_realign_facts(self):
        """Facts of these customers follow the present units and managers, in sets."""
        if not self.ids:
            return
        self.env.flush_all()
        self.env["key.account.standing"]._realign(self.ids)
        for name in self._key_account_fact_models():
            model = self.env[name]
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s AS fact
                       SET unit_id = owner.unit_id, manager_id = owner.manager_id
                      FROM (
                        SELECT entry.id,
                               CASE WHEN file.id IS NULL
                                    THEN partner.key_account_unit_id
                                    ELSE file.unit_id END AS unit_id,
                               CASE WHEN file.id IS NULL
                                    THEN partner.key_account_manager_id
                                    ELSE file.manager_id END AS manager_id
                          FROM %(table)s AS entry
                          JOIN res_partner AS partner
                            ON partner.id = entry.partner_id
                          LEFT JOIN key_account_line_file AS file
                            ON file.partner_id = entry.partner_id
                           AND file.line_id = entry.line_id
                         WHERE entry.partner_id = ANY(%(partners)s)
                      ) AS owner
                     WHERE owner.id = fact.id
                       AND (fact.unit_id, fact.manager_id)
                           IS DISTINCT FROM (owner.unit_id, owner.manager_id)
                    """,
                    table=SQL.identifier(model._table),
                    partners=list(self.ids),
                )
            )
            model.invalidate_model(["unit_id", "manager_id"], flush=False)

    @api.model
    def _key_account_fact_models(self):
        """Names of the models whose rows carry the unit and manager of a customer."""
        mixin = self.env.registry["key.account.fact.mixin"]
        names = set(mixin._inherit_children) - {"key.account.fact.mixin"}
        return sorted(name for name in names if self.env[name]._auto)
