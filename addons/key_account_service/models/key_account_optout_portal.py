# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .key_account_optout import CHANNELS, PURPOSES


class KeyAccountOptout(models.Model):
    """What a contact says on the portal about himself: purposes and ways, as a table.

    Portal users have no access line. The pages call these methods, which look at
    nothing but the user's own entries.
    """

    _inherit = "key.account.optout"

    @api.model
    def _portal_person(self):
        """The user and the customer whose contact he is."""
        # sudo: a portal user may not read the file of his own company.
        person = self.env.user.sudo().partner_id
        customer = person.commercial_partner_id
        if not customer.key_account_kind:
            raise AccessError(self.env._("You are no contact of a customer."))
        return customer, person

    @api.model
    def _portal_rows(self):
        """The table as it stands today: per purpose, the ways that are unwelcome."""
        purposes = self._fields["purpose"]._description_selection(self.env)
        channels = self._fields["channel"]._description_selection(self.env)
        unwanted = {
            (optout.purpose, optout.channel) for optout in self._portal_entries()
        }
        return [
            {
                "code": purpose,
                "name": name,
                "ways": [
                    {
                        "code": channel,
                        "name": label,
                        "is_out": (purpose, channel) in unwanted,
                    }
                    for channel, label in channels
                ],
            }
            for purpose, name in purposes
        ]

    @api.model
    def _portal_entries(self):
        """What is in force of the user's own entries, whoever entered them."""
        customer, person = self._portal_person()
        # sudo: the domain is the right; nothing of another person matches.
        return self.sudo().search(
            self._get_day_domain(fields.Date.context_today(self))
            & fields.Domain("partner_id", "=", customer.id)
            & self._portal_contact_domain(customer, person)
        )

    @api.model
    def _portal_contact_domain(self, customer, person):
        """An individual customer speaks for himself, with and without his name."""
        mine = [person.id, False] if person == customer else [person.id]
        return fields.Domain("contact_id", "in", mine)

    @api.model
    def _portal_save(self, wanted):
        """Make what is in force what the user ticked: (purpose, way) pairs."""
        known = {(p, c) for p, _label in PURPOSES for c, _label in CHANNELS}
        wanted = set(wanted) & known
        customer, person = self._portal_person()
        entries = self._portal_entries()
        entries.filtered(
            lambda entry: (entry.purpose, entry.channel) not in wanted
        ).action_end()
        kept = {(entry.purpose, entry.channel) for entry in entries}
        # sudo: portal users have no access line; customer and person are the user's.
        self.sudo().create(
            [
                {
                    "partner_id": customer.id,
                    "contact_id": person.id if person != customer else False,
                    "purpose": purpose,
                    "channel": channel,
                    "source": "portal",
                    "user_id": self.env.uid,
                }
                for purpose, channel in sorted(wanted - kept)
            ]
        )
