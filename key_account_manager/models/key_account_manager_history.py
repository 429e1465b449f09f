# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountManager(models.Model):
    """Training, work history, languages and certificates (MGR-01, MGR-08): those of
    the employee, in the skills of human resources."""

    _inherit = "key.account.manager"

    resume_line_ids = fields.Many2many(
        comodel_name="hr.resume.line",
        string="Work History and Training",
        compute="_compute_history",
    )
    skill_ids = fields.Many2many(
        comodel_name="hr.employee.skill",
        string="Languages, Skills and Certificates",
        compute="_compute_history",
    )
    skill_text = fields.Char(
        string="Languages and Skills",
        compute="_compute_history",
        search="_search_skill",
    )

    @api.depends("employee_id")
    def _compute_history(self):
        lines = self._group_of_employees("hr.resume.line")
        skills = self._group_of_employees("hr.employee.skill")
        for file in self:
            file.resume_line_ids = lines.get(file.employee_id, [])
            mine = skills.get(file.employee_id, self.env["hr.employee.skill"])
            file.skill_ids = mine
            file.skill_text = ", ".join(
                f"{skill.skill_id.name} ({skill.skill_level_id.name})" for skill in mine
            )

    def _group_of_employees(self, model_name):
        # sudo: no more than whose files they are.
        domain = [("employee_id", "in", self.sudo().employee_id.ids)]
        found = self.env[model_name].search(domain)
        # sudo: whose row it is; the rows are those that their reader may open.
        return found.grouped(lambda row: row.sudo().employee_id.sudo(False))

    def _search_skill(self, operator, value):
        if operator not in ("ilike", "=ilike"):
            return NotImplemented
        # sudo: as above; the rules of files decide what is found.
        skills = self.env["hr.employee.skill"].sudo()
        found = skills.search([("skill_id.name", operator, value)])
        return [("employee_id", "in", found.employee_id.ids)]

    def action_add_record(self):
        """Add a training, a post, a language or a certificate."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add to the History"),
            "res_model": "key.account.manager.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_file_id": self.id},
        }
