# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError


class KeyAccountInquiry(models.Model):
    """Counting by codes, for the systems of the call centre and of the halls.

    They call it with an API key: POST /json/2/key.account.inquiry/register.
    """

    _inherit = "key.account.inquiry"

    @api.model
    def register(
        self,
        content,
        channel,
        customer=None,
        number=None,
        question=None,
        minutes=0,
        is_answered=True,
        asked_at=None,
    ):
        """Count an inquiry.

        :param content: code of the content
        :param channel: code of the channel
        :param customer: customer code; none: the caller is found by the number, or
            stays unknown
        :param asked_at: UTC, as 2026-01-31 08:15:00; none: now
        """
        partner = self._find_customer(customer, number)
        vals = {
            "content_id": self._find_content(content).id,
            "channel_id": self._find_channel(channel).id,
            "partner_id": partner.id,
            "number": number or False,
            "question": question or False,
            "duration": minutes,
            "is_answered": is_answered,
        }
        if asked_at:
            vals["date_asked"] = asked_at
        inquiry = self.create(vals)
        return {"id": inquiry.id, "customer": partner.key_account_code or None}

    @api.model
    def _find_customer(self, code, number):
        partners = self.env["res.partner"]
        if code:
            found = partners.search([("key_account_code", "=", code)], limit=1)
            return found or self._refuse_value("customer", code)
        numbers = self.env["key.account.number"]
        if number:
            domain = [("name", "=", number), ("state", "!=", "closed")]
            found = numbers.search(domain, limit=2)
            return found.partner_id if len(found) == 1 else partners
        return partners

    @api.model
    def _find_content(self, code):
        contents = self.env["key.account.inquiry.content"]
        found = contents.search([("code", "=", code or "")], limit=1)
        return found or self._refuse_value("content", code)

    @api.model
    def _find_channel(self, code):
        terms = self.env["key.account.term"]
        domain = [("category", "=", "channel"), ("code", "=", code or "")]
        return terms.search(domain, limit=1) or self._refuse_value("channel", code)

    @api.model
    def _refuse_value(self, name, value):
        raise UserError(
            self.env._(
                "“%(name)s”: %(value)s is not known, or not within your reach. Send "
                "the code as it stands in the file or dictionary.",
                name=name,
                value=value or "–",
            )
        )
