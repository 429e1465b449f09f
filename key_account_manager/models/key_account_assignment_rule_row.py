# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.key_account_crm.models.res_partner import KINDS


class KeyAccountAssignmentRuleRow(models.Model):
    """Which customers a row of an assignment rule is about, and who gets them."""

    _name = "key.account.assignment.rule.row"
    _description = "Row of an Assignment Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, sequence, id"
    _rec_name = "code"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.assignment.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code = fields.Char(required=True, help="Names the row within the rule.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection=KINDS, help="Empty: any.")
    industry_id = fields.Many2one(
        comodel_name="res.partner.industry",
        string="Industry",
        ondelete="restrict",
        help="Empty: any.",
    )
    city = fields.Char(string="Region", help="In the address: city. Empty: any.")
    home_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Home Unit",
        ondelete="restrict",
        help="With the units below. Empty: any.",
    )
    grade_codes = fields.Char(
        string="Grades", help="Codes separated by commas: A1,A2. Empty: any."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Goes to",
        domain=[("key_account_role", "=", "manager")],
        ondelete="restrict",
    )
    target_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Or Shared by",
        ondelete="restrict",
        help="The managers of this unit and below, by how much room each has left.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (rule_id, code)", "The rule has a row with this code already."
    )

    def _get_domain(self):
        """The customers this row is about."""
        domain = Domain.TRUE
        if self.kind:
            domain &= Domain("key_account_kind", "=", self.kind)
        if self.industry_id:
            domain &= Domain("industry_id", "=", self.industry_id.id)
        if self.city:
            domain &= Domain("city", "=ilike", self.city.strip())
        if self.home_unit_id:
            domain &= Domain("key_account_unit_id", "child_of", self.home_unit_id.id)
        if self.grade_codes:
            codes = [code.strip() for code in self.grade_codes.split(",")]
            domain &= Domain("key_account_grade_id.code", "in", codes)
        return domain
