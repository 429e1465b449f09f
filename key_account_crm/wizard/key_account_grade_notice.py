# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountGradeNotice(models.TransientModel):
    """Shows what customers would be told before their membership ends, then sends it:
    nothing goes out unseen (design 3.12)."""

    _name = "key.account.grade.notice"
    _description = "Notices of Ending Memberships"

    line_ids = fields.One2many(
        comodel_name="key.account.grade.notice.line",
        inverse_name="wizard_id",
        string="Notices",
        default=lambda self: self._default_line_ids(),
    )

    @api.model
    def _default_line_ids(self):
        """A notice for each customer of the user's that is due one."""
        partners = self.env["res.partner"].browse(
            self.env["key.account.standing"]._get_grade_notices_due()
        )
        # The file's keepers tell the customer; others may read of it.
        mine = partners._filtered_access("write")
        lines = self.env["key.account.grade.notice.line"]
        return [(0, 0, lines._prepare_notice(partner)) for partner in mine]

    def action_send(self):
        self.ensure_one()
        lines = self.line_ids.filtered("is_chosen")
        if not lines:
            raise UserError(self.env._("Choose at least one customer to tell."))
        lines._send()
        return {"type": "ir.actions.act_window_close"}
