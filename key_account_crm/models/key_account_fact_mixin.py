# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountFactMixin(models.AbstractModel):
    """What every fact about a customer carries: whose it is and who may read it.

    Unit and manager are those of the customer's file of the fact's line, or the
    customer's own where the line has none. They are columns of the fact itself, so
    that a record rule is one indexed comparison; they follow the assignment
    (``res.partner._key_account_realign_facts``).
    """

    _name = "key.account.fact.mixin"
    _description = "Key Account Fact"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("key_account_kind", "!=", False)],
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        index="btree_not_null",
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        index=True,
        readonly=True,
        ondelete="restrict",
        help="The unit that answers for this row; it follows the assignment.",
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partner_ids = {vals["partner_id"] for vals in vals_list if "partner_id" in vals}
        self.env["key.account.standing"]._touch(partner_ids)
        owners = self._get_owners(vals_list)
        for vals in vals_list:
            key = vals.get("partner_id"), vals.get("line_id") or None
            vals["unit_id"], vals["manager_id"] = owners.get(key, (False, False))
        return super().create(vals_list)

    def write(self, vals):
        # Unit and manager are never written by hand: they follow the assignment.
        vals = {k: v for k, v in vals.items() if k not in ("unit_id", "manager_id")}
        result = super().write(vals)
        if {"partner_id", "line_id"} & vals.keys():
            self.partner_id._key_account_realign_facts()
            # The row may have gone to somebody else's customer: not by this user.
            self.check_access("write")
        return result

    def action_register(self):
        """Whoever may not change what is registered gets no button to save from the
        form: this one lets it save what is new, and does nothing more."""
        return True

    @api.model
    def _get_owners(self, vals_list):
        """Map (customer, line) of the values to the unit and manager that own them."""
        self.env["res.partner"].flush_model()
        self.env["key.account.line.file"].flush_model()
        partner_ids = tuple({vals.get("partner_id") or 0 for vals in vals_list}) or (0,)
        pairs = {
            (vals.get("partner_id"), vals.get("line_id") or None) for vals in vals_list
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id, file.line_id, file.unit_id, file.manager_id,
                       partner.key_account_unit_id, partner.key_account_manager_id
                  FROM res_partner AS partner
                  LEFT JOIN key_account_line_file AS file
                    ON file.partner_id = partner.id
                 WHERE partner.id IN %s
                """,
                partner_ids,
            )
        )
        lines, homes = {}, {}
        for partner, line, unit, manager, home_unit, home_manager in rows:
            homes[partner] = home_unit, home_manager
            if line:
                lines[partner, line] = unit, manager
        return {
            (partner, line): lines.get((partner, line), homes.get(partner))
            for partner, line in pairs
            if partner in homes
        }
