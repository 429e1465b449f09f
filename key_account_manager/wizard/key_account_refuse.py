# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountRefuse(models.TransientModel):
    """Also why the change of a manager file is refused."""

    _inherit = "key.account.refuse"

    file_proposal_ids = fields.Many2many(
        comodel_name="key.account.manager.proposal",
        relation="key_account_refuse_file_proposal_rel",
        column1="refuse_id",
        column2="proposal_id",
        string="Manager Files",
        default=lambda self: self._default_ids("key.account.manager.proposal"),
    )

    def action_refuse(self):
        self.file_proposal_ids._refuse(self.reason)
        return super().action_refuse()
