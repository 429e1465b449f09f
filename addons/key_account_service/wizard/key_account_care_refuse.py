# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCareRefuse(models.TransientModel):
    """Asks why acts of care do not take place: the customer refused, or we do not."""

    _name = "key.account.care.refuse"
    _description = "Care Does Not Take Place"

    care_ids = fields.Many2many(
        comodel_name="key.account.care",
        string="Care",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    result = fields.Selection(
        selection=[
            ("refused", "The Customer Refused"),
            ("cancelled", "We Do Not Do It"),
        ],
        required=True,
        default="refused",
    )
    reason = fields.Text(required=True)
    is_unwanted = fields.Boolean(
        string="Not Again",
        help="From now on the customer is not cared for in this way: an opt-out is "
        "entered.",
    )

    def action_refuse(self):
        self.ensure_one()
        if self.result == "refused":
            self.care_ids._refuse(self.reason, self.is_unwanted)
        else:
            self.care_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
