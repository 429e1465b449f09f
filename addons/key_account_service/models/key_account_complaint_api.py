# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountComplaint(models.Model):
    """Registration and look-up by codes, for the systems of the call centre (COL-04).

    They call it with an API key: POST /json/2/key.account.complaint/register.
    """

    _inherit = "key.account.complaint"

    @api.model
    def register(
        self,
        customer,
        complaint_type,
        subject,
        description="",
        channel=None,
        number=None,
        incident=None,
        reference=None,
    ):
        """Register a complaint; say its number, and until when it is answered.

        :param customer: customer code
        :param complaint_type: code of the type
        :param channel: code of the channel
        :param number: a service number of the customer
        :param incident: number of the incident it belongs to
        :param reference: its number in the system that calls
        """
        requests = self.env["key.account.request"]
        found = self.env["res.partner"].search(
            [("key_account_code", "=", customer or "")], limit=1
        )
        subject = (subject or "").strip()
        if not found:
            requests._refuse_value("customer", customer)
        if not subject:
            requests._refuse_value("subject", subject)
        vals = {
            "partner_id": found.id,
            "type_id": self._find_by_code(
                "complaint_type", "key.account.complaint.type", complaint_type
            ).id,
            "subject": subject,
            "description": description,
            "reference": reference,
        }
        if channel:
            vals["channel_id"] = requests._find_code("channel", "channel", channel).id
        if number:
            vals["number_id"] = requests._find_number(found, number).id
        if incident:
            vals["incident_id"] = self._find_by_code(
                "incident", "key.account.incident", incident
            ).id
        return self.create(vals)._get_progress()

    @api.model
    def look_up(self, name):
        """How far a complaint is: what an agent tells a customer who asks.

        :param name: the number of the complaint
        """
        found = self.search([("name", "=", name or "")], limit=1)
        if not found:
            self.env["key.account.request"]._refuse_value("name", name)
        return found._get_progress()

    @api.model
    def _find_by_code(self, name, model, code):
        found = self.env[model].search([("code", "=", code or "")], limit=1)
        return found or self.env["key.account.request"]._refuse_value(name, code)

    def _get_progress(self):
        self.ensure_one()
        to_text = fields.Datetime.to_string
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "date_due": to_text(self.date_due),
            "date_feedback_due": to_text(self.date_feedback_due),
            "repeat_of": self.repeat_of_id.name or False,
            "reply": self.reply or False,
        }
