# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

ACTIVITY = "key_account_service.mail_activity_type_contact"
BATCH = 500


class KeyAccountContactStanding(models.Model):
    """Managers are reminded of contacts that are due, once for each due day."""

    _inherit = "key.account.contact.standing"

    @api.model
    def _cron_refresh(self):
        """A new day: rules begin and end, and who is due is told so."""
        self._refresh()
        while True:
            done, remaining = self._remind()
            if not done or not self.env["ir.cron"]._commit_progress(
                done, remaining=remaining
            ):
                break

    @api.model
    def _remind(self):
        """An activity for the manager of each row that is due and was not told of.

        :return: (rows dealt with, whether there may be more)
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE key_account_contact_standing AS standing
                   SET date_reminded = date_due, date_reminded_on = %(today)s
                 WHERE id IN (
                    SELECT standing.id
                      FROM key_account_contact_standing AS standing
                      JOIN key_account_contact_rule AS rule
                        ON rule.id = standing.rule_id
                      JOIN res_users AS manager ON manager.id = standing.manager_id
                     WHERE standing.date_due <= %(today)s + rule.lead_days
                       AND standing.date_reminded IS DISTINCT FROM standing.date_due
                       AND manager.active
                     ORDER BY standing.id
                     LIMIT %(batch)s
                       FOR UPDATE OF standing SKIP LOCKED)
                RETURNING id
                """,
                today=today,
                batch=BATCH,
            )
        )
        self.invalidate_model(flush=False)
        standings = self.browse([row[0] for row in rows])
        standings._schedule_reminders()
        return len(standings), int(len(standings) == BATCH)

    def _schedule_reminders(self):
        activity_type = self.env.ref(ACTIVITY)
        model = self.env["ir.model"]._get_id("res.partner")
        # A row that slipped on without being served keeps the activity it has.
        open_ones = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", self.partner_id.ids),
                ("activity_type_id", "=", activity_type.id),
            ]
        )
        known = {(a.res_id, a.user_id.id, a.summary) for a in open_ones}
        vals_list = []
        for standing in self:
            manager = standing.manager_id
            summary = standing.with_context(lang=manager.lang)._get_reminder()
            if (standing.partner_id.id, manager.id, summary) not in known:
                vals_list.append(
                    {
                        "res_model_id": model,
                        "res_id": standing.partner_id.id,
                        "activity_type_id": activity_type.id,
                        "user_id": manager.id,
                        "date_deadline": standing.date_due,
                        "summary": summary,
                    }
                )
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quick.create(vals_list)

    def _get_reminder(self):
        """What is due, in one line."""
        self.ensure_one()
        kind = self.due_kind_id.name or self.env._("A contact")
        who = self.person_id.name or self.line_id.name
        return self.env._("%(what)s is due", what=" · ".join(filter(None, (kind, who))))

    @api.model
    def _end_reminders(self, partner_ids):
        """Reminders of contacts that are not due any more are done with."""
        if not partner_ids:
            return
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        # sudo: a reminder follows from the contacts, whoever logged the last one.
        activities = self.env["mail.activity"].sudo()
        found = activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", list(partner_ids)),
                ("activity_type_id", "=", activity_type.id if activity_type else 0),
            ]
        )
        if not found:
            return
        today = fields.Date.context_today(self)
        rows = self.sudo().search([("partner_id", "in", found.mapped("res_id"))])
        waiting = {
            (row.partner_id.id, row.manager_id.id, row.date_due)
            for row in rows
            if row.rule_id
            and row.date_due <= today + timedelta(days=row.rule_id.lead_days)
        }
        found.filtered(
            lambda activity: (
                activity.res_id,
                activity.user_id.id,
                activity.date_deadline,
            )
            not in waiting
        ).unlink()
