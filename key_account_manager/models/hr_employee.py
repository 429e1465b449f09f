# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class HrEmployee(models.Model):
    """An employee who may be an account manager: a link, and nothing more."""

    _inherit = "hr.employee"

    key_account_file_ids = fields.One2many(
        comodel_name="key.account.manager",
        inverse_name="employee_id",
        string="Manager File",
        groups="hr.group_hr_user",
    )
