# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .key_account_clock_mixin_customer import MARKS
from .key_account_complaint_flow import ANSWERED


class KeyAccountComplaint(models.Model):
    """What a customer's contact may do on the portal: with his company's complaints.

    Portal users have no access line for complaints. The pages call these methods, which
    look at nothing but the user's commercial entity, and give out what is meant for the
    customer: no step, no cost, no note among colleagues. A secret complaint is shown to
    the contact who made it alone.
    """

    _inherit = "key.account.complaint"

    @api.model
    def _portal_domain(self):
        requests = self.env["key.account.request"]
        person = self.env.user.partner_id
        known = Domain("is_secret", "=", False) | Domain("contact_id", "=", person.id)
        return Domain("partner_id", "in", requests._portal_customer().ids) & known

    @api.model
    def _portal_find(self, complaint_id):
        """The complaint of the user's company with this id, or an error."""
        # sudo: the domain is the right; nothing of another customer matches.
        found = self.sudo().search(
            self._portal_domain() & Domain("id", "=", complaint_id)
        )
        if not found:
            raise AccessError(self.env._("Your company has no such complaint."))
        return found

    @api.model
    def _portal_types(self):
        # sudo: the words of the dictionary are shown, nothing else.
        return self.env["key.account.complaint.type"].sudo().search([])

    @api.model
    def _portal_create(self, subject, text, type_code):
        """A complaint or suggestion of the user's company, made by the user."""
        requests = self.env["key.account.request"]
        customer = requests._portal_customer()
        if not customer:
            raise AccessError(self.env._("You are no contact of a customer."))
        subject, text = requests._portal_clean(subject), requests._portal_clean(text)
        if not subject:
            raise UserError(self.env._("Say in a few words what is wrong."))
        kinds = self._portal_types().filtered(lambda kind: kind.code == type_code)
        if not kinds:
            raise UserError(self.env._("Choose what your complaint is about."))
        # sudo: portal users have no access line; customer and person are the user's.
        complaint = self.sudo().create(
            {
                "partner_id": customer.id,
                "contact_id": self.env.user.partner_id.id,
                "subject": subject[:200],
                "description": plaintext2html(text),
                "type_id": kinds.id,
                "channel_id": requests.sudo()._default_term("channel", "portal").id,
            }
        )
        people = complaint.manager_id | complaint.handler_id
        complaint.message_subscribe(partner_ids=people.partner_id.ids)
        return complaint

    def _portal_answer(self, text):
        """A message of the customer; a clock that waited for it runs again."""
        self.ensure_one()
        text = self.env["key.account.request"]._portal_clean(text)
        if not text:
            raise UserError(self.env._("Write your answer first."))
        self.message_post(
            body=plaintext2html(text),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        if self.state == "waiting" and self.pause_reason_id.code == "customer_answer":
            self.action_resume()

    def _portal_rate(self, mark, note, is_solved):
        """The customer's own mark of how it was handled; not solved opens it again."""
        self.ensure_one()
        if mark not in dict(MARKS):
            raise UserError(self.env._("Choose how satisfied you are."))
        if self.state not in ANSWERED:
            raise UserError(self.env._("A complaint is rated once it was answered."))
        note = self.env["key.account.request"]._portal_clean(note)
        self._call_back(mark, note or False, is_solved)

    def _portal_messages(self):
        """What was written for the customer's eyes, the oldest first."""
        comment = self.env.ref("mail.mt_comment")
        return self.message_ids.filtered(
            lambda message: message.subtype_id == comment
            and not message.is_internal
            and message.message_type in ("comment", "email", "email_outgoing")
        ).sorted("id")
