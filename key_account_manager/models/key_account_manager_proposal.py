# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_manager import KINDS

PROPOSED = ("kind", "grade_id", "load_max", "deputy_id", "number")


class KeyAccountManagerProposal(models.Model):
    """What a manager asks to have changed in his file: his head decides (MGR-02)."""

    _name = "key.account.manager.proposal"
    _description = "Change of a Manager File"
    _inherit = ["key.account.proposal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_proposed desc, id desc"
    _rec_name = "file_id"

    file_id = fields.Many2one(
        comodel_name="key.account.manager",
        string="Manager File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(related="file_id.user_id", store=True, index=True)
    unit_id = fields.Many2one(related="file_id.unit_id", store=True, index=True)
    reason = fields.Text(required=True)
    kind = fields.Selection(selection=KINDS, string="Proposed Kind")
    grade_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Proposed Grade",
        domain=[("category", "=", "manager_grade")],
        ondelete="restrict",
    )
    load_max = fields.Integer(string="Proposed Most Customers")
    deputy_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed Substitute",
        domain=[("key_account_role", "=", "manager")],
        ondelete="restrict",
    )
    number = fields.Char(string="Proposed Personnel Number")
    operation_ids = fields.Many2many(
        comodel_name="key.account.operation",
        relation="key_account_manager_proposal_operation_rel",
        column1="proposal_id",
        column2="operation_id",
        string="Operations to Allow",
    )
    summary = fields.Char(string="What", compute="_compute_summary")

    @api.depends("operation_ids", *PROPOSED)
    def _compute_summary(self):
        for proposal in self:
            parts = []
            for name in (*PROPOSED, "operation_ids"):
                field = proposal._fields[name]
                if proposal[name]:
                    shown = field.convert_to_export(proposal[name], proposal)
                    label = field._description_string(self.env)
                    parts.append(f"{label}: {shown}")
            proposal.summary = "; ".join(parts)

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        for proposal in proposals:
            if not self.env.su and not proposal.file_id.has_access("write"):
                raise AccessError(self.env._("This is the file of somebody else."))
            if not any(proposal[name] for name in (*PROPOSED, "operation_ids")):
                raise UserError(self.env._("Say what is to be changed in the file."))
        proposals._ask_decider()
        return proposals

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Withdraw the proposal and make a new one."))
        return super().write(vals)

    def _ask_decider(self):
        for proposal in self:
            # sudo: a task for the head, whoever proposes.
            decider = proposal.sudo().unit_id._get_decider(but=self.env.user)
            if decider:
                proposal.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Decide: change of a manager file"),
                    user_id=decider.id,
                )

    def _is_decider(self):
        """Another person than the proposer, who answers for the manager's unit."""
        self.ensure_one()
        user = self.env.user
        return (
            user not in (self.proposed_by_id, self.user_id)
            and user.has_group("key_account_crm.group_key_account_approver")
            and self.file_id.has_access("write")
        )

    def _get_decider_error(self):
        return self.env._(
            "Only a head or manager of the unit, or the centre, decides about this "
            "change."
        )

    def action_approve(self):
        """Write into the file what was proposed."""
        self._check_decider()
        for proposal in self:
            vals = {
                name: proposal._fields[name].convert_to_write(proposal[name], proposal)
                for name in PROPOSED
                if proposal[name]
            }
            added = proposal.operation_ids
            if added:
                vals["operation_ids"] = [fields.Command.link(one.id) for one in added]
            proposal._decide("applied")
            proposal.file_id.write(vals)
            # sudo: the task is done, whoever's it was.
            proposal.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_refuse(self):
        """Ask why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "key.account.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }
