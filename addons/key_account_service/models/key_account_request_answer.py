# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

TEMPLATE = "key_account_service.mail_template_acknowledgement"
SETTING = "key_account_service.acknowledge"
# Absence notices and the like are not to answer what no person wrote (RFC 3834).
HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class KeyAccountRequest(models.Model):
    """The customer's contact is told that his mail, or what he asked on the portal,
    has arrived: at the address on file, never at the one the mail says it is from."""

    _inherit = "key.account.request"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.email_from and self._is_opened_by(message):
            self._acknowledge()
        return result

    def _is_opened_by(self, message):
        """Whether a message is the mail that opened the request."""
        self.ensure_one()
        if message.message_type != "email":
            return False
        # sudo: only whether there is an older one.
        older = (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "=", "email"),
                    ("id", "!=", message.id),
                ],
                limit=1,
            )
        )
        return not older

    def _is_acknowledged(self):
        """Whether the contact is told: not by a machine to a machine."""
        # sudo: a setting.
        setting = self.env["ir.config_parameter"].sudo().get_param(SETTING, "1")
        return (
            setting.lower() not in ("0", "false", "no", "off")
            and not self.env.context.get("key_account_silent")
            and bool(self.contact_id.email)
        )

    def _acknowledge(self):
        """Tell the contact the number, and until when it is to be done."""
        self.ensure_one()
        if not self._is_acknowledged():
            return
        # sudo: the system answers, by the template of the administrator.
        request = self.sudo()
        template = self.env.ref(TEMPLATE).sudo()
        values = template._generate_template(self.ids, ("body_html", "subject"))
        request.message_post(
            body=values[self.id]["body_html"],
            subject=values[self.id]["subject"],
            author_id=self.env.ref("base.partner_root").id,
            email_from=self.env.company.email_formatted,
            message_type="auto_comment",
            partner_ids=self.contact_id.ids,
            notify_skip_followers=True,
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
            mail_headers=HEADERS,
        )
