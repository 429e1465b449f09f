# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """Words of plans and tasks."""

    _inherit = "key.account.term"

    category = fields.Selection(
        selection_add=[
            ("plan_content", "Content of Plans"),
            ("task_kind", "Task Kind"),
        ],
        ondelete={"plan_content": "cascade", "task_kind": "cascade"},
    )
