# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountGradePropose(models.TransientModel):
    """Asks which grade, or protection, some customers should have, and why (GRD-08)."""

    _name = "key.account.grade.propose"
    _description = "Propose a Grade"

    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Customers", required=True, readonly=True
    )
    kind = fields.Char(compute="_compute_kind")
    allowed_grade_ids = fields.Many2many(
        comodel_name="key.account.grade", compute="_compute_kind"
    )
    trigger = fields.Selection(
        selection=[("manual", "Change"), ("correction", "Correction of a Mistake")],
        string="Why",
        default="manual",
        required=True,
    )
    is_protection_only = fields.Boolean(string="Protection only")
    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="New Grade",
        help="Empty: no grade.",
    )
    floor_id = fields.Many2one(comodel_name="key.account.grade", string="Not below")
    floor_until = fields.Date(string="Protected until")
    reason = fields.Text(required=True)

    @api.depends("partner_ids")
    def _compute_kind(self):
        grades = self.env["key.account.grade"]
        for wizard in self:
            kinds = set(wizard.partner_ids.mapped("key_account_kind")) - {False}
            domain = [(grades._get_kinds_field(kind), "=", True) for kind in kinds]
            wizard.kind = ",".join(sorted(kinds))
            wizard.allowed_grade_ids = grades.search(domain)

    def action_propose(self):
        self.ensure_one()
        moves = self.env["key.account.grade.move"]
        for partner in self.partner_ids:
            moves |= moves._propose(partner, self._prepare_vals(partner), self.reason)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_grade_move_action"
        )
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}

    def _prepare_vals(self, partner):
        grade = (
            partner.key_account_grade_id if self.is_protection_only else self.grade_id
        )
        return {
            "grade_to_id": grade.id,
            "trigger": self.trigger,
            "floor_id": self.floor_id.id,
            "floor_until": self.floor_until,
        }
