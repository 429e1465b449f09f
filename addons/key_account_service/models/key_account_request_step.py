# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

from .key_account_request import OPEN_STATES


class KeyAccountRequest(models.Model):
    """What is done with a request, and who may still do it."""

    _inherit = "key.account.request"

    def action_handle(self):
        """Take it up: the user is its handler when it has none.

        Of two people who press at the same moment one has it, the other is told who.
        """
        self._check_step("accepted", "handling")
        self._clock_lock()
        self._check_handler()
        self._move({"state": "handling"})
        self.filtered(lambda request: not request.handler_id).handler_id = self.env.uid
        return True

    def action_wait(self):
        """Ask why, then let the clock stand."""
        self._check_step("accepted", "handling")
        return self._open_wizard("key.account.request.wait", self.env._("Wait"))

    def action_resume(self):
        self._check_step("waiting")
        self._clock_take("resume")
        self._move({"state": "handling"})
        return True

    def action_done(self):
        """Ask what came of it, then stop the clock."""
        self._check_step("accepted", "handling", "waiting")
        return self._open_wizard("key.account.request.close", self.env._("Done"))

    def action_cancel(self):
        self._check_step(*OPEN_STATES)
        self._clock_take("stop", note=self.env._("Cancelled"))
        self._move({"state": "cancelled"})
        self._clock_end_alarms()
        return True

    def action_call_back(self):
        self._check_step("done", "closed")
        return self._open_wizard(
            "key.account.request.callback", self.env._("Call Back")
        )

    def action_reopen(self):
        """It was not done after all: the clock runs on from now."""
        self._check_step("done", "closed")
        self._clock_take("reopen")
        self._move({"state": "handling", "mark": False, "date_callback": False})
        return True

    def action_hand_over(self):
        """It is with the outside system now; the customer's clock runs on."""
        self._check_step("accepted", "handling", "waiting")
        if not all(request.handoff_system_id for request in self):
            raise UserError(self.env._("Choose the outside system first."))
        self._move({"handoff_state": "sent", "date_handoff": fields.Datetime.now()})
        self.filtered(lambda one: one.state == "accepted")._move({"state": "handling"})
        return True

    # ---- what the buttons and wizards rest on ---------------------------------

    def _check_step(self, *states):
        """The rights to the records, and that they are where the step starts from."""
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state not in states:
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s”: this is done with one that is "
                        "%(states)s.",
                        request=request.display_name,
                        state=labels[request.state],
                        states=", ".join(f"“{labels[state]}”" for state in states),
                    )
                )

    def _check_handler(self):
        """Nobody takes up what is somebody else's already."""
        for request in self:
            handler = request.handler_id
            if handler and handler != self.env.user:
                raise UserError(
                    self.env._(
                        "%(request)s is %(user)s's already: change the handler to take "
                        "it over.",
                        request=request.display_name,
                        # sudo: the name of a colleague.
                        user=handler.sudo().name,
                    )
                )

    def _open_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self[:1].id,
            },
        }

    def _wait(self, reason, note=None):
        self._check_step("accepted", "handling")
        self._clock_take("pause", reason=reason, note=note)
        self._move({"state": "waiting"})

    def _finish(self, date=None, **vals):
        """Done: stop the clock and keep what came of it, in sets.

        :param date: when it was done; now, unless it was entered later
        """
        self._check_step("accepted", "handling", "waiting")
        self._clock_take("stop", date=date)
        self._move({"state": "done", **vals})
        self._clock_end_alarms()

    def _call_back(self, mark, note, is_solved):
        """What the customer said afterwards; not solved means: not done."""
        self._check_step("done", "closed")
        self._move(
            {
                "state": "closed",
                "mark": mark,
                "mark_note": note,
                "date_callback": fields.Datetime.now(),
                "callback_user_id": self.env.uid,
            }
        )
        if not is_solved:
            self._clock_take("reopen")
            self._move({"state": "handling"})
