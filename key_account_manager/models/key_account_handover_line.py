# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

STATES = [
    ("planned", "Planned"),
    ("moved", "Moved"),
    ("skipped", "Left out"),
]


class KeyAccountHandoverLine(models.Model):
    """One customer, or its file of one line, that changes hands by an order."""

    _name = "key.account.handover.line"
    _description = "Row of a Hand-over"
    _inherit = ["key.account.fact.mixin"]
    _order = "order_id desc, id"
    _rec_name = "partner_id"

    order_id = fields.Many2one(
        comodel_name="key.account.handover",
        string="Hand-over",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users", string="From", readonly=True, ondelete="restrict"
    )
    from_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="From Unit",
        readonly=True,
        ondelete="restrict",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users", string="To", readonly=True, ondelete="restrict"
    )
    to_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="To Unit",
        readonly=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=STATES, default="planned", required=True, readonly=True
    )
    problem = fields.Selection(
        selection=[
            ("overtaken", "Assigned Otherwise Meanwhile"),
            ("gone", "No Longer a Customer"),
        ],
        string="Why Left out",
        readonly=True,
    )
