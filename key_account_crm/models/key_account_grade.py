# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner import KINDS


class KeyAccountGrade(models.Model):
    """A level of customers: diamond, gold, silver; A1 … D; class 1 … (GRD-04).

    Which customers have it is said by the rules (``key.account.grade.rule``).
    """

    _name = "key.account.grade"
    _description = "Grade"
    _order = "rank desc, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(
        required=True, help="Text: files and rules name the grade by it."
    )
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    rank = fields.Integer(
        required=True,
        default=10,
        help="Of two grades that apply to a customer the one of the higher rank wins.",
    )
    color = fields.Integer()
    is_group = fields.Boolean(string="Groups", default=True)
    is_professional = fields.Boolean(string="Professional Customers", default=True)
    is_individual = fields.Boolean(string="Individuals", default=True)
    card_kind = fields.Char(
        help="Code of the kind of VIP card its holders are given; empty: none."
    )
    note = fields.Text(string="Remarks")
    customer_count = fields.Integer(compute="_compute_customer_count")

    _code_uniq = models.Constraint("UNIQUE (code)", "Another grade has this code.")

    @api.depends_context("uid")
    def _compute_customer_count(self):
        groups = self.env["key.account.standing"]._read_group(
            [("grade_id", "in", self.ids)], ["grade_id"], ["__count"]
        )
        counts = {grade.id: count for grade, count in groups}
        for grade in self:
            grade.customer_count = counts.get(grade.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: moves of every unit count; only whether there are any is used.
        used = self.env["key.account.grade.move"].sudo()
        for grade in self:
            of_grade = ["|", ("grade_from_id", "=", grade.id)]
            of_grade.append(("grade_to_id", "=", grade.id))
            if used.search_count(of_grade, limit=1):
                raise UserError(
                    self.env._(
                        "Customers have or had the grade %(grade)s: archive it.",
                        grade=grade.name,
                    )
                )

    def action_view_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_action"
        )
        action["domain"] = [
            ("key_account_kind", "!=", False),
            ("key_account_grade_id", "=", self.id),
        ]
        return action

    @api.model
    def _get_code_options(self):
        """Codes with their names, of grades no longer given as well: rows that keep the
        code of a grade show its name in the language of the reader."""
        grades = self.with_context(active_test=False).search([])
        return [(grade.code, grade.name) for grade in grades]

    @api.model
    def _get_kinds_field(self, kind):
        """Name of the field that says whether a kind of customers may have a grade."""
        return f"is_{kind}" if kind in dict(KINDS) else None
