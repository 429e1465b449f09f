# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.tools import plaintext2html

from .key_account_dunning_step import WRITTEN

BATCH = 200
TASKS = {
    "call": "key_account_arrears.mail_activity_type_call",
    "visit": "key_account_arrears.mail_activity_type_visit",
    "letter": "key_account_arrears.mail_activity_type_letter",
    "head": "key_account_arrears.mail_activity_type_head",
}


class KeyAccountDunningLine(models.Model):
    """How what was confirmed goes out: in batches, each row locked and marked in the
    transaction that hands it over, so that a killed server sends nothing twice.

    What may not go out now waits: during quiet hours, on holidays, above the daily
    number, while a unit is stopped or its bills are not complete.
    """

    _inherit = "key.account.dunning.line"

    @api.model
    def _cron_send(self):
        """Send what waits, then look what failed."""
        lines = self.search([("state", "=", "queued")], order="id")
        for start in range(0, len(lines), BATCH):
            part = lines[start : start + BATCH]
            part._send_queued()
            self.env["ir.cron"]._commit_progress(len(part))
        self._fall_back()

    def _send_queued(self):
        """Send those of these that may go out now."""
        today = fields.Date.context_today(self)
        for run, lines in self.grouped("run_id").items():
            waiting = lines.filtered(lambda line: line.state == "queued")
            waiting = waiting.try_lock_for_update()
            if not waiting:
                continue
            run._check_lines(today)
            due = waiting.filtered(lambda line: line.state == "queued")
            due._get_sendable(today)._send()

    def _get_sendable(self, today):
        """Those that nothing holds back at this moment."""
        units = self.env["key.account.unit"]
        held = units._get_dunning_stopped() | set(units._get_dunning_incomplete(today))
        lines = self.filtered(lambda line: line.unit_id.id not in held)
        tasks = lines.filtered(lambda line: line.channel not in WRITTEN)
        holidays = self.env["key.account.dunning.holiday"]
        if holidays.search_count([("date", "=", today)], limit=1):
            return tasks
        written = (lines - tasks).filtered(
            lambda line: not line.policy_id._is_quiet(line._get_local_time())
        )
        return tasks | written._within_cap(today)

    def _get_local_time(self):
        """The present moment where the customer's unit is."""
        zone = self.unit_id.company_id.partner_id.tz or self.env.user.tz or "UTC"
        now = fields.Datetime.now().replace(tzinfo=pytz.utc)
        return now.astimezone(pytz.timezone(zone))

    def _within_cap(self, today):
        """As many as the policies allow for each unit on this day."""
        allowed = self.browse()
        for (unit, policy), lines in self.grouped(
            lambda line: (line.unit_id, line.policy_id)
        ).items():
            if policy.daily_cap:
                start = datetime.combine(today, datetime.min.time())
                sent = self.search_count(
                    [
                        ("unit_id", "=", unit.id),
                        ("channel", "in", WRITTEN),
                        ("state", "in", ("sent", "failed")),
                        ("date_sent", ">=", start),
                    ]
                )
                lines = lines[: max(policy.daily_cap - sent, 0)]
            allowed |= lines
        return allowed

    def _send(self):
        for channel, lines in self.grouped("channel").items():
            if channel == "sms":
                lines._send_sms()
            elif channel == "mail":
                lines._send_mail()
            else:
                lines._plan_tasks()

    def _mark_sent(self, notifications=None):
        for line in self:
            line.write(
                {
                    "state": "sent",
                    "date_sent": fields.Datetime.now(),
                    "notification_id": (notifications or {}).get(line.id),
                }
            )

    def _log_messages(self, message_type):
        """One message on each row's own record. :return: {row id: message}"""
        messages = self._message_log_batch(
            bodies={line.id: plaintext2html(line.body) for line in self},
            message_type=message_type,
        )
        return {message.res_id: message for message in messages}

    def _send_sms(self):
        messages = self._log_messages("sms")
        sms = self.env["sms.sms"].create(
            [
                {
                    "body": line.body,
                    "number": line.address,
                    "partner_id": line.contact_id.id,
                    "mail_message_id": messages[line.id].id,
                    "state": "outgoing",
                }
                for line in self
            ]
        )
        notifications = self.env["mail.notification"].create(
            [
                {
                    **self._prepare_notification(line, messages[line.id]),
                    "notification_type": "sms",
                    "sms_number": one.number,
                    "sms_id_int": one.id,
                    "sms_tracker_ids": [(0, 0, {"sms_uuid": one.uuid})],
                }
                for line, one in zip(self, sms, strict=True)
            ]
        )
        ids = notifications.ids
        self._mark_sent(dict(zip(self.ids, ids, strict=True)))

    def _send_mail(self):
        mails = self.env["mail.mail"].create(
            [
                {
                    "model": self._name,
                    "res_id": line.id,
                    "subject": line.subject,
                    "body_html": plaintext2html(line.body),
                    "body": plaintext2html(line.body),
                    "email_to": line.address,
                    "email_from": line.unit_id.company_id.email_formatted
                    or self.env.user.email_formatted,
                    "message_type": "email_outgoing",
                    "is_notification": True,
                    "auto_delete": True,
                }
                for line in self
            ]
        )
        notifications = self.env["mail.notification"].create(
            [
                {
                    **self._prepare_notification(line, mail.mail_message_id),
                    "notification_type": "email",
                    "mail_mail_id": mail.id,
                    "mail_email_address": line.address,
                }
                for line, mail in zip(self, mails, strict=True)
            ]
        )
        self._mark_sent(dict(zip(self.ids, notifications.ids, strict=True)))
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_notification(self, line, message):
        return {
            "author_id": message.author_id.id,
            "mail_message_id": message.id,
            "res_partner_id": line.contact_id.id,
            "is_read": True,
            "notification_status": "ready",
        }

    def _plan_tasks(self):
        """A task of the manager, or of the head where there is none or he is told."""
        for line in self:
            head = line.unit_id.head_id
            user = head if line.channel == "head" else line.manager_id or head
            if not user:
                line.write(
                    {
                        "state": "failed",
                        "failure": self.env._("Nobody answers for the customer."),
                    }
                )
                continue
            line.activity_schedule(
                TASKS[line.channel],
                user_id=user.id,
                note=plaintext2html(line.body),
                summary=line.subject or False,
            )
            line._mark_sent()

    # ---- where a way fails --------------------------------------------------------

    @api.model
    def _fall_back(self):
        """What could not be delivered goes the other way, once; then it has failed."""
        failed = self.search(
            [
                ("state", "=", "sent"),
                (
                    "notification_id.notification_status",
                    "in",
                    ("exception", "bounce", "canceled"),
                ),
            ]
        )
        for line in failed.try_lock_for_update():
            line._take_other_way()

    def _take_other_way(self):
        notification = self.notification_id
        failure = notification.failure_reason or notification.failure_type or "-"
        fallback = self.step_id.fallback
        contact = self._get_fallback_contact(fallback)
        if not fallback or self.is_fallback or self.former_code or not contact:
            self.write({"state": "failed", "failure": failure})
            return
        address = {"sms": contact.phone_sanitized, "mail": contact.email_normalized}
        self.write(
            {
                "state": "queued",
                "channel": fallback,
                "contact_id": contact.id,
                "address": address.get(fallback, False),
                "is_fallback": True,
                "failure": failure,
                "notification_id": False,
            }
        )

    def _get_fallback_contact(self, channel):
        """Who has an address for the other way: the contact for bills, the customer."""
        fname = {"sms": "phone_sanitized", "mail": "email_normalized"}.get(channel)
        contacts = self.partner_id.child_ids.filtered(
            lambda one: one.type == "invoice" and not one.key_account_kind
        )
        for contact in contacts | self.partner_id:
            if not fname or contact[fname]:
                return contact
        return contacts.browse()
