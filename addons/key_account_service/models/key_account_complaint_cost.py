# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountComplaint(models.Model):
    """What a complaint cost: the handling, and what the customer was given."""

    _inherit = "key.account.complaint"

    compensation_ids = fields.One2many(
        comodel_name="key.account.compensation",
        inverse_name="complaint_id",
        string="Compensations",
        readonly=True,
    )
    compensation = fields.Monetary(
        readonly=True,
        copy=False,
        help="The sum of what was granted.",
    )
    cost_total = fields.Monetary(
        string="Total Cost",
        compute="_compute_cost_total",
        store=True,
        help="Handling and compensation.",
    )
    waiting_compensation_count = fields.Integer(
        string="To Approve", compute="_compute_waiting_compensation_count"
    )

    @api.depends("cost", "compensation")
    def _compute_cost_total(self):
        for complaint in self:
            complaint.cost_total = complaint.cost + complaint.compensation

    @api.depends("compensation_ids.state")
    def _compute_waiting_compensation_count(self):
        for complaint in self:
            waiting = complaint.compensation_ids.filtered(
                lambda row: row.state == "requested"
            )
            complaint.waiting_compensation_count = len(waiting)

    def action_compensate(self):
        """Ask for something to be given to the customer."""
        self.ensure_one()
        name = "key_account_service.key_account_compensation_action_new"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["context"] = {"default_complaint_id": self.id}
        return action

    def _sum_compensation(self):
        """The granted compensations of these complaints are their sums."""
        # sudo: the whole sum belongs to the complaint.
        groups = self.env["key.account.compensation"].sudo()
        groups = groups._read_group(
            [("complaint_id", "in", self.ids), ("state", "=", "granted")],
            ["complaint_id"],
            ["amount:sum"],
        )
        sums = {complaint.id: amount for complaint, amount in groups}
        for complaint in self:
            complaint._move({"compensation": sums.get(complaint.id, 0)})
