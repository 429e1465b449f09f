# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_state_move import STEPS

# What only an approver (head, company, centre) may do: domain 3.2.
APPROVED_STATES = ("churned", "won_back")
BLACKLIST = {"key_account_is_blacklisted", "key_account_blacklist_reason"}


class ResPartner(models.Model):
    """A customer's life-cycle: every state it was in and what follows (FILE-19).

    Who may move a customer, besides having write access to its file:

    * suspend and resume, or put back from qualified to potential: all staff;
    * potential to qualified, and qualified to active (the conversion): all staff where
      the score of the potential file qualifies, an approver where it does not;
    * to churned, or won back: an approver.
    """

    _inherit = "res.partner"

    key_account_move_ids = fields.One2many(
        comodel_name="key.account.state.move",
        inverse_name="partner_id",
        string="Life-Cycle",
        groups="key_account_crm.group_key_account_reader",
    )
    key_account_potential_ids = fields.One2many(
        comodel_name="key.account.potential",
        inverse_name="partner_id",
        string="Potential Files",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )
    key_account_churn_ids = fields.One2many(
        comodel_name="key.account.churn",
        inverse_name="partner_id",
        string="Churned Files",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )
    key_account_potential_count = fields.Integer(
        string="Number of Potential Files",
        compute="_compute_key_account_file_counts",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )
    key_account_churn_count = fields.Integer(
        string="Number of Churned Files",
        compute="_compute_key_account_file_counts",
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_office",
    )
    key_account_next_states = fields.Char(
        string="Next States",
        compute="_compute_key_account_next_states",
        help="The states the reader may move the customer to, comma separated.",
    )
    key_account_is_blacklisted = fields.Boolean(
        string="Blacklisted",
        copy=False,
        tracking=True,
        help="Cannot become a key account. Set by those who approve.",
    )
    key_account_blacklist_reason = fields.Char(
        string="Reason of Blacklisting", copy=False
    )

    @api.depends("key_account_potential_ids", "key_account_churn_ids")
    @api.depends_context("uid")
    def _compute_key_account_file_counts(self):
        for fname, model in (
            ("key_account_potential_count", "key.account.potential"),
            ("key_account_churn_count", "key.account.churn"),
        ):
            groups = self.env[model]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
            counts = {partner.id: count for partner, count in groups}
            for partner in self:
                partner[fname] = counts.get(partner.id, 0)

    @api.depends("key_account_state")
    @api.depends_context("uid")
    def _compute_key_account_next_states(self):
        customers = self.filtered(lambda p: p.key_account_state and p._origin)
        writable = customers._origin._filtered_access("write")
        qualified = writable._key_account_get_qualified()
        for partner in self:
            states = ()
            if partner._origin in writable:
                states = [
                    state
                    for state in STEPS[partner.key_account_state]
                    if not partner._origin._key_account_needs_approver(state, qualified)
                ]
            partner.key_account_next_states = ",".join(states)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        customers = partners.filtered("key_account_kind")
        if customers:
            self.env["key.account.state.move"]._complete(customers.ids)
        return partners

    def write(self, vals):
        result = super().write(vals)
        if {"key_account_kind", "key_account_state"} & vals.keys():
            self.env["key.account.state.move"]._complete(self.ids)
        if vals.get("key_account_manager_id"):
            # sudo: who asked for a manager is told by whoever assigns one.
            files = self.env["key.account.potential"].sudo()._get_open(self)
            files.activity_feedback(["key_account_crm.mail_activity_type_assign"])
        return result

    def _key_account_check_write(self, vals, assigned):
        super()._key_account_check_write(vals, assigned)
        if BLACKLIST & vals.keys() and not self._key_account_is_approver():
            raise AccessError(
                self.env._(
                    "The blacklist is kept by those who approve: ask the head of your "
                    "department."
                )
            )

    @api.model
    def _key_account_is_approver(self):
        return self.env.su or self.env.user.has_group(
            "key_account_crm.group_key_account_approver"
        )

    def _key_account_get_qualified(self):
        """Those of these customers whose open potential file has a qualifying score."""
        # sudo: only the result of the file is used, of customers the user may write.
        files = self.env["key.account.potential"].sudo()._get_open(self)
        return files.filtered(lambda f: f.result == "qualified").partner_id.sudo(False)

    def _key_account_needs_approver(self, state_to, qualified):
        """Whether this step is beyond the user's rights."""
        self.ensure_one()
        if self._key_account_is_approver():
            return False
        is_conversion = (self.key_account_state, state_to) in (
            ("potential", "qualified"),
            ("qualified", "active"),
        )
        return state_to in APPROVED_STATES or (is_conversion and self not in qualified)

    def _key_account_move(
        self,
        state_to,
        reason=None,
        reason_id=None,
        date=None,
        document=None,
        attachments=None,
    ):
        """Move customers to a state: the only way to change it. Returns the moves.

        :param str reason: in words; this or the term is needed
        :param int reason_id: a term of the category move_reason
        :param date: the day, today unless told
        :param str document: reference of what the move rests on
        :param attachments: ir.attachment records uploaded for a single move
        """
        if not (reason or reason_id):
            raise UserError(
                self.env._("A move has a reason: choose one, or write it down.")
            )
        self._key_account_check_move(state_to)
        vals = {
            "state_to": state_to,
            "date": date or fields.Date.context_today(self),
            "reason_id": reason_id,
            "reason": reason,
            "document": document,
            "user_id": self.env.uid,
            "attachment_ids": attachments and attachments.ids,
        }
        # sudo: moves are made and states written here only; the rights were checked.
        moves = self.env["key.account.state.move"].sudo()
        moves = moves.create(self._key_account_prepare_moves(vals))
        if attachments:
            moves.sudo(False)._attach(attachments)
        self.sudo().write({"key_account_state": state_to})
        moves._follow_up()
        return moves.sudo(False)

    def _key_account_prepare_moves(self, vals):
        return [
            {**vals, "partner_id": partner.id, "state_from": partner.key_account_state}
            for partner in self
        ]

    def _key_account_check_move(self, state_to):
        """Refuse steps that the life-cycle, or the user's rights, do not allow."""
        self.check_access("write")
        qualified = self._key_account_get_qualified()
        for partner in self:
            if state_to not in STEPS.get(partner.key_account_state, ()):
                raise UserError(partner._key_account_explain_steps(state_to))
            if partner._key_account_needs_approver(state_to, qualified):
                raise AccessError(partner._key_account_explain_approver(state_to))

    def _key_account_explain_steps(self, state_to):
        labels = dict(
            self._fields["key_account_state"]._description_selection(self.env)
        )
        if not self.key_account_state:
            return self.env._(
                "%(partner)s has no customer file: register the customer first.",
                partner=self.display_name,
            )
        return self.env._(
            "%(customer)s is %(state)s and cannot become %(wanted)s from there. What "
            "may follow: %(steps)s.",
            customer=self.display_name,
            state=labels[self.key_account_state],
            wanted=labels.get(state_to, state_to),
            steps=", ".join(labels[step] for step in STEPS[self.key_account_state]),
        )

    def _key_account_explain_approver(self, state_to):
        if state_to in APPROVED_STATES:
            return self.env._(
                "Whether %(customer)s has left or is won back is decided by the head "
                "of the department, the company or the centre: ask them.",
                customer=self.display_name,
            )
        return self.env._(
            "%(customer)s has no potential file with a qualifying score: have it "
            "scored, or ask the head of your department to move it all the same.",
            customer=self.display_name,
        )

    def action_key_account_move(self):
        """Open the wizard; the button's context may say the state to move to."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_move_action"
        )
        state = self.env.context.get("key_account_state_to")
        action["context"] = {"default_partner_id": self.id}
        if state:
            action["context"]["default_state_to"] = state
        return action

    def action_key_account_potential(self):
        """Open the customer's potential file, or begin one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_potential_action"
        )
        files = self.key_account_potential_ids
        action["context"] = {"default_partner_id": self.id}
        if len(files) > 1:
            return {**action, "domain": [("partner_id", "=", self.id)]}
        return {**action, "views": [(False, "form")], "res_id": files.id}

    def action_key_account_churn(self):
        """Open the customer's churned files."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_churn_action"
        )
        files = self.key_account_churn_ids
        action["context"] = {}
        if len(files) != 1:
            return {**action, "domain": [("partner_id", "=", self.id)]}
        return {**action, "views": [(False, "form")], "res_id": files.id}
