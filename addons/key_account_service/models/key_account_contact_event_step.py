# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

TEXT_LENGTH = 2000


class KeyAccountContactEvent(models.Model):
    """What is done with a contact, and what follows from it."""

    _inherit = "key.account.contact.event"

    def action_done(self):
        """It took place; one that was to be later took place now."""
        self._check_step("planned", "missed", "cancelled")
        now = fields.Datetime.now()
        early = self.filtered(lambda event: event.date > now)
        early._move("done", date=now)
        (self - early)._move("done")
        self._plan_next()
        return True

    def action_cancel(self):
        self._check_step("planned", "missed")
        return self._move("cancelled")

    def action_miss(self):
        self._check_step("planned")
        return self._move("missed")

    def action_plan(self):
        """Plan one that did not take place anew: tomorrow, unless it is to come."""
        self._check_step("missed", "cancelled")
        now = fields.Datetime.now()
        for event in self:
            date = event.date if event.date > now else now + timedelta(days=1)
            event._move("planned", date=date, date_planned=date)
        return True

    def _check_step(self, *states):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for event in self:
            if event.state not in states:
                raise UserError(
                    self.env._(
                        "%(event)s is “%(state)s”: this is done with one that is "
                        "%(states)s.",
                        event=event.display_name,
                        state=labels[event.state],
                        states=", ".join(f"“{labels[state]}”" for state in states),
                    )
                )

    def _move(self, state, **vals):
        if self:
            self._keep({"state": state, **vals})
        return True

    def _check_reach(self):
        """A contact is written with customers one serves: an important one of another
        unit is read only."""
        if self.env.su:
            return
        self.env.flush_all()
        if not self.has_access("write"):
            raise AccessError(
                self.env._("You log contacts with customers you serve only.")
            )

    def _plan_next(self):
        """Plan what was agreed for the next time, once."""
        agreed = self.filtered(
            lambda event: event.next_date
            and event.state == "done"
            and not event.next_ids
        )
        if agreed:
            self.create([event._prepare_next_vals() for event in agreed])

    def _prepare_next_vals(self):
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "line_id": self.line_id.id,
            "kind_id": (self.next_kind_id or self.kind_id).id,
            "person_ids": self.person_ids.ids,
            "subject": self.next_subject or self.subject,
            "user_id": self.user_id.id,
            "place": self.place,
            "date": self.next_date,
            "state": "planned",
            "previous_id": self.id,
        }

    # ---- logging at once ------------------------------------------------------

    @api.model
    def log(self, partner_id, kind_id, **vals):
        """Log that a contact with a customer took place now: two taps on a phone.

        :return: dict of the id and the name of the contact
        """
        event = self.create(
            {"partner_id": partner_id, "kind_id": kind_id, "state": "done", **vals}
        )
        return {"id": event.id, "name": event.kind_id.name}

    @api.model
    def get_log_kinds(self):
        """The kinds a contact may be, as the buttons show them."""
        kinds = self.env["key.account.term"]
        return kinds.search_read(
            [("category", "=", "contact_kind")], ["name", "icon"], order="sequence, id"
        )

    @api.model
    def log_message(self, message_id):
        """Log a mail of the customer's chatter as a contact, once.

        :return: dict of the id of the contact, and whether it is new
        """
        message = self.env["mail.message"].browse(message_id)
        message.check_access("read")
        found = self.search([("message_id", "=", message.id)], limit=1)
        if found:
            return {"id": found.id, "is_new": False}
        event = self.create(self._prepare_message_vals(message))
        return {"id": event.id, "is_new": True}

    @api.model
    def _prepare_message_vals(self, message):
        customer = self.env["res.partner"]
        if message.model == "res.partner":
            customer = customer.browse(message.res_id).commercial_partner_id
        if not customer.key_account_kind:
            raise UserError(
                self.env._("Only messages of a customer are logged as contacts.")
            )
        # sudo: only who wrote it; the message itself may be read.
        author = message.sudo().author_id
        user = author.user_ids.filtered(lambda user: not user.share)[:1]
        persons = message.sudo().partner_ids | author
        return {
            "partner_id": customer.id,
            "kind_id": self._find_kind("mail").id,
            "direction": "out" if user else "in",
            "person_ids": persons.filtered(
                lambda person: person.parent_id == customer
            ).ids,
            "user_id": user.id or self.env.uid,
            "date": message.date,
            "state": "done",
            "subject": message.subject or message.record_name,
            "result": html2plaintext(message.body or "").strip()[:TEXT_LENGTH],
            "message_id": message.id,
        }

    @api.model
    def _find_kind(self, code):
        kinds = self.env["key.account.term"]
        domain = [("category", "=", "contact_kind"), ("code", "=", code)]
        return kinds.search(domain, limit=1) or self._default_kind()

    @api.model
    def _cron_miss(self):
        """What was planned and neither took place nor was cancelled by the end of the
        next day was missed."""
        late = self.search(
            [
                ("state", "=", "planned"),
                ("date", "<", fields.Datetime.now() - timedelta(days=2)),
            ]
        )
        late._move("missed")
