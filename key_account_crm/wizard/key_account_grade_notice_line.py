# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date


class KeyAccountGradeNoticeLine(models.TransientModel):
    """What one customer would be told: mail and text message, to be looked at."""

    _name = "key.account.grade.notice.line"
    _description = "Notice of an Ending Membership"

    wizard_id = fields.Many2one(
        comodel_name="key.account.grade.notice", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    is_chosen = fields.Boolean(string="Send", default=True)
    grade_id = fields.Many2one(related="partner_id.key_account_grade_id")
    valid_to = fields.Date(related="partner_id.key_account_grade_valid_to")
    email = fields.Char(string="E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    subject = fields.Char()
    body = fields.Html(string="Mail", sanitize_style=True)
    sms_text = fields.Text(string="Text Message")
    is_without_address = fields.Boolean(compute="_compute_is_without_address")

    @api.depends("email")
    def _compute_is_without_address(self):
        for line in self:
            line.is_without_address = not line.email

    @api.model
    def _prepare_notice(self, partner):
        """The texts for one customer, in its language: its own data and no others."""
        template = self.env.ref("key_account_crm.mail_template_grade_ends")
        rendered = {
            name: template._render_field(name, partner.ids, compute_lang=True)[
                partner.id
            ]
            for name in ("subject", "body_html")
        }
        return {
            "partner_id": partner.id,
            "email": partner.email,
            "phone": partner.phone,
            "is_chosen": bool(partner.email),
            "subject": rendered["subject"],
            "body": rendered["body_html"],
            "sms_text": self._say_in_short(partner),
        }

    @api.model
    def _say_in_short(self, partner):
        env = self.with_context(lang=partner.lang or self.env.lang).env
        grade = partner.with_env(env).key_account_grade_id.name
        if not partner.key_account_grade_valid_to:
            return env._(
                "Dear customer, your grade %(grade)s is about to change. Your account "
                "manager will gladly tell you more.",
                grade=grade,
            )
        return env._(
            "Dear customer, your membership %(grade)s ends on %(date)s. Your account "
            "manager will gladly tell you more.",
            grade=grade,
            date=format_date(env, partner.key_account_grade_valid_to),
        )

    def _send(self):
        """Send what was looked at, and note that the customers know."""
        self.partner_id.check_access("write")
        template = self.env.ref("key_account_crm.mail_template_grade_ends")
        for line in self.filtered("email"):
            template.send_mail(
                line.partner_id.id,
                email_values={"subject": line.subject, "body_html": line.body},
            )
        self._send_sms()
        self.env["key.account.standing"]._note_grade_notices(self.partner_id.ids)

    def _send_sms(self):
        """Send the text messages. Hook: without an addon that can, none is sent."""
