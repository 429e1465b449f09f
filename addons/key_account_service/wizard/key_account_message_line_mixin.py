# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountMessageLineMixin(models.AbstractModel):
    """One mail of a preview, made from its own record and from no other customer's
    data, in the language of who receives it; or why it would not be sent.

    The model names the field of that record (``_message_field``) and the purpose by
    which opt-outs are asked (``_message_purpose``).
    """

    _name = "key.account.message.line.mixin"
    _description = "Mail of a Preview"
    _message_field = None
    _message_purpose = None

    is_chosen = fields.Boolean(string="Send", default=True)
    email = fields.Char(string="E-mail", readonly=True)
    subject = fields.Char()
    body = fields.Html(string="Mail", sanitize_style=True)
    problem = fields.Char(readonly=True, help="Why it would not be sent.")

    @api.model
    def _prepare_message(self, record, template):
        rendered = {
            name: template._render_field(name, record.ids, compute_lang=True)[record.id]
            for name in ("subject", "body_html")
        }
        problem = self._get_problem(record)
        return {
            self._message_field: record.id,
            "email": self._get_receiver(record).email,
            "is_chosen": not problem,
            "problem": problem,
            "subject": rendered["subject"],
            "body": rendered["body_html"],
        }

    @api.model
    def _get_receiver(self, record):
        return record.contact_id or record.partner_id

    @api.model
    def _get_problem(self, record):
        """Why nothing is sent about a record; nothing when it is. Hook."""
        if not self._get_receiver(record).email:
            return self.env._("There is no e-mail address.")
        if self.env["key.account.optout"]._is_opted_out(
            record.partner_id,
            self._message_purpose,
            "mail",
            fields.Date.context_today(self),
            record.contact_id,
        ):
            return self.env._("Does not want mail.")
        return False

    def _get_records(self):
        return self[self._message_field]

    def _send(self):
        """Send what was looked at; who opted out since then gets nothing."""
        records = self._get_records()
        records.check_access("write")
        # sudo: of two who send at once the second waits; the rows are only locked.
        records.sudo().lock_for_update()
        records.invalidate_recordset()
        for line in self:
            record = line._get_records()
            if problem := line._get_problem(record):
                raise UserError(
                    self.env._(
                        "%(record)s: %(problem)s Untick it.",
                        record=record.display_name,
                        problem=problem,
                    )
                )
        for line in self:
            record = line._get_records()
            line.wizard_id.template_id.send_mail(
                record.id,
                email_values={
                    "subject": line.subject,
                    "body_html": line.body,
                    "email_to": False,
                    "recipient_ids": [(6, 0, self._get_receiver(record).ids)],
                },
            )
        self._after_send(records)

    def _after_send(self, records):
        """What follows for the records when their mails went out. Hook."""
