# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KeyAccountTreeMixin(models.AbstractModel):
    """A word of a dictionary that is a tree: a branch is chosen with all below it.

    What a word does not say itself it has from the next one above that does
    (``_get_inherited``).
    """

    _name = "key.account.tree.mixin"
    _description = "Dictionary Tree"
    _parent_store = True
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    display_name = fields.Char(recursive=True)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_path = fields.Char(index=True)
    note = fields.Text(string="Remarks")

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for word in self:
            # sudo: the words above belong to the name, archived ones too.
            above = word.sudo().parent_id.display_name
            word.display_name = f"{above} / {word.name}" if above else word.name

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A word cannot stand below itself: choose another one.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: complaints of every unit count; only whether there are any is used.
        complaints = self.env["key.account.complaint"].sudo()
        field = self._complaint_field
        for word in self:
            if complaints.search_count([(field, "child_of", word.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Complaints are filed under %(word)s: archive it.",
                        word=word.name,
                    )
                )

    def _get_inherited(self, fname):
        """The value of the word, or of the nearest one above that has one."""
        self.ensure_one()
        word = self
        while word and not word[fname]:
            word = word.parent_id
        return word[fname]
