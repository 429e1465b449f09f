# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPointRefuse(models.TransientModel):
    """Asks why redemptions or points by hand are refused, or redemptions cancelled."""

    _name = "key.account.point.refuse"
    _description = "Refuse or Cancel Points"

    redemption_ids = fields.Many2many(comodel_name="key.account.point.redemption")
    adjustment_ids = fields.Many2many(comodel_name="key.account.point.adjustment")
    verdict = fields.Selection(
        selection=[("refuse", "Refuse"), ("cancel", "Cancel")],
        default="refuse",
        required=True,
    )
    reason = fields.Text(required=True)

    def action_decide(self):
        self.ensure_one()
        if self.verdict == "cancel":
            self.redemption_ids._cancel(self.reason)
        else:
            for rows in (self.redemption_ids, self.adjustment_ids):
                if rows:
                    rows._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
