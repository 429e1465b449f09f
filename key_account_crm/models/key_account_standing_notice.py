# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

ACTIVITY = "key_account_crm.mail_activity_type_grade_ends"


class KeyAccountStanding(models.Model):
    """Whom to tell, ahead of time, that a grade ends or goes down (domain 2.2)."""

    _inherit = "key.account.standing"

    @api.model
    def _get_grade_notices_due(self):
        """Ids of the customers whose membership ends soon, or whose grace ends with
        the next run, and who were not told yet."""
        today = fields.Date.context_today(self)
        self.env.flush_all()
        partner_ids = []
        # sudo: which rule holds where is the same for all; whoever asks filters.
        rules = self.env["key.account.grade.rule"].sudo()
        for kind, _label in rules._fields["kind"].selection:
            found = rules._get_map_in_force(today, kind=kind).values()
            for rule in rules.browse({rule.id for rule in found if rule}):
                rows = self.env.execute_query(rule._get_notice_query(today))
                partner_ids += [row[0] for row in rows]
        return sorted(set(partner_ids))

    @api.model
    def _note_grade_notices(self, partner_ids):
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_standing SET grade_notified = %s "
                "WHERE partner_id = ANY(%s)",
                fields.Date.context_today(self),
                list(partner_ids),
            )
        )
        self._forget_grades()

    @api.model
    def _cron_remind_managers(self):
        """An activity for the manager of each customer that is due a notice, once."""
        partners = self.env["res.partner"].browse(self._get_grade_notices_due())
        kind = self.env.ref(ACTIVITY)
        known = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", partners.ids),
                ("activity_type_id", "=", kind.id),
            ],
            ["res_id"],
        )
        reminded = {res_id for (res_id,) in known}
        for partner in partners:
            if partner.key_account_manager_id and partner.id not in reminded:
                partner.activity_schedule(
                    ACTIVITY,
                    date_deadline=partner.key_account_grade_valid_to
                    or fields.Date.context_today(self),
                    user_id=partner.key_account_manager_id.id,
                    note=partner._key_account_say_ending(),
                )
