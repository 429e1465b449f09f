# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardBenefit(models.Model):
    """Something a VIP card gives: the lounge, the reserved counter, the hotline …"""

    _name = "key.account.card.benefit"
    _description = "VIP Card Benefit"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    counts_companions = fields.Boolean(
        string="Companions Count",
        help="Each companion uses one more of the yearly allowance.",
    )
    note = fields.Text(string="Conditions", translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "There is a benefit with this code."
    )
