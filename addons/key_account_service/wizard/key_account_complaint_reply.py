# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountComplaintReply(models.TransientModel):
    """Asks what the customers were replied, why it happened and what it cost: of one
    complaint, or of all those of an incident."""

    _name = "key.account.complaint.reply"
    _description = "Reply to Complaints"

    complaint_ids = fields.Many2many(
        comodel_name="key.account.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    complaint_count = fields.Integer(
        string="Number of Complaints", compute="_compute_complaint_count"
    )
    reply = fields.Text(string="What Was Replied", required=True)
    cause_id = fields.Many2one(
        comodel_name="key.account.complaint.cause",
        string="Cause",
        compute="_compute_cause_id",
        store=True,
        readonly=False,
    )
    is_founded = fields.Boolean(
        string="Justified", default=True, help="The customer was right."
    )
    date_replied = fields.Datetime(
        string="Replied on",
        help="Empty: now. An earlier moment when it is entered later.",
    )
    currency_id = fields.Many2one(related="complaint_ids.currency_id")
    cost = fields.Float(string="Handling Cost", help="Of each complaint.")

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for wizard in self:
            wizard.complaint_count = len(wizard.complaint_ids)

    @api.depends("complaint_ids")
    def _compute_cause_id(self):
        for wizard in self:
            found = wizard.complaint_ids
            causes = found.cause_id | found.incident_id.cause_id
            wizard.cause_id = causes if len(causes) == 1 else False

    def action_reply(self):
        self.ensure_one()
        self.complaint_ids._reply(
            self.reply, self.date_replied, **self._prepare_complaint_vals()
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_complaint_vals(self):
        vals = {"is_founded": self.is_founded}
        if self.cause_id:
            vals["cause_id"] = self.cause_id.id
        if self.cost:
            vals["cost"] = self.cost
        return vals
