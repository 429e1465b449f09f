# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..models.key_account_clock_mixin_customer import MARKS


class KeyAccountCareFinish(models.TransientModel):
    """Asks what came of acts of care: of one, or of many at once."""

    _name = "key.account.care.finish"
    _description = "Care Is Done"

    care_ids = fields.Many2many(
        comodel_name="key.account.care",
        string="Care",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    care_count = fields.Integer(string="Number", compute="_compute_care_count")
    date_done = fields.Date(
        string="Done on", required=True, default=fields.Date.context_today
    )
    outcome = fields.Text(help="What came of it, what the customer said.")
    mark = fields.Selection(selection=MARKS, string="Satisfaction")
    has_cost = fields.Boolean(
        string="Another Cost than Planned", help="Otherwise it cost what was planned."
    )
    cost = fields.Monetary(string="Cost of Each", help="Besides the gift.")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_care_count"
    )
    gift_count = fields.Integer(
        string="Gifts to Take from Stock", compute="_compute_care_count"
    )

    @api.depends("care_ids")
    def _compute_care_count(self):
        for wizard in self:
            cares = wizard.care_ids
            wizard.care_count = len(cares)
            wizard.currency_id = cares[:1].currency_id or self.env.company.currency_id
            wizard.gift_count = sum(
                care.gift_quantity
                for care in cares
                if care.gift_id and not care.gift_cost
            )

    def action_done(self):
        self.ensure_one()
        vals = {"outcome": self.outcome, "mark": self.mark}
        if self.has_cost:
            vals["cost"] = self.cost
        self.care_ids._finish(date=self.date_done, **vals)
        return {"type": "ir.actions.act_window_close"}
