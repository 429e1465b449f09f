# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_complaint import OPEN_STATES
from .key_account_complaint_flow import ANSWERED


class KeyAccountIncident(models.Model):
    """One event that many customers complain about: a cable cut, a wrong bill run.

    It says nothing of any customer, so that everybody who registers complaints finds
    it; its complaints are replied to and closed together, by each as far as he reaches.
    """

    _name = "key.account.incident"
    _description = "Incident"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "code"]

    name = fields.Char(
        required=True, tracking=True, help="What happened; no customer is named."
    )
    code = fields.Char(string="Incident Number", readonly=True, copy=False)
    note = fields.Text(string="What Is Known", help="For those who answer customers.")
    cause_id = fields.Many2one(
        comodel_name="key.account.complaint.cause",
        string="Cause",
        ondelete="restrict",
        tracking=True,
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", ondelete="restrict"
    )
    region = fields.Char()
    date_from = fields.Datetime(
        string="Since", required=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(string="Until", tracking=True, help="Empty: goes on.")
    complaint_ids = fields.One2many(
        comodel_name="key.account.complaint",
        inverse_name="incident_id",
        string="Complaints",
    )
    complaint_count = fields.Integer(
        string="Number of Complaints", compute="_compute_complaint_count"
    )
    open_count = fields.Integer(
        string="Open Complaints", compute="_compute_complaint_count"
    )

    _code_uniq = models.UniqueIndex("(code)", "Another incident has this number.")
    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An incident ends after it begins."
    )

    @api.depends_context("uid")
    @api.depends("complaint_ids.state")
    def _compute_complaint_count(self):
        groups = self.env["key.account.complaint"]._read_group(
            [("incident_id", "in", self.ids)], ["incident_id", "state"], ["__count"]
        )
        for incident in self:
            found = {
                state: count for whose, state, count in groups if whose == incident
            }
            incident.complaint_count = sum(found.values())
            incident.open_count = sum(found.get(state, 0) for state in OPEN_STATES)

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            # sudo: nobody but the system draws numbers.
            vals["code"] = sequence.sudo().next_by_code("key.account.incident")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        raise UserError(self.env._("An incident stays on record: say until when."))

    def action_reply_all(self):
        """The same answer for all open complaints of it that the user may write."""
        return self._get_reachable(OPEN_STATES).action_reply()

    def action_close_all(self):
        """Those that were replied to are closed with one reason."""
        found = self._get_reachable(ANSWERED)
        return found.with_context(default_step="close").action_ask_reason()

    def action_view_complaints(self):
        self.ensure_one()
        name = "key_account_service.key_account_complaint_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["domain"] = [("incident_id", "=", self.id)]
        action["context"] = {"default_incident_id": self.id}
        return action

    def _get_reachable(self, states):
        complaints = self.env["key.account.complaint"]
        found = complaints.search(
            [("incident_id", "in", self.ids), ("state", "in", states)]
        )._filtered_access("write")
        if not found:
            raise UserError(
                self.env._("No complaint of it in your reach waits for this.")
            )
        return found
