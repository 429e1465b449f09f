# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

DIRECT_ROWS = 200


class KeyAccountRequestClose(models.TransientModel):
    """Asks what came of requests, and stops their clocks: one, or thousands."""

    _name = "key.account.request.close"
    _description = "Requests Are Done"

    request_ids = fields.Many2many(
        comodel_name="key.account.request",
        string="Requests",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    request_count = fields.Integer(
        string="Number of Requests", compute="_compute_request_count"
    )
    date_done = fields.Datetime(
        string="Done at", help="Empty: now. An earlier moment when it is entered later."
    )
    result_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Result",
        domain=[("category", "=", "request_result")],
    )
    result = fields.Text(string="What Was Done")
    currency_id = fields.Many2one(related="request_ids.currency_id")
    cost = fields.Float(help="Of each request.")

    @api.depends("request_ids")
    def _compute_request_count(self):
        for wizard in self:
            wizard.request_count = len(wizard.request_ids)

    def action_done(self):
        """At once when there are few, in a batch that shows how far it is otherwise."""
        self.ensure_one()
        vals = self._prepare_request_vals()
        requests = self.request_ids
        if len(requests) <= DIRECT_ROWS:
            requests._finish(date=self.date_done, **vals)
            return {"type": "ir.actions.act_window_close"}
        run = requests._start_bulk(self.date_done, vals)
        return run._get_run_action()

    def _prepare_request_vals(self):
        vals = {"result_id": self.result_id.id, "result": self.result}
        if self.cost:
            vals["cost"] = self.cost
        return vals
