# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .key_account_complaint import OPEN_STATES

ANSWERED = ("replied", "callback")


class KeyAccountComplaint(models.Model):
    """What is done with a complaint: each step checked, locked, kept in the ledger.

    Of two people who take a step with the same complaint one wins, and the other is
    told who was first.
    """

    _inherit = "key.account.complaint"

    def action_take_up(self):
        """Accept it: the user handles it from now on."""
        self._check_step("registered", "dispatched")
        unit = self.env.user.key_account_unit_id
        at = {"handler_id": self.env.uid, "date_taken": fields.Datetime.now()}
        placed = self.filtered("handling_unit_id")
        placed._take("take", "handling", vals=at)
        (self - placed)._take(
            "take", "handling", vals={**at, "handling_unit_id": unit.id}
        )
        self._align_scope()
        return True

    def action_dispatch(self):
        self._check_state("registered", "dispatched", "handling")
        return self._open_wizard("dispatch", self.env._("Dispatch"))

    def action_wait(self):
        self._check_state("registered", "dispatched", "handling")
        return self._open_wizard("wait", self.env._("Wait"))

    def action_resume(self):
        self._check_step("waiting")
        self._clock_take("resume")
        self._take("resume", "handling")
        return True

    def action_feedback(self):
        """The customer was told that and how it is looked into."""
        self._check_step(*OPEN_STATES)
        first = self.filtered(lambda one: not one.date_feedback)
        first._take("feedback", vals={"date_feedback": fields.Datetime.now()})
        return True

    def action_reply(self):
        self._check_state(*OPEN_STATES)
        return self._open_wizard("reply", self.env._("Reply"))

    def action_call_back(self):
        self._check_state(*ANSWERED)
        return self._open_wizard("callback", self.env._("Call Back"))

    def action_ask_reason(self):
        """The steps that want a reason: the button says which in its context."""
        step = self.env.context.get("default_step")
        names = {
            "return": self.env._("Send Back"),
            "escalate": self.env._("Escalate"),
            "close": self.env._("Close without Call-Back"),
            "reopen": self.env._("Open Again"),
            "withdraw": self.env._("Withdraw"),
            "open": self.env._("Lift the Secrecy"),
        }
        return self._open_wizard("reason", names.get(step, ""))

    def _open_wizard(self, name, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": f"key.account.complaint.{name}",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **self.env.context,
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self[:1].id,
            },
        }

    # ---- what the buttons and wizards rest on ---------------------------------

    def _check_state(self, *states):
        """The rights to the records, and that they are where the step starts from."""
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for complaint in self.filtered(lambda one: one.state not in states):
            # sudo: who took the last step, for somebody who may write the complaint.
            last = complaint.sudo().step_ids.sorted()[-1:]
            raise UserError(
                self.env._(
                    "%(complaint)s is “%(state)s” since %(date)s UTC, by %(user)s: "
                    "this is done with one that is %(states)s. Look at it again.",
                    complaint=complaint.display_name,
                    state=labels[complaint.state],
                    date=last.date or "",
                    user=last.user_id.name or "",
                    states=", ".join(f"“{labels[state]}”" for state in states),
                )
            )

    def _check_step(self, *states):
        """The same, of rows that nobody else moves meanwhile."""
        self.check_access("write")
        self._clock_lock()
        self.invalidate_recordset(["state"])
        self._check_state(*states)

    def _take(self, kind, state=None, reason=None, date=None, vals=None, **columns):
        """A step of these complaints: a row of the ledger of each, and what it says."""
        self.env["key.account.complaint.step"]._append(
            self, kind, state, date, reason=reason, **columns
        )
        self._move({**({"state": state} if state else {}), **(vals or {})})

    def _dispatch(self, unit, user=None, reason=None):
        """Send it to a unit, or to a person of it, who takes it up."""
        self._check_step("registered", "dispatched", "handling")
        self._check_addressee(unit, user)
        self._take(
            "dispatch",
            "dispatched",
            reason,
            vals={
                "handling_unit_id": unit.id,
                "handler_id": user.id if user else False,
                "date_taken": False,
            },
            to_unit_id=unit.id,
            to_user_id=user.id if user else None,
        )
        self._align_scope()
        self._tell(user or self._clock_get_unit_heads(unit)[unit.id], "dispatch")

    def _check_addressee(self, unit, user):
        if user and user.sudo().key_account_unit_id not in unit._get_below():
            # sudo above: where a colleague belongs is no secret.
            raise UserError(
                self.env._(
                    "%(user)s does not belong to %(unit)s: choose one of its people.",
                    user=user.name,
                    unit=unit.name,
                )
            )

    def _return(self, reason):
        """It is not for us: back to whoever registered it."""
        self._check_step("dispatched")
        empty = {"handling_unit_id": False, "handler_id": False}
        self._take("return", "registered", reason, vals=empty)
        self._align_scope()
        for user, ones in self.grouped("registrant_id").items():
            ones._tell(user, "dispatch")

    def _wait(self, reason, note=None):
        self._check_step("registered", "dispatched", "handling")
        self._clock_take("pause", reason=reason, note=note)
        self._take("wait", "waiting", note or reason.name)

    def _escalate(self, reason):
        """One level up: the heads there are told; it stays with its handler."""
        self._check_step(*OPEN_STATES)
        for complaint in self:
            unit = complaint._get_place()
            if not unit.parent_id:
                raise UserError(
                    self.env._(
                        "%(complaint)s stands before the top unit already.",
                        complaint=complaint.display_name,
                    )
                )
            complaint._take(
                "escalate",
                reason=reason,
                vals={
                    "escalated_unit_id": unit.parent_id.id,
                    "escalation_level": complaint.escalation_level + 1,
                },
                to_unit_id=unit.parent_id.id,
            )
            complaint._align_scope()
            heads = self._clock_get_unit_heads(unit.parent_id)
            complaint._tell(heads[unit.parent_id.id], "escalation")

    def _get_place(self):
        """The unit that a complaint stands before: the one above it is next."""
        # sudo: the tree of units is no secret.
        known = self.sudo()
        return known.escalated_unit_id or known.handling_unit_id or known.unit_id

    def _reply(self, text, date=None, **vals):
        """The customer has his answer: the clock stops, in sets.

        :param date: when it was replied; now, unless it was entered later
        """
        self._check_step(*OPEN_STATES)
        if not (text or "").strip():
            raise UserError(self.env._("Say what the customer was replied."))
        date = fields.Datetime.to_datetime(date) or fields.Datetime.now()
        self._clock_take("stop", date=date)
        for rule, ones in self.grouped("rule_id").items():
            due = date + relativedelta(days=rule.sudo().callback_days or 3)
            # sudo above: how soon is called back is no secret.
            ones._take(
                "reply",
                "replied",
                text,
                date,
                {**vals, "reply": text, "date_replied": date, "date_callback_due": due},
            )
        self.filtered(lambda one: not one.date_feedback)._move({"date_feedback": date})
        self.filtered(lambda one: not one.handler_id)._move(
            {"handler_id": self.env.uid}
        )
        self._clock_end_alarms()

    def _call_back(self, mark, reason=None, is_solved=True, is_reached=True):
        """What the customer said afterwards; not solved means: opened again."""
        self._check_step(*ANSWERED)
        if not is_reached:
            return self._count_call("callback", reason)
        now = fields.Datetime.now()
        vals = {
            "mark": mark,
            "mark_reason": reason,
            "date_callback": now,
            "callback_user_id": self.env.uid,
        }
        if is_solved:
            vals["date_closed"] = now
        self._count_call("closed" if is_solved else None, reason, vals, mark=mark)
        if not is_solved:
            self._reopen(reason or self.env._("Not solved, says the customer."))
            self._escalate_unsolved(reason)
        return True

    def _count_call(self, state, reason, vals=None, **columns):
        for count, ones in self.grouped("callback_count").items():
            counted = {**(vals or {}), "callback_count": count + 1}
            ones._take("call", state, reason, vals=counted, **columns)

    def _escalate_unsolved(self, reason):
        """By rule an unsolved complaint goes one level up, where there is one."""
        for complaint in self:
            # sudo: what the rule says is no secret.
            is_due = complaint.sudo().rule_id.is_escalated_dissatisfied
            if is_due and complaint._get_place().parent_id:
                complaint._escalate(reason or self.env._("Not solved at the call-back"))

    def _close(self, reason):
        """No call-back: the customer does not want one, or nobody is to be called."""
        self._check_step(*ANSWERED)
        self._take(
            "close", "closed", reason, vals={"date_closed": fields.Datetime.now()}
        )

    def _reopen(self, reason):
        """It was not settled after all: the clock runs on from now."""
        self._check_step(*ANSWERED, "closed")
        self._clock_take("reopen")
        empty = dict.fromkeys(("date_closed", "date_replied", "date_callback_due"))
        for count, ones in self.grouped("reopen_count").items():
            vals = {**empty, "reopen_count": count + 1}
            ones._take("reopen", "handling", reason, vals=vals)
        for user, ones in self.grouped("handler_id").items():
            ones._tell(user, "dispatch")

    def _withdraw(self, reason):
        self._check_step(*OPEN_STATES)
        self._clock_take("stop", note=self.env._("Withdrawn"))
        now = fields.Datetime.now()
        self._take("withdraw", "withdrawn", reason, vals={"date_closed": now})
        self._clock_end_alarms()

    def _tell(self, users, kind):
        """An activity for each of these users that may read the complaint."""
        name = f"key_account_service.mail_activity_type_complaint_{kind}"
        for user in users.filtered("active") - self.env.user:
            readable = self.with_user(user)._filtered_access("read")
            for complaint in readable.sudo():
                # sudo: the system tells, whoever's step made it do so.
                complaint.with_context(
                    lang=user.lang, mail_activity_quick_update=True
                ).activity_schedule(name, user_id=user.id)
