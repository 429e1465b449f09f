# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountGradeNoticeLine(models.TransientModel):
    """A notice goes out by mail, as a text message, or both; each once a customer."""

    _inherit = "key.account.grade.notice.line"

    is_sms_chosen = fields.Boolean(
        string="By SMS",
        compute="_compute_is_sms_chosen",
        store=True,
        readonly=False,
    )
    sms_number = fields.Char(string="SMS Number", compute="_compute_sms_number")
    is_refusing = fields.Boolean(
        string="Wants No SMS",
        compute="_compute_sms_number",
        help="The number is on the list of those that may not be written to.",
    )

    @api.depends("partner_id.phone", "partner_id.country_id")
    def _compute_sms_number(self):
        """The number as it stands in the file now, whatever the row says."""
        numbers = {line: line._get_sms_number() for line in self}
        wanted = [number for number in numbers.values() if number]
        # sudo: the list is for administrators; only whether this one is on it is told
        blacklist = self.env["phone.blacklist"].sudo()
        refusing = blacklist.search([("number", "in", wanted)])
        for line in self:
            line.sms_number = numbers[line]
            line.is_refusing = numbers[line] in refusing.mapped("number")

    def _get_sms_number(self):
        partner = self.partner_id
        return partner._phone_format(number=partner.phone) if partner.phone else False

    @api.depends("sms_number", "is_refusing", "sms_text")
    def _compute_is_sms_chosen(self):
        for line in self:
            line.is_sms_chosen = line._may_send_sms()

    def _may_send_sms(self):
        return bool(self.sms_number and self.sms_text and not self.is_refusing)

    @api.depends("email", "sms_number", "is_refusing")
    def _compute_is_without_address(self):
        super()._compute_is_without_address()
        for line in self:
            if line.sms_number and not line.is_refusing:
                line.is_without_address = False

    @api.model
    def _prepare_notice(self, partner):
        """Chosen is also who has no mail but a number."""
        vals = super()._prepare_notice(partner)
        if not vals["is_chosen"] and partner.phone:
            vals["is_chosen"] = self.new(
                {**vals, "partner_id": partner}
            )._may_send_sms()
        return vals

    def _send_sms(self):
        """One message a customer, through Odoo's queue, noted on the file."""
        super()._send_sms()
        told = self.env["res.partner"]
        for line in self:
            partner = line.partner_id
            if line.is_sms_chosen and line._may_send_sms() and partner not in told:
                told += partner
                partner._message_sms(
                    line.sms_text, number_field="phone", put_in_queue=True
                )
