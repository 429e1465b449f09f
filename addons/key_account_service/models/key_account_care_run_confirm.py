# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_care_plan_line import CHANNEL_OF_MEANS


class KeyAccountCareRun(models.Model):
    """Confirms a list: what was looked through is planned in one statement.

    Who opted out since then is left out, and so is what another list planned
    meanwhile; of two lists confirmed at once the later one is tried again.
    """

    _inherit = "key.account.care.run"

    def _confirm(self):
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "previewed":
            raise UserError(
                self.env._("The list was confirmed or cancelled: reload the page.")
            )
        self.env.flush_all()
        self.env.cr.execute(self._get_recheck_query())
        # Whoever assigns one of the customers meanwhile meets this transaction.
        self.env["key.account.standing"]._touch(self._get_partner_ids())
        self.env.cr.execute(self._get_plan_query())
        cares = self.env["key.account.care"].browse(
            care_id for (care_id,) in self.env.cr.fetchall()
        )
        self.env.cr.execute(self._get_link_query())
        self.env.invalidate_all(flush=False)
        cares._plan_activities()
        self.activity_unlink(["key_account_service.mail_activity_type_care"])
        self.batch_id = self._log(len(cares))
        self.state = "confirmed"

    def _get_partner_ids(self):
        groups = self.env["key.account.care.proposal"]._read_group(
            [("run_id", "=", self.id), ("verdict", "=", "ok")], ["partner_id"]
        )
        return [partner.id for (partner,) in groups]

    def _get_recheck_query(self) -> SQL:
        """Opt-outs since the list was made."""
        optouts = self.env["key.account.optout"]
        return SQL(
            """
            UPDATE key_account_care_proposal AS proposal
               SET verdict = 'optout'
             WHERE run_id = %(run)s AND verdict = 'ok' AND %(optout)s
            """,
            run=self.id,
            optout=optouts._get_optout_condition(
                SQL("proposal.partner_id"),
                SQL("proposal.contact_id"),
                "care",
                SQL("%s::jsonb ->> proposal.means", json.dumps(CHANNEL_OF_MEANS)),
                SQL("proposal.date_planned"),
            ),
        )

    def _get_key(self) -> SQL:
        return SQL(
            "concat_ws(':', partner_id, COALESCE(contact_id, 0), COALESCE(line_id, 0), "
            "occasion, COALESCE(festival_id, 0), date_occasion, step)"
        )

    def _get_plan_query(self) -> SQL:
        return SQL(
            """
            INSERT INTO key_account_care (
                name, partner_id, line_id, contact_id, unit_id, manager_id, occasion,
                festival_id, date_occasion, step, date_planned, date_shown,
                means, state, user_id, gift_id,
                gift_quantity, cost, gift_cost, amount, currency_id, plan_line_id,
                run_id, occasion_key,
                create_uid, create_date, write_uid, write_date)
            SELECT name, partner_id, line_id, contact_id, unit_id, manager_id, occasion,
                   festival_id, date_occasion, step, date_planned,
                   CASE WHEN occasion = 'birthday'
                        THEN date_trunc('month', date_planned)::date
                        ELSE date_planned END,
                   means, 'planned', user_id, gift_id,
                   COALESCE(gift_quantity, 1), cost, 0, cost,
                   currency_id, plan_line_id, run_id, %(key)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM key_account_care_proposal
             WHERE run_id = %(run)s AND verdict = 'ok' AND is_chosen
             ORDER BY id
                ON CONFLICT (occasion_key)
             WHERE occasion_key IS NOT NULL AND state <> 'cancelled' DO NOTHING
            RETURNING id
            """,
            key=self._get_key(),
            run=self.id,
            uid=self.user_id.id,
        )

    def _get_link_query(self) -> SQL:
        """Rows know what was planned for them; the others were cared for meanwhile."""
        return SQL(
            """
            UPDATE key_account_care_proposal AS proposal
               SET care_id = care.id,
                   verdict = CASE WHEN care.id IS NULL THEN 'done' ELSE 'ok' END
              FROM key_account_care_proposal AS row
              LEFT JOIN key_account_care AS care
                ON care.run_id = row.run_id
               AND care.occasion_key = %(key)s
             WHERE row.id = proposal.id
               AND proposal.run_id = %(run)s
               AND proposal.verdict = 'ok' AND proposal.is_chosen
            """,
            key=SQL(
                "concat_ws(':', row.partner_id, COALESCE(row.contact_id, 0), "
                "COALESCE(row.line_id, 0), row.occasion, COALESCE(row.festival_id, 0), "
                "row.date_occasion, row.step)"
            ),
            run=self.id,
        )

    def _log(self, planned):
        now = fields.Datetime.now()
        rows = self.env["key.account.care.proposal"].search_count(
            [("run_id", "=", self.id)]
        )
        return self.env["key.account.run"].create(
            {
                "name": self.env._("Care: %(run)s", run=self.name),
                "kind": "care",
                "state": "done",
                "unit_id": self.unit_id.id,
                "user_id": self.env.uid,
                "date_start": now,
                "date_end": now,
                "row_count": rows,
                "created_count": planned,
                "refused_count": rows - planned,
                "progress": 100,
            }
        )
