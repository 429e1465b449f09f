# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF

from .key_account_dunning_step import TAKING


class KeyAccountDunningRun(models.Model):
    """Whom a run reaches with what: one statement over the open items of the day.

    A customer is dunned once for all bills that one unit answers for, whatever their
    number and lines. Disputed amounts, promised ones and those of customers who are
    never dunned are no part of it, and unallocated credits come off.
    """

    _inherit = "key.account.dunning.run"

    def _select_lines(self):
        """Make the rows of the preview anew."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_dunning_line (
                    run_id, date, partner_id, line_id, unit_id, manager_id, currency_id,
                    policy_id, step_id, days, step_channel, channel, contact_id,
                    address, amount, amount_overdue, date_oldest, days_overdue,
                    bill_count, state, reason,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(run)s, %(day)s, partner_id, line_id, unit_id, manager_id,
                       currency_id, policy_id, step_id, step_days, step_channel,
                       channel, contact_id, address, GREATEST(amount, 0), overdue,
                       oldest, %(day)s::date - oldest, bill_count,
                       CASE WHEN reason IS NULL THEN 'ready' ELSE 'left_out' END,
                       reason, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM (%(selection)s) AS selection
                 ORDER BY partner_id, unit_id, step_days
                """,
                run=self.id,
                day=self.date,
                uid=self.env.uid,
                selection=self._get_selection_sql(self.date),
            )
        )
        self.env.invalidate_all(flush=False)
        self.line_ids._write_texts()

    def _get_selection_sql(self, day, tried=None) -> SQL:
        """(customer, unit, currency, step, way, address) and why it is left out.

        :param tried: a policy that is looked at as if it were in force
        """
        return SQL(
            """
            SELECT owed.*, step.id AS step_id, step.days AS step_days,
                   step.channel AS step_channel,
                   address.contact_id, address.channel, address.address,
                   CASE WHEN owed.incomplete THEN 'incomplete'
                        WHEN owed.stopped THEN 'stopped'
                        WHEN owed.policy_id IS NULL THEN 'policy'
                        WHEN owed.amount <= 0 THEN owed.excuse
                        WHEN owed.amount < owed.amount_min THEN 'small'
                        WHEN step.id IS NULL THEN 'early'
                        WHEN EXISTS (%(done)s) THEN 'done'
                        WHEN address.channel IS NULL THEN 'address'
                   END AS reason
              FROM (%(owed)s) AS owed
              LEFT JOIN (%(steps)s) AS step
                ON step.rule_id = owed.policy_id
               AND owed.amount > 0
               AND step.span @> (%(day)s::date - owed.oldest)
              LEFT JOIN LATERAL (%(address)s) AS address ON TRUE
            """,
            day=day,
            steps=self._get_steps_sql(),
            done=self._get_done_sql(),
            owed=self._get_owed_sql(day, tried),
            address=self._get_address_sql(),
        )

    def _get_steps_sql(self) -> SQL:
        """The steps that are messages or tasks, each with the days late on which it is
        the last one reached."""
        return SQL(
            """
            SELECT step.id, step.rule_id, step.days, step.channel, step.fallback,
                   int4range(step.days, (
                       SELECT MIN(later.days) FROM key_account_dunning_step AS later
                        WHERE later.rule_id = step.rule_id AND later.days > step.days
                          AND later.channel <> ALL(%(taking)s))) AS span
              FROM key_account_dunning_step AS step
             WHERE step.channel <> ALL(%(taking)s)
            -- worked out once for a step, not for each customer
            OFFSET 0
            """,
            taking=list(TAKING),
        )

    def _get_done_sql(self) -> SQL:
        """The step was taken already about the same oldest bill."""
        return SQL(
            """
            SELECT FROM key_account_dunning_line AS earlier
             WHERE earlier.partner_id = owed.partner_id
               AND earlier.unit_id IS NOT DISTINCT FROM owed.unit_id
               AND earlier.currency_id = owed.currency_id
               AND earlier.date_oldest = owed.oldest
               AND earlier.days = step.days
               AND earlier.step_channel = step.channel
               AND earlier.state IN ('queued', 'sent', 'failed')
               AND earlier.former_code IS NULL
            """
        )

    def _get_owed_sql(self, day, tried=None) -> SQL:
        """One row for each customer, unit and currency with overdue bills."""
        return SQL(
            """
            WITH sums AS MATERIALIZED (%(sums)s)
            SELECT sums.partner_id, sums.line_id, sums.unit_id, sums.manager_id,
                   sums.currency_id, sums.overdue, sums.oldest,
                   COALESCE(NULLIF(
                       sums.free_count + CASE WHEN sums.promises > policy.promise_limit
                                              THEN sums.promised_count ELSE 0 END,
                       0), sums.all_count) AS bill_count,
                   policy.policy_id, policy.amount_min,
                   sums.unit_id = ANY(%(stopped)s) AS stopped,
                   sums.unit_id = ANY(%(incomplete)s) AS incomplete,
                   sums.free + CASE WHEN sums.promises > policy.promise_limit
                                    THEN sums.promised ELSE 0 END
                       - COALESCE(credit.amount, 0) AS amount,
                   CASE WHEN sums.exempt >= sums.overdue - sums.disputed
                             AND sums.exempt > 0 THEN 'exempt'
                        WHEN sums.promised > 0 THEN 'promise'
                        WHEN sums.disputed > 0 AND sums.free <= 0 THEN 'dispute'
                        ELSE 'credit' END AS excuse
              FROM sums
              LEFT JOIN (
                SELECT DISTINCT ON (case_.unit_id, case_.kind, case_.grade)
                       case_.unit_id, case_.kind, case_.grade,
                       found.policy_id, policy.amount_min, policy.promise_limit
                  FROM (SELECT DISTINCT unit_id, COALESCE(customer_kind, '') AS kind,
                               COALESCE(grade_id, 0) AS grade FROM sums) AS case_
                  JOIN (%(policies)s)
                       AS found (unit_id, kind, grade_id, policy_id, rank)
                    ON found.unit_id = case_.unit_id
                   AND (found.kind IS NULL OR found.kind = case_.kind)
                   AND (found.grade_id IS NULL OR found.grade_id = case_.grade)
                  JOIN key_account_dunning_policy AS policy
                    ON policy.id = found.policy_id
                 ORDER BY case_.unit_id, case_.kind, case_.grade, found.rank DESC
              ) AS policy
                ON policy.unit_id = sums.unit_id
               AND policy.kind = COALESCE(sums.customer_kind, '')
               AND policy.grade = COALESCE(sums.grade_id, 0)
              LEFT JOIN (
                SELECT partner_id, unit_id, currency_id, SUM(amount_credit) AS amount
                  FROM key_account_line_standing
                 GROUP BY partner_id, unit_id, currency_id
              ) AS credit
                ON credit.partner_id = sums.partner_id
               AND credit.unit_id IS NOT DISTINCT FROM sums.unit_id
               AND credit.currency_id = sums.currency_id
            """,
            stopped=list(self.env["key.account.unit"]._get_dunning_stopped()),
            incomplete=list(self.env["key.account.unit"]._get_dunning_incomplete(day)),
            sums=self._get_sums_sql(day),
            policies=self.env["key.account.dunning.policy"]._get_policies_sql(
                day, tried
            ),
        )

    def _get_sums_sql(self, day) -> SQL:
        items = self.env["key.account.open.item"].with_context(**{AS_OF: str(day)})
        return SQL(
            """
            SELECT item.partner_id, item.unit_id, item.currency_id,
                   MIN(item.manager_id) AS manager_id,
                   MIN(item.line_id) AS line_id,
                   MIN(item.customer_kind) AS customer_kind,
                   MIN(item.grade_id) AS grade_id,
                   COUNT(*) AS all_count,
                   COUNT(*) FILTER (WHERE rest > 0 AND NOT is_exempt
                                      AND NOT is_promised) AS free_count,
                   COUNT(*) FILTER (WHERE rest > 0 AND NOT is_exempt
                                      AND is_promised) AS promised_count,
                   SUM(item.amount_open) AS overdue,
                   SUM(item.amount_disputed) AS disputed,
                   COALESCE(SUM(rest) FILTER (WHERE is_exempt), 0) AS exempt,
                   COALESCE(SUM(rest) FILTER (WHERE is_promised AND NOT is_exempt), 0)
                       AS promised,
                   COALESCE(SUM(rest) FILTER (
                       WHERE NOT is_promised AND NOT is_exempt), 0) AS free,
                   COALESCE(MIN(date_due) FILTER (
                       WHERE rest > 0 AND NOT is_promised AND NOT is_exempt),
                       MIN(date_due)) AS oldest,
                   CASE WHEN bool_or(is_promised) THEN (
                     SELECT COUNT(*) FROM key_account_promise AS promise
                      WHERE promise.partner_id = item.partner_id
                        AND promise.unit_id IS NOT DISTINCT FROM item.unit_id
                        AND promise.date_withdrawn IS NULL
                        AND promise.date > MIN(item.date_due))
                   ELSE 0 END AS promises
              FROM (
                SELECT found.*, found.amount_open - found.amount_disputed AS rest
                  FROM (
                    SELECT open.partner_id, open.unit_id, open.manager_id,
                           open.line_id, open.currency_id, open.customer_kind,
                           open.grade_id, open.date_due, open.amount_open,
                           open.amount_disputed, open.is_promised, open.is_exempt
                      FROM (%(items)s) AS open
                     WHERE open.is_overdue AND %(scope)s
                    -- each of them is worked out once for a bill, not for each use
                    OFFSET 0
                  ) AS found
              ) AS item
             GROUP BY item.partner_id, item.unit_id, item.currency_id
            """,
            items=items._table_query,
            scope=self._get_scope_sql(),
        )

    def _get_scope_sql(self) -> SQL:
        """The units below that of the run, and the customers it names; without a run
        everybody."""
        if not self:
            return SQL("TRUE")
        # sudo: the tree below a unit is no secret.
        units = self.unit_id.sudo()._get_below()
        scope = SQL("open.unit_id = ANY(%s)", units.ids)
        if self.partner_ids:
            return SQL("%s AND open.partner_id = ANY(%s)", scope, self.partner_ids.ids)
        return scope

    def _get_address_sql(self) -> SQL:
        """The way that can be taken and to where: the contact for bills first, then the
        customer; of two ways the first that has an address. A contact that is a
        customer himself gets nothing about another one."""
        return SQL(
            """
            SELECT contact.id AS contact_id, way.channel,
                   CASE way.channel WHEN 'sms' THEN contact.phone_sanitized
                                    WHEN 'mail' THEN contact.email_normalized
                   END AS address
              FROM (VALUES (1, step.channel), (2, step.fallback))
                   AS way (place, channel)
              JOIN res_partner AS contact
                ON contact.active
               AND (contact.id = owed.partner_id
                    OR contact.parent_id = owed.partner_id AND contact.type = 'invoice'
                       AND contact.key_account_kind IS NULL)
             WHERE way.channel NOT IN ('sms', 'mail')
                OR way.channel = 'sms' AND contact.phone_sanitized <> ''
                OR way.channel = 'mail' AND contact.email_normalized <> ''
             ORDER BY way.place, contact.id = owed.partner_id, contact.id
             LIMIT 1
            """
        )

    def _queue_lines(self):
        """What the preview shows and still holds is going out: nothing else is, and
        nothing a second time.

        Two runs at once write the narrow rows of the same customers; the later one is
        tried again and finds the step taken.
        """
        ready = self.line_ids.filtered(lambda line: line.state == "ready")
        self.env["key.account.standing"]._touch(ready.partner_id.ids)
        self._check_lines(self.date)

    def _check_lines(self, day):
        """Rows that wait are compared with what would be selected on the day: what was
        paid or changed since is left out."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_dunning_line AS line
                   SET state = CASE WHEN found.valid THEN 'queued' ELSE 'left_out' END,
                       reason = CASE WHEN found.valid THEN NULL
                                     ELSE COALESCE(found.reason, 'changed') END
                  FROM (
                    SELECT line.id, now.reason,
                           COALESCE(now.reason IS NULL AND now.partner_id IS NOT NULL
                               OR now.reason IN ('incomplete', 'stopped')
                               OR now.reason = 'done' AND line.state = 'queued', FALSE)
                           AND (now.reason IN ('incomplete', 'stopped')
                                OR line.amount = now.amount) AS valid
                      FROM key_account_dunning_line AS line
                      LEFT JOIN (%(selection)s) AS now
                        ON now.partner_id = line.partner_id
                       AND now.unit_id IS NOT DISTINCT FROM line.unit_id
                       AND now.currency_id = line.currency_id
                       AND now.oldest = line.date_oldest
                       AND now.step_channel = line.step_channel
                     WHERE line.run_id = %(run)s AND line.state IN ('ready', 'queued')
                  ) AS found
                 WHERE found.id = line.id
                """,
                selection=self._get_selection_sql(day),
                run=self.id,
            )
        )
        self.env["key.account.dunning.line"].invalidate_model(
            ["state", "reason"], flush=False
        )
