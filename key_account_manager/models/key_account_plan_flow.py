# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

APPROVERS = ("head", "company", "centre", "office")
# Who approves for everybody, also for the top unit.
TOP = ("centre", "office")


class KeyAccountPlan(models.Model):
    """The steps of a plan: submitted by one person, approved by another one above."""

    _inherit = "key.account.plan"

    @api.depends("state", "submitted_by_id", "manager_id", "unit_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for plan in self:
            plan.can_approve = plan._is_superior() and (
                plan.submitted_by_id != self.env.user
            )

    def _is_superior(self):
        """Whether the user stands above whose plan it is: somebody who answers for the
        manager's unit, of a unit's plan for one above it; nobody for himself."""
        self.ensure_one()
        user = self.env.user
        if self.env.su:
            return True
        if user.key_account_role not in APPROVERS or self.manager_id == user:
            return False
        if not self.has_access("read"):
            return False
        is_own = self.unit_id == user.key_account_unit_id and not self.manager_id
        return not is_own or user.key_account_role in TOP

    def _is_set_from_above(self):
        """Whether the user has this plan from somebody above him: he works on it, but
        neither takes it out of the tree nor deletes it."""
        self.ensure_one()
        return self.author_id != self.env.user and not self._is_superior()

    def _get_set_from_above_error(self):
        return self.env._(
            "The plan was set from above: suggest what should be otherwise."
        )

    def action_submit(self):
        """To whoever decides: from here on only steps change it."""
        self.check_access("write")
        self._lock("draft")
        for plan in self:
            if not plan.target_ids and not plan.item_ids:
                raise UserError(
                    self.env._(
                        "%(plan)s has neither items nor targets: say what is to be "
                        "reached.",
                        plan=plan.display_name,
                    )
                )
        self._step(
            "submitted",
            submitted_by_id=self.env.uid,
            date_submitted=fields.Datetime.now(),
            refusal=False,
        )
        self._ask_superiors()
        return True

    def action_approve(self):
        """By another person than who submitted it, of above (ORG-09)."""
        self._check_superior()
        self._lock("submitted")
        for plan in self:
            if plan.submitted_by_id == self.env.user and not self.env.su:
                raise AccessError(
                    self.env._(
                        "You submitted %(plan)s yourself: another person approves it.",
                        plan=plan.display_name,
                    )
                )
        self._step(
            "approved",
            approver_id=self.env.uid,
            date_approved=fields.Datetime.now(),
        )
        # sudo: reminders of whoever was asked are done with.
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self._start()
        return True

    def _return(self, reason):
        """Back to whoever made it, with a reason; also a running one to be changed."""
        if any(plan.submitted_by_id != self.env.user for plan in self) or any(
            plan.state != "submitted" for plan in self
        ):
            self._check_superior()
        self._lock("submitted", "approved", "running")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that it can be corrected."))
        self._step("draft", refusal=reason)
        for plan in self:
            plan.message_post(body=self.env._("Returned: %(why)s", why=reason))
        # sudo: reminders of whoever was asked are done with.
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        # sudo: figures of a plan that does not run are nobody's.
        self.sudo().target_ids.result_ids.filtered(
            lambda result: not result.is_frozen
        ).unlink()
        return True

    def _check_superior(self):
        self.check_access("read")
        for plan in self:
            if not plan._is_superior():
                raise AccessError(
                    self.env._(
                        "%(plan)s is approved by whoever answers for the level above.",
                        plan=plan.display_name,
                    )
                )

    def _lock(self, *states):
        """Whoever comes second waits, then finds the state that the first one left."""
        # sudo: the rows are only locked and read.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "submitted_by_id"])
        if any(plan.state not in states for plan in self):
            raise UserError(
                self.env._("The plan has moved on meanwhile: reload the page.")
            )

    def _step(self, state, **vals):
        # sudo: steps are nobody's to write by hand; who may take one was checked.
        self.sudo().write({"state": state, **vals})
        self.flush_recordset()

    def _ask_superiors(self):
        """A reminder for one who may approve."""
        for plan in self:
            unit = plan.unit_id if plan.manager_id else plan.unit_id.sudo().parent_id
            # sudo: who answers for a unit is no secret.
            decider = (unit or plan.unit_id).sudo()._get_decider(but=self.env.user)
            if decider and decider != plan.manager_id:
                # sudo: the decider is asked, whatever the asking one may read of him.
                plan.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=plan.with_context(lang=decider.lang).env._(
                        "Approve or return the plan"
                    ),
                    user_id=decider.id,
                )

    def _start(self):
        """Approved plans whose first day has come run."""
        today = self._get_today()
        begun = self.filtered(
            lambda plan: plan.state == "approved" and plan.date_from <= today
        )
        begun._step("running")
