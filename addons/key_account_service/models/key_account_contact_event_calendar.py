# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

# What a meeting is called and when it is.
SHOWN = {"date", "duration", "kind_id", "person_ids", "place", "subject", "user_id"}
# Nobody is written to because a contact was planned.
SILENT = {
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
}


class KeyAccountContactEvent(models.Model):
    """A planned contact stands in the calendar of who makes it, and follows it there.

    The meeting is private: its name tells of a customer that not everybody may know.
    """

    _inherit = "key.account.contact.event"

    calendar_event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts.filtered(
            lambda contact: contact.state == "planned" and not contact.calendar_event_id
        )._enter_in_calendar()
        return contacts

    def _keep(self, vals):
        result = super()._keep(vals)
        if vals.keys() & SHOWN or "state" in vals:
            self._align_meetings()
        return result

    def _enter_in_calendar(self):
        # sudo: the calendar may be that of a colleague; the contact was checked.
        meetings = self.env["calendar.event"].sudo().with_context(**SILENT)
        if self:
            found = meetings.create([contact._prepare_meeting() for contact in self])
            for contact, meeting in zip(self, found, strict=True):
                contact._write_link(meeting)

    def _write_link(self, meeting):
        # sudo: the link is the system's.
        super(KeyAccountContactEvent, self.sudo())._keep(
            {"calendar_event_id": meeting.id}
        )

    def _prepare_meeting(self):
        self.ensure_one()
        return {
            "name": self.display_name,
            "start": self.date,
            "stop": self.date + timedelta(hours=self.duration or 0.5),
            "location": self.place,
            "user_id": self.user_id.id,
            "privacy": "private",
            "partner_ids": [
                Command.set((self.user_id.partner_id | self.person_ids).ids)
            ],
        }

    def _align_meetings(self):
        """Meetings follow their contact: moved, cancelled, or planned again."""
        for contact in self:
            # sudo: as when it was entered.
            meeting = contact.sudo().calendar_event_id.with_context(**SILENT)
            if contact.state == "planned" and not meeting:
                contact._enter_in_calendar()
            elif contact.state in ("cancelled", "missed"):
                meeting.filtered("active").write({"active": False})
            elif meeting:
                contact._move_meeting(meeting)

    def _move_meeting(self, meeting):
        vals = {"active": True, **self._prepare_meeting()}
        persons = vals.pop("partner_ids")
        changed = {
            name: value
            for name, value in vals.items()
            if meeting._fields[name].convert_to_write(meeting[name], meeting)
            != (value or False)
        }
        if set(persons[0][2]) - set(meeting.partner_ids.ids):
            changed["partner_ids"] = [Command.link(one) for one in persons[0][2]]
        if changed:
            meeting.write(changed)

    def _follow_meeting(self, state=None, **vals):
        """The meeting was moved or does not take place."""
        for contact in self:
            changed = {
                name: value
                for name, value in vals.items()
                if (contact[name] or False) != (value or False)
            }
            if state:
                contact._move(state)
            elif changed:
                contact.write(changed)
