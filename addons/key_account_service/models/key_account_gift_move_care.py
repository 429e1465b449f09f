# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountGiftMove(models.Model):
    """What is given is given with an act of care, for a customer."""

    _inherit = "key.account.gift.move"

    care_id = fields.Many2one(
        comodel_name="key.account.care",
        string="Care",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="key_account_crm.group_key_account_approver",
        help="Whom it was given to: for those who read every customer of the unit.",
    )

    _with_care = models.Constraint(
        "CHECK (kind NOT IN ('issued', 'returned') OR care_id IS NOT NULL)",
        "Gifts are given and returned with an act of care.",
    )
