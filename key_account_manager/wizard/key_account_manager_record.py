# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class KeyAccountManagerRecord(models.TransientModel):
    """Adds a training, a post, a language or a certificate to a manager's history."""

    _name = "key.account.manager.record"
    _description = "Entry of a Manager's History"

    file_id = fields.Many2one(
        comodel_name="key.account.manager",
        string="Account Manager",
        required=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("history", "Training or Post"),
            ("skill", "Language, Skill or Certificate"),
        ],
        default="history",
        required=True,
    )
    line_type_id = fields.Many2one(comodel_name="hr.resume.line.type", string="Type")
    name = fields.Char(string="Title")
    date_start = fields.Date(string="From", default=fields.Date.context_today)
    date_end = fields.Date(string="Until")
    description = fields.Text()
    skill_type_id = fields.Many2one(
        comodel_name="hr.skill.type", string="Kind of Skill"
    )
    skill_id = fields.Many2one(
        comodel_name="hr.skill", domain="[('skill_type_id', '=', skill_type_id)]"
    )
    skill_level_id = fields.Many2one(
        comodel_name="hr.skill.level",
        string="Level",
        domain="[('skill_type_id', '=', skill_type_id)]",
    )

    @api.onchange("skill_type_id")
    def _onchange_skill_type_id(self):
        self.skill_id = self.skill_level_id = False

    def action_add(self):
        """Add it as the manager himself, or whoever writes the file."""
        self.ensure_one()
        if not self.file_id.has_access("write"):
            raise AccessError(
                self.env._("Only the manager and his heads add to his history.")
            )
        # sudo: skills and history are the employee's, who may be edited by human
        # resources only; that the present user keeps the file was checked.
        employee = self.file_id.sudo().employee_id
        if self.kind == "history":
            self.env["hr.resume.line"].sudo().create(self._prepare_line_vals(employee))
        else:
            self.env["hr.employee.skill"].sudo().create(
                self._prepare_skill_vals(employee)
            )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_line_vals(self, employee):
        if not self.name or not self.date_start:
            raise UserError(self.env._("Enter a title and the first day."))
        return {
            "employee_id": employee.id,
            "name": self.name,
            "line_type_id": self.line_type_id.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "description": self.description,
        }

    def _prepare_skill_vals(self, employee):
        if not self.skill_id or not self.skill_level_id:
            raise UserError(self.env._("Choose the skill and the level."))
        return {
            "employee_id": employee.id,
            "skill_type_id": self.skill_type_id.id,
            "skill_id": self.skill_id.id,
            "skill_level_id": self.skill_level_id.id,
            "valid_from": self.date_start,
            "valid_to": self.date_end,
        }
