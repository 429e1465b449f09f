# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountTerm(models.Model):
    """An outside system asks and answers with the key of a user of its own."""

    _inherit = "key.account.term"

    handoff_user_id = fields.Many2one(
        comodel_name="res.users",
        string="User of the System",
        ondelete="set null",
        groups="key_account_crm.group_key_account_centre,"
        "key_account_crm.group_key_account_admin",
        help="Whose API key the outside system uses: it reads what it was handed, and "
        "answers that, and nothing else.",
    )
