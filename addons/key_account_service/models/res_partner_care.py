# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .key_account_person import BIRTHDAY_CALENDARS


class ResPartner(models.Model):
    """What care needs to know of a customer: its own anniversary, and by which
    calendar a person keeps the birthday."""

    _inherit = "res.partner"

    key_account_date_founded = fields.Date(
        string="Founded on", help="The anniversary of the company is kept on this day."
    )
    key_account_birthday_calendar = fields.Selection(
        selection=BIRTHDAY_CALENDARS,
        string="Birthday Calendar",
        compute="_compute_key_account_birthday_calendar",
        inverse="_inverse_key_account_birthday_calendar",
        help="Lunar: the birthday is kept on the lunar date of the day of birth.",
    )

    key_account_care_count = fields.Integer(
        string="Care",
        compute="_compute_key_account_care_count",
        help="Acts of care that you may look at.",
    )

    @api.depends_context("uid")
    def _compute_key_account_care_count(self):
        cares = self.env["key.account.care"]
        counts = {}
        if cares.has_access("read"):
            groups = cares._read_group(
                [("partner_id", "in", self._origin.ids)], ["partner_id"], ["__count"]
            )
            counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.key_account_care_count = counts.get(partner._origin.id, 0)

    @api.depends_context("uid")
    def _compute_key_account_birthday_calendar(self):
        persons = self._key_account_get_persons()
        for partner in self:
            person = persons.get(partner._origin.id)
            partner.key_account_birthday_calendar = (
                person.birthday_calendar if person else "solar"
            )

    def _inverse_key_account_birthday_calendar(self):
        """Written to the private data, with the user's own rights there."""
        persons = self._key_account_get_persons()
        for partner in self:
            person = persons.get(partner.id)
            calendar = partner.key_account_birthday_calendar or "solar"
            if person and person.birthday_calendar != calendar:
                person.birthday_calendar = calendar
            elif not person and calendar == "lunar":
                self.env["key.account.person"].create(
                    {"partner_id": partner.id, "birthday_calendar": calendar}
                )

    def action_key_account_care(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_service.key_account_care_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.id)],
            "context": {"default_partner_id": self.id},
        }
