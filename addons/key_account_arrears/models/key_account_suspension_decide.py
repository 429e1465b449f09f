# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# Domain 3.2: department and company decide, one level up reviews what is protected.
APPROVERS = ("head", "company")
REVIEWERS = ("company",)


class KeyAccountSuspension(models.Model):
    """Who decides: nobody about his own proposal, and about a protected customer only
    after a company manager has looked at the case (ARR-10, domain 3.2)."""

    _inherit = "key.account.suspension"

    def action_approve(self):
        """Approve; what is no longer due is withdrawn instead, with the reason."""
        self._check_may("_get_approval_error")
        taking = self.filtered(lambda step: step.kind != "resume")
        due = taking._check_still_due() | (self - taking)
        due._set(
            state="approved",
            approver_id=self.env.uid,
            date_approved=fields.Datetime.now(),
        )
        (due - taking)._export_soon()
        return True

    def action_decline(self, reason):
        """Turn down; the policy does not ask again about the same arrears."""
        self._check_may("_get_approval_error")
        self._check_text(reason)
        self._note(reason)
        self._end("withdrawn", "declined")
        return True

    def action_review(self, text):
        """Say why a protected customer may be suspended all the same."""
        self._check_may("_get_review_error")
        self._check_text(text)
        self._set(review=text, reviewer_id=self.env.uid)
        return True

    def action_withdraw(self, reason):
        """Take back what has not gone to the branch yet."""
        self._check_may("_get_withdrawal_error")
        self._check_text(reason)
        self._note(reason)
        self._end("withdrawn", "by_hand")
        return True

    def action_resume(self, reason):
        """Propose that the service is resumed although it is not paid: another person
        approves it. What is paid resumes by itself."""
        self.check_access("read")
        self._check_text(reason)
        for step in self:
            if not self.env.su and self.env.user.key_account_role not in (
                "manager",
                *APPROVERS,
            ):
                raise AccessError(
                    self.env._("The manager of the customer or his head proposes it.")
                )
            if step.kind == "resume" or not step._is_in_effect():
                raise UserError(
                    self.env._(
                        "%(number)s: only what is in effect is lifted, once.",
                        number=step.number_id.name,
                    )
                )
        for step in self:
            step._make_resume(reason)
        return True

    def _make_resume(self, reason):
        # The index of open steps knows only what is flushed.
        self.env.flush_all()
        # sudo: the row is made by the button, which checked who presses it.
        resume = self.sudo().create(
            {
                "number_id": self.number_id.id,
                "partner_id": self.partner_id.id,
                "line_id": self.line_id.id,
                "kind": "resume",
                "user_id": self.env.uid,
                "reason": reason,
                "policy_id": self.policy_id.id,
                "currency_id": self.currency_id.id,
            }
        )
        same = self.sudo().search(
            [
                ("number_id", "=", self.number_id.id),
                ("kind", "!=", "resume"),
                ("state", "=", "confirmed"),
            ]
        )
        same.filtered(lambda step: step._is_in_effect())._set(lift_id=resume.id)
        return resume

    def _is_in_effect(self):
        """Whether it took service away that no order under way gives back."""
        return self.state == "confirmed" and (
            not self.lift_id or self.lift_id.state == "refused"
        )

    def _check_may(self, method):
        """Lock the rows, so that of two people at once the second sees the first."""
        self.check_access("read")
        # sudo: the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "lift_id", "reviewer_id"])
        for step in self:
            error = getattr(step, method)(self.env.user)
            if error:
                raise error

    def _check_text(self, text):
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Write down why: it stays in the history."))

    def _note(self, text):
        for step in self:
            old = f"{step.reason}\n" if step.reason else ""
            step._set(reason=f"{old}{text.strip()}")

    def _get_approval_error(self, user):
        """Why a user may not decide about this step, None where he may."""
        if self.state != "proposed":
            return UserError(self.env._("Only what waits for approval is decided."))
        if self.env.su:
            return None
        if user.key_account_role not in APPROVERS:
            return AccessError(
                self.env._("Suspensions are approved by a head or company manager.")
            )
        if self.user_id == user:
            return AccessError(
                self.env._("Nobody approves a proposal of his own: ask a colleague.")
            )
        if self.is_protected and not self.reviewer_id:
            return UserError(
                self.env._(
                    "%(customer)s is protected: a company manager reviews the case "
                    "first.",
                    customer=self.partner_id.display_name,
                )
            )
        return None

    def _get_review_error(self, user):
        if self.state != "proposed" or not self.is_protected or self.reviewer_id:
            return UserError(self.env._("Nothing about it waits for a review."))
        if self.env.su:
            return None
        if user.key_account_role not in REVIEWERS:
            return AccessError(
                self.env._("Protected customers are reviewed by a company manager.")
            )
        if self.user_id == user:
            return AccessError(
                self.env._("Nobody reviews a proposal of his own: ask a colleague.")
            )
        return None

    def _get_withdrawal_error(self, user):
        if self.state not in ("proposed", "approved"):
            return UserError(
                self.env._(
                    "It has gone to the branch, or is over: order the service to be "
                    "resumed instead."
                )
            )
        if self.kind == "resume" and self.source == "payment":
            return UserError(
                self.env._("Service that is paid for is resumed: nobody stops that.")
            )
        if self.env.su or user.key_account_role in APPROVERS:
            return None
        if self.user_id == user and self.state == "proposed":
            return None
        return AccessError(
            self.env._("Whoever proposed it, a head or a company manager withdraws it.")
        )

    def _get_answer_error(self, user):
        if self.state not in ("approved", "exported"):
            return UserError(self.env._("No answer of the branch is expected for it."))
        if self.env.su or user.key_account_role in APPROVERS:
            return None
        return AccessError(
            self.env._("Answers are entered by a head or a company manager.")
        )
