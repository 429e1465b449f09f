# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountInquiryContent(models.Model):
    """What customers ask about, as a tree: bills, of them amounts (ANA-15)."""

    _name = "key.account.inquiry.content"
    _description = "Inquiry Content"
    _parent_store = True
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    parent_id = fields.Many2one(
        comodel_name="key.account.inquiry.content",
        string="Part of",
        index=True,
        ondelete="restrict",
    )
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "There is an inquiry content with this code."
    )

    @api.depends("name", "parent_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for content in self:
            names = [content.name or ""]
            above = content.parent_id
            while above:
                names.insert(0, above.name)
                above = above.parent_id
            content.display_name = " / ".join(names)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A content cannot be part of itself: choose another one.")
            )
