# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext

CUSTOMER_ANSWER = "customer_answer"
MAX_SUBJECT = 200


class KeyAccountRequest(models.Model):
    """Requests by mail, and what the customer answers to one, by mail or portal.

    A mail of a known contact becomes his company's request. What a stranger writes
    opens nothing of any customer's: it goes to the triage unit, where somebody says
    whose it is. The sender is told nothing that he did not write himself.
    """

    _inherit = "key.account.request"
    _primary_email = "email_from"

    email_from = fields.Char(
        string="Sender", copy=False, help="The address a mail came from."
    )

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Whoever asked is answered: never the customer's general address."""
        return ["contact_id"]

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        contact = self._find_contact(msg_dict.get("email_from"))
        if contact:
            customer = contact.commercial_partner_id
            values["partner_id"] = customer.id
            values["contact_id"] = contact.id
        else:
            values.setdefault("service_unit_id", self._get_triage_unit().id)
        values.update(
            subject=self._get_mail_subject(msg_dict),
            description=msg_dict.get("body"),
            channel_id=self._default_term("channel", "email").id,
        )
        request = super().message_new(msg_dict, custom_values=values)
        people = request.manager_id | request.handler_id
        request.message_subscribe(partner_ids=people.partner_id.ids)
        return request

    @api.model
    def _get_mail_subject(self, msg_dict):
        subject = (msg_dict.get("subject") or "").strip()
        text = html2plaintext(msg_dict.get("body") or "").strip()
        first_line = text.splitlines()[0][:80] if text else ""
        subject = " ".join(subject.split())[:MAX_SUBJECT]
        return subject or first_line or self.env._("Without subject")

    @api.model
    def _find_contact(self, address):
        """The one customer's contact with this address, or nobody.

        Where the contacts of two customers have the same address nobody can say whose
        request it is: a person decides.
        """
        email = email_normalize(address or "")
        partners = self.env["res.partner"]
        if not email or self.env.context.get("key_account_forged"):
            return partners
        # sudo: the sender is looked up among all contacts; nothing of it is answered.
        found = partners.sudo().search([("email_normalized", "=", email)])
        found = found.filtered("commercial_partner_id.key_account_kind")
        if len(found.commercial_partner_id) != 1:
            return partners
        persons = found - found.commercial_partner_id
        return (persons or found)[:1]

    @api.model
    def _get_triage_unit(self):
        """The unit that reads what strangers write: that of the setting, or the centre.

        An alias of its own may name another one (``service_unit_id``).
        """
        # sudo: settings and units are read for whoever wrote the mail.
        code = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("key_account_service.triage_unit")
        )
        units = self.env["key.account.unit"].sudo()
        unit = units.search([("code", "=", code)], limit=1) if code else units
        return unit or self.env.ref("key_account_crm.key_account_unit_centre").sudo()

    def message_update(self, msg_dict, update_vals=None):
        result = super().message_update(msg_dict, update_vals)
        for request in self:
            contact = self._find_contact(msg_dict.get("email_from"))
            if self._is_colleague(msg_dict):
                continue
            is_customer = contact and contact.commercial_partner_id == (
                request.partner_id
            )
            if is_customer and not self.env.context.get("key_account_machine"):
                request._customer_answered()
            elif request.partner_id:
                # Not the customer's words: for colleagues to read, not on his portal.
                msg_dict["is_internal"] = True
        return result

    @api.model
    def _is_colleague(self, msg_dict):
        """Whether one of us answered, by mail."""
        email = email_normalize(msg_dict.get("email_from") or "")
        if not email or self.env.context.get("key_account_forged"):
            return False
        # sudo: whether there is such a user, nothing of him.
        users = self.env["res.users"].sudo()
        return bool(
            users.search_count(
                [("email_normalized", "=", email), ("share", "=", False)], limit=1
            )
        )

    def _customer_answered(self):
        """What was waited for has come: the clock runs again."""
        waiting = self.filtered(
            lambda one: one.state == "waiting"
            and one.pause_reason_id.code == CUSTOMER_ANSWER
        )
        # sudo: it is the customer who moves the clock, not a user with rights to it.
        waiting = waiting.sudo()
        waiting._clock_take("resume")
        waiting._move({"state": "handling"})

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        found = super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )
        handler_id = updated_values.get("handler_id")
        if handler_id and handler_id != self.env.uid:
            # sudo: the partner of a colleague.
            partner = self.env["res.users"].sudo().browse(handler_id).partner_id
            found.append((partner.id, default_subtype_ids, False))
        return found
