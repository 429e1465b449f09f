# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountDunningPolicy(models.Model):
    """What a policy says about suspensions: whom it protects, and when the service is
    resumed (ARR-05, ARR-10)."""

    _inherit = "key.account.dunning.policy"

    is_protected = fields.Boolean(
        string="Review before Suspension",
        help="Customers of this kind and grade are important: before one of them is "
        "suspended a company manager reviews the case and writes down why.",
    )
    amount_resume = fields.Float(
        string="Resume up to Amount",
        default=0,
        help="A suspended number is resumed as soon as no more than this is overdue, "
        "in the currency of its bills; 0: when all is paid.",
    )

    _resume_positive = models.Constraint(
        "CHECK (amount_resume >= 0)", "The amount is zero or more."
    )
