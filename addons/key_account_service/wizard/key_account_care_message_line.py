# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountCareMessageLine(models.TransientModel):
    """The greeting of one customer or person, to be looked at: made from its own act of
    care, and from no other customer's data."""

    _name = "key.account.care.message.line"
    _description = "Greeting"

    wizard_id = fields.Many2one(
        comodel_name="key.account.care.message", required=True, ondelete="cascade"
    )
    care_id = fields.Many2one(
        comodel_name="key.account.care", string="Care", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="care_id.partner_id")
    contact_id = fields.Many2one(related="care_id.contact_id")
    is_chosen = fields.Boolean(string="Send", default=True)
    email = fields.Char(string="E-mail", readonly=True)
    subject = fields.Char()
    body = fields.Html(string="Mail", sanitize_style=True)
    problem = fields.Char(readonly=True, help="Why it would not be sent.")

    @api.model
    def _prepare_greeting(self, care, template):
        rendered = {
            name: template._render_field(name, care.ids, compute_lang=True)[care.id]
            for name in ("subject", "body_html")
        }
        problem = self._get_greeting_problem(care)
        return {
            "care_id": care.id,
            "email": self._get_receiver(care).email,
            "is_chosen": not problem,
            "problem": problem,
            "subject": rendered["subject"],
            "body": rendered["body_html"],
        }

    @api.model
    def _get_receiver(self, care):
        return care.contact_id or care.partner_id

    @api.model
    def _get_greeting_problem(self, care):
        if not self._get_receiver(care).email:
            return self.env._("There is no e-mail address.")
        optouts = self.env["key.account.optout"]
        today = fields.Date.context_today(self)
        if optouts._is_opted_out(
            care.partner_id, "care", "mail", today, care.contact_id
        ):
            return self.env._("Does not want mail.")
        return False

    def _send(self):
        """Send what was looked at; who opted out since then gets nothing."""
        cares = self.care_id
        cares.check_access("write")
        for line in self:
            problem = line._get_greeting_problem(line.care_id)
            if problem:
                raise UserError(
                    self.env._(
                        "%(care)s: %(problem)s Untick it.",
                        care=line.care_id.display_name,
                        problem=problem,
                    )
                )
        for line in self:
            line.wizard_id.template_id.send_mail(
                line.care_id.id,
                email_values={
                    "subject": line.subject,
                    "body_html": line.body,
                    "email_to": False,
                    "recipient_ids": [(6, 0, self._get_receiver(line.care_id).ids)],
                },
            )
        self._send_sms()
        cares.filtered(lambda care: care.means in ("message", "card"))._finish()

    def _send_sms(self):
        """Send text messages. Hook: without an addon that can, none is sent."""
