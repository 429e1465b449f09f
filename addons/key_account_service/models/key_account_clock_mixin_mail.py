# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import format_datetime

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
# A mail names so many, the screen has the rest.
NAMED = 20


class KeyAccountClockMixin(models.AbstractModel):
    """Alarms by mail: one for all that concerns a person, not one for each record."""

    _inherit = "key.account.clock.mixin"

    def _clock_mail(self, user, level, title):
        """To who has his notices sent by mail; the mail queue sends it at once."""
        if user.notification_type != "email" or not user.email_normalized:
            return
        # sudo: the mail is the system's; the records were filtered for the reader.
        mails = self.env["mail.mail"].sudo()
        mails.create(
            {
                "subject": f"{title}: {self._clock_get_alarm_text(level)}"[:200],
                "body_html": self._clock_render_mail(user, level, title),
                "email_from": self.env.company.email_formatted,
                "email_to": user.email_formatted,
                "headers": repr(HEADERS),
                "auto_delete": True,
            }
        )
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _clock_render_mail(self, user, level, title):
        return self.env["ir.qweb"]._render(
            "key_account_service.clock_mail",
            {
                "user": user,
                "title": title,
                "text": self._clock_get_alarm_text(level),
                "rows": [self._clock_get_mail_row(one, user) for one in self[:NAMED]],
                "more": max(len(self) - NAMED, 0),
            },
            minimal_qcontext=True,
        )

    def _clock_get_mail_row(self, record, user):
        """(link, name, customer, due) of one record."""
        base = record.get_base_url()
        due = record.date_due and format_datetime(
            self.env, record.date_due, tz=user.tz or "UTC", dt_format="short"
        )
        return (
            f"{base}/odoo/{record._name}/{record.id}",
            record.display_name,
            record.partner_id.display_name or "",
            due or "",
        )
