# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF

from .key_account_dunning_step import TAKING
from .key_account_suspension import OPEN


class KeyAccountSuspension(models.Model):
    """Which numbers would be suspended today, and which are left out and why: one
    statement over the open items, for any number of customers.

    A bill that names a number is about that number. One that names none is about all
    numbers of its unit and line. Disputed and promised amounts and those of customers
    who are never dunned are no part of what is owed; unallocated credits come off.
    """

    _inherit = "key.account.suspension"

    @api.model
    def _get_candidates_sql(self, day, scope, kind=None) -> SQL:
        """One row per number in arrears with the step due, and why it is left out.

        :param SQL scope: condition on rows ``number`` of service numbers
        :param kind: the step asked for by hand; None for the one the policy reached
        """
        return SQL(
            """
            SELECT owed.*, step.kind, %(reason)s AS reason
              FROM (%(owed)s) AS owed
              LEFT JOIN LATERAL (%(step)s) AS step ON TRUE
            """,
            reason=self._get_reason_sql(day, by_policy=not kind),
            owed=self._get_owed_sql(day, scope),
            step=self._get_step_sql(day, kind),
        )

    @api.model
    def _get_step_sql(self, day, kind) -> SQL:
        """The step asked for, or the last one whose day the policy reached."""
        if kind:
            return SQL("SELECT %s::varchar AS kind", kind)
        return SQL(
            """
            SELECT reached.channel AS kind
              FROM key_account_dunning_step AS reached
             WHERE reached.rule_id = owed.policy_id
               AND reached.channel = ANY(%s)
               AND reached.days <= %s::date - owed.oldest
             ORDER BY reached.days DESC, reached.id DESC LIMIT 1
            """,
            list(TAKING),
            day,
        )

    @api.model
    def _get_reason_sql(self, day, by_policy) -> SQL:
        """Why a row ``owed`` with its ``step`` is left out, NULL where it is not."""
        units = self.env["key.account.unit"]
        return SQL(
            """
            CASE WHEN owed.unit_id = ANY(%(incomplete)s) THEN 'incomplete'
                 WHEN owed.unit_id = ANY(%(stopped)s) THEN 'stopped'
                 WHEN owed.number_state = 'closed' THEN 'closed'
                 WHEN %(by_policy)s AND owed.policy_id IS NULL THEN 'policy'
                 WHEN owed.amount <= 0 THEN owed.excuse
                 WHEN owed.amount < owed.amount_min THEN 'small'
                 WHEN step.kind IS NULL THEN 'early'
                 WHEN step.kind = 'one_way' AND owed.number_state <> 'in_service'
                   OR step.kind = 'two_way' AND owed.number_state = 'two_way'
                   OR step.kind = 'removal' AND owed.number_state <> 'two_way'
                 THEN 'state'
                 WHEN EXISTS (
                    SELECT FROM key_account_suspension AS other
                     WHERE other.number_id = owed.number_id
                       AND other.kind <> 'resume'
                       AND other.state = ANY(%(open)s)) THEN 'pending'
                 WHEN %(by_policy)s AND EXISTS (%(done)s) THEN 'done'
            END
            """,
            incomplete=list(units._get_dunning_incomplete(day)),
            stopped=list(units._get_dunning_stopped()),
            by_policy=by_policy,
            open=list(OPEN),
            done=self._get_done_sql(),
        )

    @api.model
    def _get_done_sql(self) -> SQL:
        """The same step about the same oldest bill was decided on by people or by the
        branch: the policy does not ask again. What a payment ended is no decision."""
        return SQL(
            """
            SELECT FROM key_account_suspension AS earlier
             WHERE earlier.number_id = owed.number_id
               AND earlier.kind = step.kind
               AND earlier.date_oldest = owed.oldest
               AND (earlier.state IN ('refused', 'confirmed')
                    OR earlier.state = 'withdrawn'
                       AND earlier.end_reason IN ('declined', 'by_hand'))
            """
        )

    @api.model
    def _get_owed_sql(self, day, scope) -> SQL:
        """One row per number that has overdue bills: its policy and what is owed. Of
        several currencies the one that is overdue longest counts."""
        return SQL(
            """
            WITH sums AS MATERIALIZED (%(sums)s)
            SELECT DISTINCT ON (sums.number_id)
                   sums.number_id, sums.number_state, sums.partner_id, sums.line_id,
                   sums.unit_id, sums.manager_id, sums.currency_id, sums.overdue,
                   sums.oldest, sums.bill_count, policy.policy_id, policy.amount_min,
                   COALESCE(policy.is_protected, FALSE) AS is_protected,
                   sums.free + CASE WHEN sums.promises > policy.promise_limit
                                    THEN sums.promised ELSE 0 END
                       - COALESCE(credit.amount, 0) AS amount,
                   CASE WHEN sums.exempt >= sums.overdue - sums.disputed
                             AND sums.exempt > 0 THEN 'exempt'
                        WHEN sums.promised > 0 THEN 'promise'
                        WHEN sums.disputed > 0 AND sums.free <= 0 THEN 'dispute'
                        ELSE 'credit' END AS excuse
              FROM sums
              LEFT JOIN (%(policies)s) AS policy
                ON policy.unit_id = sums.unit_id
               AND policy.kind = sums.customer_kind
               AND policy.grade = sums.customer_grade
              LEFT JOIN (%(credits)s) AS credit
                ON credit.partner_id = sums.partner_id
               AND credit.unit_id IS NOT DISTINCT FROM sums.unit_id
               AND credit.currency_id = sums.currency_id
             ORDER BY sums.number_id, sums.oldest, sums.currency_id
            """,
            sums=self._get_customer_sums_sql(day, scope),
            credits=self._get_credits_sql(),
            policies=self._get_cases_sql(day),
        )

    @api.model
    def _get_customer_sums_sql(self, day, scope) -> SQL:
        """The sums of each number with whose it is, and what kind and grade of
        customer."""
        return SQL(
            """
            SELECT sums.*, number.state AS number_state, number.partner_id,
                   number.line_id, number.unit_id, number.manager_id,
                   COALESCE(customer.key_account_kind, '') AS customer_kind,
                   COALESCE(standing.grade_id, 0) AS customer_grade
              FROM (%(sums)s) AS sums
              JOIN key_account_number AS number ON number.id = sums.number_id
              LEFT JOIN res_partner AS customer ON customer.id = number.partner_id
              LEFT JOIN key_account_standing AS standing
                ON standing.partner_id = number.partner_id
            """,
            sums=self._get_sums_sql(day, scope),
        )

    @api.model
    def _get_cases_sql(self, day) -> SQL:
        """The policy that holds for each unit, kind and grade among rows ``sums``: a
        few, whatever the number of customers."""
        return SQL(
            """
            SELECT DISTINCT ON (asked.unit_id, asked.kind, asked.grade)
                   asked.unit_id, asked.kind, asked.grade, found.policy_id,
                   policy.amount_min, policy.promise_limit, policy.is_protected
              FROM (SELECT DISTINCT unit_id, customer_kind AS kind,
                           customer_grade AS grade FROM sums) AS asked
              JOIN (%s) AS found (unit_id, kind, grade_id, policy_id, rank)
                ON found.unit_id = asked.unit_id
               AND (found.kind IS NULL OR found.kind = asked.kind)
               AND (found.grade_id IS NULL OR found.grade_id = asked.grade)
              JOIN key_account_dunning_policy AS policy ON policy.id = found.policy_id
             ORDER BY asked.unit_id, asked.kind, asked.grade, found.rank DESC
            """,
            self.env["key.account.dunning.policy"]._get_policies_sql(day),
        )

    @api.model
    def _get_credits_sql(self) -> SQL:
        return SQL(
            """
            SELECT partner_id, unit_id, currency_id, SUM(amount_credit) AS amount
              FROM key_account_line_standing
             WHERE amount_credit > 0
             GROUP BY partner_id, unit_id, currency_id
            """
        )

    @api.model
    def _get_sums_sql(self, day, scope) -> SQL:
        """What the overdue bills of each number add up to, per currency."""
        return SQL(
            """
            SELECT pair.number_id, pair.currency_id,
                   SUM(overdue) AS overdue, SUM(disputed) AS disputed,
                   SUM(exempt) AS exempt, SUM(promised) AS promised,
                   SUM(free) AS free, SUM(bill_count) AS bill_count,
                   COALESCE(MIN(oldest_free), MIN(oldest)) AS oldest,
                   MAX(promises) AS promises
              FROM (
                WITH number AS MATERIALIZED (
                    SELECT number.id, number.partner_id, number.unit_id,
                           number.line_id
                      FROM key_account_number AS number WHERE %(scope)s
                ), item AS MATERIALIZED (%(items)s)
                SELECT number.id AS number_id, item.*
                  FROM number
                  JOIN item ON item.of_number = number.id
                   AND item.partner_id = number.partner_id
                 UNION ALL
                SELECT number.id, item.*
                  FROM number
                  JOIN item
                    ON item.of_number IS NULL
                   AND item.partner_id = number.partner_id
                   AND item.unit_id IS NOT DISTINCT FROM number.unit_id
                   AND (item.line_id IS NULL OR number.line_id IS NULL
                        OR item.line_id = number.line_id)
              ) AS pair
             GROUP BY pair.number_id, pair.currency_id
            """,
            scope=scope,
            items=self._get_items_sql(day),
        )

    @api.model
    def _get_items_sql(self, day) -> SQL:
        """The overdue bills of the customers of rows ``number``, summed as far as they
        are about the same number, or about none and the same unit and line."""
        items = self.env["key.account.open.item"].with_context(
            **{AS_OF: fields.Date.to_string(day)}
        )
        return SQL(
            """
            SELECT open.partner_id, open.unit_id, open.line_id, open.currency_id,
                   open.number_id AS of_number,
                   COUNT(*) AS bill_count,
                   SUM(amount_open) AS overdue,
                   SUM(amount_disputed) AS disputed,
                   COALESCE(SUM(rest) FILTER (WHERE is_exempt), 0) AS exempt,
                   COALESCE(SUM(rest) FILTER (
                       WHERE is_promised AND NOT is_exempt), 0) AS promised,
                   COALESCE(SUM(rest) FILTER (
                       WHERE NOT is_promised AND NOT is_exempt), 0) AS free,
                   MIN(date_due) FILTER (
                       WHERE rest > 0 AND NOT is_promised AND NOT is_exempt)
                       AS oldest_free,
                   MIN(date_due) AS oldest,
                   CASE WHEN bool_or(is_promised) THEN (
                     SELECT COUNT(*) FROM key_account_promise AS promise
                      WHERE promise.partner_id = open.partner_id
                        AND promise.unit_id IS NOT DISTINCT FROM open.unit_id
                        AND promise.date_withdrawn IS NULL
                        AND promise.date > MIN(open.date_due))
                   ELSE 0 END AS promises
              FROM (
                SELECT found.*, found.amount_open - found.amount_disputed AS rest
                  FROM (
                    SELECT item.partner_id, item.unit_id, item.line_id,
                           item.currency_id, item.number_id, item.date_due,
                           item.amount_open, item.amount_disputed, item.is_promised,
                           item.is_exempt
                      FROM (%(items)s) AS item
                     WHERE item.is_overdue
                       AND item.partner_id IN (SELECT partner_id FROM number)
                    -- each of them is worked out once for a bill, not for each use
                    OFFSET 0
                  ) AS found
              ) AS open
             GROUP BY open.partner_id, open.unit_id, open.line_id, open.currency_id,
                      open.number_id
            """,
            items=items._table_query,
        )
