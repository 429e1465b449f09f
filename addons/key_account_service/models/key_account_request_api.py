# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountRequest(models.Model):
    """Registration by codes, for the systems of the call centre.

    They call it with an API key: POST /json/2/key.account.request/register.
    """

    _inherit = "key.account.request"

    @api.model
    def register(
        self, customer, kind, subject, description="", channel=None, number=None
    ):
        """Register a request and say until when it is to be done.

        :param customer: customer code
        :param kind: code of the request kind
        :param channel: code of the channel
        :param number: a service number of the customer
        """
        partners = self.env["res.partner"]
        found = partners.search([("key_account_code", "=", customer or "")], limit=1)
        if not found:
            self._refuse_value("customer", customer)
        subject = (subject or "").strip()
        if not subject:
            self._refuse_value("subject", subject)
        vals = {
            "partner_id": found.id,
            "kind_id": self._find_code("kind", "request_kind", kind).id,
            "subject": subject,
            "description": description,
        }
        if channel:
            vals["channel_id"] = self._find_code("channel", "channel", channel).id
        if number:
            vals["number_id"] = self._find_number(found, number).id
        request = self.create(vals)
        return {
            "id": request.id,
            "name": request.name,
            "date_due": fields.Datetime.to_string(request.date_due),
        }

    @api.model
    def _find_code(self, name, category, code):
        terms = self.env["key.account.term"]
        found = terms.search(
            [("category", "=", category), ("code", "=", code or "")], limit=1
        )
        return found or self._refuse_value(name, code)

    @api.model
    def _find_number(self, customer, number):
        numbers = self.env["key.account.number"]
        found = numbers.search(
            [
                ("partner_id", "=", customer.id),
                ("name", "=", number),
                ("state", "!=", "closed"),
            ],
            limit=1,
        )
        return found or self._refuse_value("number", number)

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
