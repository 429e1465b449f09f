# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPlanCopyLine(models.TransientModel):
    """What becomes of one target of a copied plan."""

    _name = "key.account.plan.copy.line"
    _description = "Target to Be Copied"

    wizard_id = fields.Many2one(
        comodel_name="key.account.plan.copy", required=True, ondelete="cascade"
    )
    target_id = fields.Many2one(
        comodel_name="key.account.plan.target",
        string="Indicator",
        required=True,
        ondelete="cascade",
    )
    target = fields.Float(string="Target before", related="target_id.target")
    actual = fields.Float(string="Reached", related="target_id.actual")
    target_new = fields.Float(string="New Target", digits=(16, 2))

    def _prepare_vals(self):
        origin = self.target_id
        return {
            "sequence": origin.sequence,
            "indicator_id": origin.indicator_id.id,
            "content_id": origin.content_id.id,
            "weight": origin.weight,
            "target": self.target_new,
        }
