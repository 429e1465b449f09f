# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class KeyAccountActivityGuest(models.Model):
    """What a customer's contact sees and answers on the portal: the invitations of his
    own company, and what its grade enjoys at outlets (SVC-16).

    Portal users have no access line. The pages call these methods, which look at
    nothing but the user's commercial entity.
    """

    _inherit = "key.account.activity.guest"

    @api.model
    def _portal_domain(self):
        """Invitations of the user's company, to himself or to nobody by name."""
        customer, person = self.env["key.account.optout"]._portal_person()
        return (
            Domain("partner_id", "=", customer.id)
            & Domain("contact_id", "in", [False, person.id])
            & Domain("activity_id.state", "!=", "cancelled")
        )

    @api.model
    def _portal_find(self, guest_id):
        # sudo: the domain is the right; nothing of another customer matches.
        found = self.sudo().search(self._portal_domain() & Domain("id", "=", guest_id))
        if not found:
            raise AccessError(self.env._("Your company has no such invitation."))
        return found

    @api.model
    def _portal_invitations(self):
        """Those to come, the next one first."""
        # sudo: the domain is the right; nothing of another customer matches.
        found = self.sudo().search(
            self._portal_domain()
            & Domain("activity_id.date_begin", ">=", fields.Datetime.now())
        )
        return found.sorted(lambda guest: (guest.date_begin, guest.id))

    def _portal_answer(self, answer):
        self.ensure_one()
        if answer not in ("accepted", "declined"):
            raise UserError(self.env._("Accept or decline."))
        if self.activity_id.state != "planned":
            raise UserError(self.env._("The activity is over."))
        self.state = answer

    @api.model
    def _portal_outlets(self):
        """(outlet, what the customer's grade enjoys there today), those with a phone,
        hours, services or benefits."""
        customer, _person = self.env["key.account.optout"]._portal_person()
        today = fields.Date.context_today(self)
        # sudo: outlets are announced to customers; the grade is the user's own.
        grade = customer.sudo().key_account_standing_ids.grade_id
        offers = self.env["key.account.outlet.offer"].sudo()._get_for(grade, today)
        places = self.env["key.account.card.place"].sudo().search([])
        return [
            (place, offers.filtered(lambda offer, p=place: offer.place_id == p))
            for place in places
            if place.hours or place.service_ids or place in offers.place_id
        ]
