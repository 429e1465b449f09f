# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting that is a contact with a customer: one is moved with the other."""

    _inherit = "calendar.event"

    key_account_contact_ids = fields.One2many(
        comodel_name="key.account.contact.event",
        inverse_name="calendar_event_id",
        string="Customer Contacts",
        groups="key_account_crm.group_key_account_reader",
    )
    key_account_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain=[("key_account_kind", "!=", False)],
        groups="key_account_crm.group_key_account_staff,"
        "key_account_crm.group_key_account_agent",
        help="Plans a contact with this customer for the time of the meeting.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        named = [
            event
            for event, vals in zip(events, vals_list, strict=True)
            if vals.get("key_account_partner_id")
        ]
        self.concat(*named)._plan_key_account_contacts()
        return events

    def write(self, vals):
        fnames = set(vals)  # the calendar takes values out of it
        result = super().write(vals)
        if vals.get("key_account_partner_id"):
            self._plan_key_account_contacts()
        if fnames & {"start", "stop", "duration", "active", "location", "allday"}:
            # sudo: whoever moves the meeting moves what is planned with it; its
            # own rules say who may.
            self.sudo()._align_key_account_contacts()
        return result

    def unlink(self):
        # sudo: as above; a meeting that is deleted does not take place.
        planned = self.sudo().key_account_contact_ids.filtered(
            lambda contact: contact.state == "planned"
        )
        result = super().unlink()
        planned._follow_meeting("cancelled")
        return result

    def _plan_key_account_contacts(self):
        """A planned contact with the customer that was named, by whose calendar it
        is; the rights are those of whoever names the customer."""
        contacts = self.env["key.account.contact.event"]
        vals_list = [
            {
                "partner_id": event.key_account_partner_id.id,
                "kind_id": contacts._find_kind("meeting").id,
                "person_ids": event.partner_ids.filtered(
                    lambda person, whose=event.key_account_partner_id: person.parent_id
                    == whose
                ).ids,
                "user_id": event.user_id.id or self.env.uid,
                "subject": event.name,
                "place": event.location,
                "date": event.start,
                "duration": (event.stop - event.start).total_seconds() / 3600,
                "calendar_event_id": event.id,
            }
            for event in self
            if not event.key_account_contact_ids
        ]
        contacts.create(vals_list)

    def _align_key_account_contacts(self):
        """Contacts that are planned follow their meeting."""
        for event in self:
            planned = event.key_account_contact_ids.filtered(
                lambda contact: contact.state == "planned"
            )
            if planned and not event.active:
                planned._follow_meeting("cancelled")
            elif planned:
                planned._follow_meeting(
                    date=event.start,
                    duration=(event.stop - event.start).total_seconds() / 3600,
                    place=event.location,
                )
