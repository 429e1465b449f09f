# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STAFF = "key_account_crm.group_key_account_staff"


class KeyAccountCare(models.Model):
    """On which day care is due, told to no more people than may know a birthday.

    Whoever serves the customer sees the days themselves. Everybody else sees of a
    birthday the month only, and no other date of the act that would give the day away:
    neither when it was planned, done or entered, nor its messages (ORG-21).
    """

    _inherit = "key.account.care"

    date_shown = fields.Date(
        string="When",
        compute="_compute_date_shown",
        inverse="_inverse_date_shown",
        store=True,
        index=True,
        help="When it was done, or is planned for. Of a birthday the month: its first "
        "day.",
    )
    # An act of a daily list is entered as many days ahead as its plan says.
    create_date = fields.Datetime(groups=STAFF)
    write_date = fields.Datetime(groups=STAFF)
    # Reminders and messages are looked through as their own rules say, and not around
    # them: they carry dates.
    activity_ids = fields.One2many(bypass_search_access=False)
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_state = fields.Selection(groups=STAFF)
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    is_listed = fields.Boolean(
        string="From a List", compute="_compute_is_listed", compute_sudo=True
    )

    @api.depends("date_planned", "date_done", "occasion")
    def _compute_date_shown(self):
        # sudo: what is shown is made from days that not everybody sees.
        for care in self.sudo():
            day = care.date_done or care.date_planned
            is_secret = day and care.occasion == "birthday"
            care.date_shown = day.replace(day=1) if is_secret else day

    def _inverse_date_shown(self):
        """Who sees no more than this plans what is no birthday."""
        # sudo: the day that the writer chose; he may write the act.
        cares = self.sudo()
        secret = cares.filtered(lambda care: care.occasion == "birthday")
        self.env.add_to_compute(self._fields["date_shown"], secret)
        for care in cares - secret:
            if care.state == "planned" and care.date_planned != care.date_shown:
                care.date_planned = care.date_shown

    @api.model
    def _knows_birthdays(self):
        """Whether the user serves customers, and sees the days of their people."""
        return self.env.su or self.env.user.has_group(STAFF)

    @api.depends("run_id")
    def _compute_is_listed(self):
        for care in self:
            care.is_listed = bool(care.run_id)

    @api.depends("state", "date_planned")
    @api.depends_context("tz", "uid")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        for care in self:
            care.is_late = care in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        late = self._get_late_domain()
        return Domain.OR(late if wanted else ~late for wanted in value)

    def _search_activity_state(self, operator, value):
        found = super()._search_activity_state(operator, value)
        if found is NotImplemented or self._knows_birthdays():
            return found
        return Domain(found) & Domain("occasion", "!=", "birthday")

    @api.model
    def _get_late_domain(self):
        """Planned for a day that is past; for who knows the month only, when that is
        over."""
        today = fields.Date.context_today(self)
        planned = Domain("state", "=", "planned")
        if self._knows_birthdays():
            return planned & Domain("date_planned", "<", today)
        return planned & (
            Domain("date_shown", "<", today.replace(day=1))
            | (Domain("occasion", "!=", "birthday") & Domain("date_shown", "<", today))
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The messages of a birthday are read by who knows the day: they are dated."""
        found = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if not self._knows_birthdays():
            # sudo: only compared.
            for care in self.sudo():
                if care.occasion == "birthday" and care.user_id != self.env.user:
                    found[care.sudo(False)] = "unlink"  # which nobody may
        return found

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "calendar" and not self._knows_birthdays():
            arch.set("date_start", "date_shown")
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._knows_birthdays())

    @api.model
    def _get_day_done(self) -> SQL:
        """The day of an act that is done, of the table as ``fact``, as far as the user
        may know it."""
        return SQL("fact.date_done" if self._knows_birthdays() else "fact.date_shown")
