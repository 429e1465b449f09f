# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.key_account_plan_target import SPLIT_KEYS


class KeyAccountPlanSplitLine(models.TransientModel):
    """By which key one target is split."""

    _name = "key.account.plan.split.line"
    _description = "Target to Be Split"

    wizard_id = fields.Many2one(
        comodel_name="key.account.plan.split", required=True, ondelete="cascade"
    )
    target_id = fields.Many2one(
        comodel_name="key.account.plan.target",
        string="Indicator",
        required=True,
        ondelete="cascade",
    )
    target = fields.Float(related="target_id.target")
    key = fields.Selection(
        selection=SPLIT_KEYS[:3], string="Split by", default="equal", required=True
    )
