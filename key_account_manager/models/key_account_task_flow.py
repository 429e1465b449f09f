# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_task import OPEN

REMINDER = "mail.mail_activity_data_todo"


class KeyAccountTask(models.Model):
    """The steps of a task, each of them written to its ledger."""

    _inherit = "key.account.task"

    # ---- those who issue -----------------------------------------------------

    def action_issue(self):
        """Also once more, what was returned and put right."""
        self._check_superior()
        self._lock("draft", "returned")
        numbers = self.env["ir.sequence"]
        for task in self:
            # sudo: a number is drawn, nothing else.
            number = task.number or numbers.sudo().next_by_code("key.account.task")
            task._take("issue", "issued", number=number, issuer_id=self.env.uid)
            task._ask(self._get_summary("issue", task))
        return True

    def action_close(self):
        self._check_superior()
        self._lock("evaluated")
        for task in self:
            task._take("close", "closed")
        return True

    def _cancel(self, reason):
        self._check_superior()
        self._lock("draft", *OPEN)
        self._check_reason(reason)
        for task in self:
            task._take("cancel", "cancelled", note=reason)
            task._settle()
        return True

    def action_urge(self):
        """Remind whoever has it, as often as it takes."""
        self._check_superior()
        self._lock(*OPEN)
        for task in self:
            task._take("urge", task.state, urge_count=task.urge_count + 1)
            task._ask(self._get_summary("urge", task))
        return True

    def _transfer(self, executor, reason):
        """To somebody else, who accepts it anew; of a unit's, to one of its people."""
        self._check_superior(also_unit=True)
        self._lock(*OPEN)
        self._check_reason(reason)
        for task in self:
            if executor == task.issuer_id or executor == task.manager_id:
                raise UserError(
                    self.env._(
                        "Choose another person than the issuer and the present "
                        "executor."
                    )
                )
            # sudo: to which unit a user belongs is no secret.
            unit = executor.sudo().key_account_unit_id
            task._check_reach(unit)
            task._settle()
            task._take(
                "transfer",
                "issued",
                note=reason,
                manager_id=executor.id,
                unit_id=unit.id,
                date_asked=False,
            )
            task._ask(self._get_summary("issue", task))
        return True

    def _check_reach(self, unit):
        """A task is handed on within one's own units."""
        user = self.env.user
        if not self.env.su and user.key_account_reach != "all":
            if unit not in user.key_account_unit_ids:
                raise AccessError(
                    self.env._("Hand the task to somebody of your own units.")
                )

    def _grant(self, is_granted, note=None):
        """What the executor asked for: more time, or not."""
        self._check_superior()
        self._lock(*OPEN)
        for task in self:
            if not task.date_asked:
                raise UserError(self.env._("Nobody asks for an extension."))
            if is_granted:
                task._take(
                    "extend",
                    task.state,
                    note=note,
                    date_due=task.date_asked,
                    date_asked=False,
                    escalation_level=0,
                )
            else:
                self._check_reason(note)
                task._take("refuse", task.state, note=note, date_asked=False)
        return True

    def action_extend(self):
        return self._grant(True)

    def _evaluate(self, score, comment):
        """0 to 100 with a comment, by another person than who did it."""
        self._check_superior()
        self._lock("submitted")
        self._check_reason(comment)
        if not 0 <= score <= 100:
            raise UserError(self.env._("A score is 0 to 100."))
        for task in self:
            submitters = task.step_ids.filtered(lambda step: step.kind == "submit")
            if self.env.user in submitters.user_id:
                raise AccessError(self.env._("Nobody evaluates himself."))
            task._take(
                "evaluate",
                "evaluated",
                note=comment,
                score=score,
                comment=comment,
                evaluator_id=self.env.uid,
            )
            task._settle()
        return True

    def _send_back(self, reason):
        """What was submitted is not done yet."""
        self._check_superior()
        self._lock("submitted")
        self._check_reason(reason)
        for task in self:
            task._take("send_back", "running", note=reason)
            task._ask(self._get_summary("send_back", task))
        return True

    # ---- those who execute ---------------------------------------------------

    def action_accept(self):
        self._check_executor()
        self._lock("issued")
        for task in self:
            task._take("accept", "accepted")
            task._settle()
        return True

    def _return(self, reason):
        """Not to be done like this: back to the issuer, with a reason (TASK-05)."""
        self._check_executor()
        self._lock("issued", "accepted", "running")
        self._check_reason(reason)
        for task in self:
            task._take("return", "returned", note=reason)
            task._settle()
            task._ask(self._get_summary("return", task), task.issuer_id)
        return True

    def _report(self, progress, note=None):
        """How far it is."""
        self._check_executor()
        self._lock("accepted", "running")
        if not 0 <= progress <= 100:
            raise UserError(self.env._("Progress is 0 to 100 percent."))
        for task in self:
            task._take("progress", "running", note=note, progress=progress)
        return True

    def _ask_extension(self, day, reason):
        self._check_executor()
        self._lock("accepted", "running")
        self._check_reason(reason)
        for task in self:
            if not day or day <= task.date_due:
                raise UserError(
                    self.env._(
                        "Ask for a day after the due date, %(day)s.", day=task.date_due
                    )
                )
            task._take("ask", task.state, note=reason, date_asked=day)
            task._ask(self._get_summary("ask", task), task.issuer_id)
        return True

    def _submit(self, note):
        """Done, says the executor: what came of it."""
        self._check_executor()
        self._lock("accepted", "running")
        self._check_reason(note)
        for task in self:
            task._take(
                "submit",
                "submitted",
                note=note,
                progress=100,
                date_asked=False,
                date_submitted=fields.Datetime.now(),
            )
            task._settle()
            task._ask(self._get_summary("submit", task), task.issuer_id)
        return True

    # ---- what the steps have in common ---------------------------------------

    def _take(self, kind, state, note=None, **vals):
        """One step: a row of the ledger, and what it leaves."""
        self.ensure_one()
        before = {name: self[name] for name in ("state", "date_due", "manager_id")}
        # sudo: steps are nobody's to write by hand; who may take one was checked.
        task = self.sudo()
        task.write({"state": state, "date_step": fields.Datetime.now(), **vals})
        self.env["key.account.task.step"].sudo().create(
            {
                "task_id": task.id,
                "kind": kind,
                "user_id": self.env.uid,
                "note": note,
                "state_from": before["state"],
                "state_to": state,
                "progress": task.progress,
                "score": task.score if kind == "evaluate" else 0,
                "date_due_before": before["date_due"],
                "date_due_after": vals.get("date_due") or vals.get("date_asked"),
                "executor_before_id": before["manager_id"].id,
                "executor_after_id": task.manager_id.id,
            }
        )

    def _lock(self, *states):
        """Whoever comes second waits, then finds the state that the first one left."""
        # sudo: the rows are only locked and read.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "date_asked", "escalation_level"])
        if any(task.state not in states for task in self):
            raise UserError(
                self.env._("The task has moved on meanwhile: reload the page.")
            )

    def _check_superior(self, also_unit=False):
        self.check_access("read")
        for task in self:
            is_own = also_unit and not task.manager_id and task._is_executor()
            if not is_own and not task._is_superior():
                raise AccessError(
                    self.env._(
                        "%(task)s: this is for the issuer and those who answer for the "
                        "unit, not for who does it.",
                        task=task.name,
                    )
                )

    def _check_executor(self):
        self.check_access("read")
        for task in self:
            if not task._is_executor():
                raise AccessError(
                    self.env._("%(task)s: this is for who does it.", task=task.name)
                )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that the other one can go on."))

    def _get_summary(self, kind, task):
        person = task.holder_id or task.issuer_id
        env = self.with_context(lang=person.lang).env
        return {
            "issue": env._("Accept or return the task"),
            "urge": env._("You are urged: go on with the task"),
            "send_back": env._("The task was sent back: go on with it"),
            "return": env._("The task was returned: correct or cancel it"),
            "ask": env._("An extension is asked for: grant or refuse it"),
            "submit": env._("Evaluate the task"),
        }[kind]

    def _ask(self, summary, person=None):
        """A reminder for whoever has it now, one at a time."""
        person = person or self.holder_id
        if person:
            # sudo: whoever has it is asked, whatever the asking one may read of him.
            self.sudo().activity_unlink([REMINDER], user_id=person.id)
            self.sudo().activity_schedule(
                REMINDER,
                date_deadline=self.date_due,
                summary=summary,
                user_id=person.id,
            )

    def _settle(self):
        """Reminders of the step before are done with."""
        # sudo: reminders of others too.
        self.sudo().activity_unlink([REMINDER])
