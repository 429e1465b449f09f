# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .key_account_clock_mixin_customer import MARKS

MAX_TEXT = 10_000


class KeyAccountRequest(models.Model):
    """What a customer's contact may do on the portal: with his own company's requests.

    Portal users have no access line for requests. The pages call these methods, which
    look at nothing but the user's commercial entity and give out what is meant for the
    customer: no cost, no alarm, no note among colleagues.
    """

    _inherit = "key.account.request"

    @api.model
    def _portal_customer(self):
        """The customer whose contact the user is."""
        # sudo: a portal user may not read the file of his own company.
        customer = self.env.user.sudo().partner_id.commercial_partner_id
        return customer if customer.key_account_kind else customer.browse()

    @api.model
    def _portal_domain(self):
        return Domain("partner_id", "in", self._portal_customer().ids)

    @api.model
    def _portal_find(self, request_id):
        """The request of the user's company with this id, or an error."""
        # sudo: the domain is the right; nothing of another customer matches.
        found = self.sudo().search(
            self._portal_domain() & Domain("id", "=", request_id)
        )
        if not found:
            raise AccessError(self.env._("Your company has no such request."))
        return found

    @api.model
    def _portal_create(self, subject, text, kind_code, files=()):
        """A request of the user's company, asked by the user."""
        customer = self._portal_customer()
        if not customer:
            raise AccessError(self.env._("You are no contact of a customer."))
        subject, text = self._portal_clean(subject), self._portal_clean(text)
        if not subject:
            raise UserError(self.env._("Say in a few words what you need."))
        kinds = self._portal_kinds().filtered(lambda kind: kind.code == kind_code)
        if not kinds:
            raise UserError(self.env._("Choose what your request is about."))
        self._portal_check_files(files)
        # sudo: portal users have no access line; customer and person are the user's.
        requests = self.sudo()
        request = requests.create(
            {
                "partner_id": customer.id,
                "contact_id": self.env.user.partner_id.id,
                "subject": subject[:200],
                "description": plaintext2html(text),
                "kind_id": kinds.id,
                "channel_id": requests._default_term("channel", "portal").id,
            }
        )
        people = request.manager_id | request.handler_id
        request.message_subscribe(partner_ids=people.partner_id.ids)
        if files:
            request._portal_post("", files)
        request._acknowledge()
        return request

    @api.model
    def _portal_kinds(self):
        # sudo: the words of the dictionary are shown, nothing else.
        terms = self.env["key.account.term"].sudo()
        return terms.search([("category", "=", "request_kind")])

    @api.model
    def _portal_clean(self, text):
        # PostgreSQL keeps no text with zero bytes
        return (text or "").replace("\x00", "").strip()[:MAX_TEXT]

    def _portal_post(self, text, files):
        """What the customer writes or sends, for everybody who reads the request."""
        self.message_post(
            body=plaintext2html(text) if text else "",
            attachments=list(files),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _portal_answer(self, text, files=()):
        """A message of the customer; a clock that waited for it runs again."""
        self.ensure_one()
        text = self._portal_clean(text)
        if not text and not files:
            raise UserError(self.env._("Write your answer first."))
        if self.state in ("closed", "cancelled"):
            raise UserError(
                self.env._("This request is over: ask for what you need in a new one.")
            )
        self._portal_check_files(files)
        self._portal_post(text, files)
        self._customer_answered()

    def _portal_rate(self, mark, note, is_solved):
        """The customer's own mark of what was done; not solved opens it again."""
        self.ensure_one()
        if mark not in dict(MARKS):
            raise UserError(self.env._("Choose how satisfied you are."))
        if self.state != "done":
            raise UserError(self.env._("Only a request that is done is rated, once."))
        self._call_back(mark, self._portal_clean(note) or False, is_solved)

    def _portal_messages(self):
        """What was written for the customer's eyes, the oldest first."""
        comment = self.env.ref("mail.mt_comment")
        return self.message_ids.filtered(
            lambda message: message.subtype_id == comment
            and not message.is_internal
            and message.message_type in ("comment", "email", "email_outgoing")
        ).sorted("id")
