# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountPlanItem(models.Model):
    """One thing a plan says is to be done: its content, and with which customers."""

    _name = "key.account.plan.item"
    _description = "Plan Item"
    _inherit = ["key.account.plan.part.mixin"]
    _order = "plan_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(string="What Is to Be Done", required=True)
    content_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Content",
        domain=[("category", "=", "plan_content")],
        ondelete="restrict",
        index="btree_not_null",
    )
    date_due = fields.Date(string="Until")
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_plan_item_partner_rel",
        column1="item_id",
        column2="partner_id",
        string="Target Customers",
        domain=[("key_account_kind", "!=", False)],
        help="Whom it is about.",
    )
    target_ids = fields.One2many(
        comodel_name="key.account.plan.target",
        inverse_name="item_id",
        string="Measured by",
    )
    is_done = fields.Boolean(string="Done", copy=False)
    note = fields.Text(string="Remarks", help="How far it is, what gets in the way.")

    _plan_part_open_fields = ("is_done", "note")
