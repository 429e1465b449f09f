# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountSuspension(models.Model):
    """Suspensions follow the payments at once and without a person, in a few statements
    for any number of customers (ARR-12: reconnect after payment).

    What has not gone to the branch is withdrawn; for what has, the order to resume is
    made, whatever the branch has answered so far. A payment that is taken back does not
    suspend again: the step is proposed anew and waits for its approval.
    """

    _inherit = "key.account.suspension"

    @api.model
    def _follow(self, partner_ids=None):
        """Bring the steps of customers in line with what they owe now."""
        if not self._has_followers(partner_ids):
            return
        self.env.flush_all()
        # sudo: what follows from a payment does so whoever recorded it.
        steps = self.sudo()
        steps._withdraw_paid(partner_ids)
        orders = steps._order_resumes(partner_ids)
        steps._propose_reversed(partner_ids)
        steps.invalidate_model(flush=False)
        orders._export_soon()

    @api.model
    def _has_followers(self, partner_ids):
        query = SQL(
            "SELECT FROM key_account_suspension AS step WHERE %s LIMIT 1",
            self._restrict(partner_ids),
        )
        return bool(self.env.execute_query(query))

    @api.model
    def _restrict(self, partner_ids) -> SQL:
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("step.partner_id = ANY(%s)", list(partner_ids))

    @api.model
    def _get_debt_sql(self) -> SQL:
        """What a row ``step`` still owes: overdue bills of its number, or of none and
        the same unit and line, without what is disputed; credits come off."""
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT COALESCE(SUM(bill.amount_open - LEAST(
                       bill.amount_open, COALESCE(disputed.amount, 0))), 0)
                   - COALESCE((
                       SELECT SUM(credit.amount_credit)
                         FROM key_account_line_standing AS credit
                        WHERE credit.partner_id = step.partner_id
                          AND credit.unit_id IS NOT DISTINCT FROM step.unit_id
                          AND credit.currency_id = step.currency_id), 0) AS amount,
                   MIN(bill.date_due) AS oldest
              FROM key_account_bill AS bill
              LEFT JOIN LATERAL (
                SELECT SUM(dispute.amount) AS amount
                  FROM key_account_dispute AS dispute
                 WHERE dispute.bill_id = bill.id AND dispute.state = 'open'
              ) AS disputed ON TRUE
             WHERE bill.partner_id = step.partner_id
               AND bill.currency_id = step.currency_id
               AND bill.amount_open > 0
               AND bill.date_due < %(today)s
               AND (bill.number_id = step.number_id
                    OR bill.number_id IS NULL
                       AND bill.unit_id IS NOT DISTINCT FROM step.unit_id
                       AND (bill.line_id IS NULL OR step.line_id IS NULL
                            OR bill.line_id = step.line_id))
            """,
            today=today,
        )

    @api.model
    def _is_settled_sql(self) -> SQL:
        """Whether a row ``debt`` is within what its policy lets a number owe."""
        return SQL(
            """
            (debt.amount <= 0
             OR debt.amount <= COALESCE(policy.amount_resume, 0)
             OR debt.amount < COALESCE(policy.amount_min, 0))
            """
        )

    @api.model
    def _get_settled_sql(self, partner_ids, states) -> SQL:
        """The taking steps in these states whose number owes no more than it may."""
        return SQL(
            """
            SELECT step.id, step.number_id
              FROM key_account_suspension AS step
              LEFT JOIN key_account_dunning_policy AS policy
                ON policy.id = step.policy_id
             CROSS JOIN LATERAL (%(debt)s) AS debt
             WHERE step.kind <> 'resume' AND step.lift_id IS NULL
               AND step.state = ANY(%(states)s)
               AND %(restriction)s AND %(settled)s
            """,
            debt=self._get_debt_sql(),
            states=list(states),
            restriction=self._restrict(partner_ids),
            settled=self._is_settled_sql(),
        )

    @api.model
    def _withdraw_paid(self, partner_ids):
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_suspension AS ended
                   SET state = 'withdrawn', end_reason = 'paid',
                       date_ended = %(now)s, ended_by_id = %(uid)s,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM (%(settled)s) AS settled
                 WHERE ended.id = settled.id
                """,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                settled=self._get_settled_sql(partner_ids, ("proposed", "approved")),
            )
        )

    @api.model
    def _order_resumes(self, partner_ids):
        """One order per number, and the steps it will lift pointed at it. One that
        somebody proposed by hand needs no approval any more.

        :return: the orders
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH settled AS MATERIALIZED (%(settled)s),
                ordered AS (
                    INSERT INTO key_account_suspension AS old (
                        number_id, partner_id, line_id, unit_id, manager_id, kind,
                        source, state, date, date_approved, user_id, policy_id,
                        currency_id, create_uid, create_date, write_uid, write_date
                    )
                    SELECT DISTINCT ON (step.number_id)
                           step.number_id, step.partner_id, step.line_id,
                           step.unit_id, step.manager_id, 'resume', 'payment',
                           'approved', %(now)s, %(now)s, %(uid)s, step.policy_id,
                           step.currency_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM settled
                      JOIN key_account_suspension AS step ON step.id = settled.id
                     ORDER BY step.number_id, step.id DESC
                        ON CONFLICT (number_id, (kind = 'resume'))
                           WHERE state IN ('proposed', 'approved', 'exported')
                        DO UPDATE SET state = CASE old.state
                                          WHEN 'proposed' THEN 'approved'
                                          ELSE old.state END,
                                      source = 'payment'
                    RETURNING id, number_id
                )
                UPDATE key_account_suspension AS lifted
                   SET lift_id = ordered.id, write_uid = %(uid)s, write_date = %(now)s
                  FROM ordered
                  JOIN settled ON settled.number_id = ordered.number_id
                 WHERE lifted.id = settled.id
                RETURNING ordered.id
                """,
                settled=self._get_settled_sql(partner_ids, ("exported", "confirmed")),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        ids = {row[0] for row in rows} | self._approve_waiting_resumes(partner_ids)
        return self.browse(sorted(ids))

    @api.model
    def _approve_waiting_resumes(self, partner_ids):
        """Orders to resume that were proposed by hand and are now paid for."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE key_account_suspension AS waiting
                   SET state = 'approved', source = 'payment',
                       date_approved = %(now)s
                  FROM (
                    SELECT step.id
                      FROM key_account_suspension AS step
                      LEFT JOIN key_account_dunning_policy AS policy
                        ON policy.id = step.policy_id
                     CROSS JOIN LATERAL (%(debt)s) AS debt
                     WHERE step.kind = 'resume' AND step.state = 'proposed'
                       AND %(restriction)s AND %(settled)s
                  ) AS paid
                 WHERE waiting.id = paid.id
                RETURNING waiting.id
                """,
                now=fields.Datetime.now(),
                debt=self._get_debt_sql(),
                restriction=self._restrict(partner_ids),
                settled=self._is_settled_sql(),
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _propose_reversed(self, partner_ids):
        """Where a payment that ended the last step of a number was taken back, the
        bill it was about is open again: propose the step anew."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_suspension (
                    number_id, partner_id, line_id, unit_id, manager_id, kind, source,
                    state, date, user_id, policy_id, currency_id, amount, date_oldest,
                    days_overdue, is_protected, previous_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT step.number_id, step.partner_id, step.line_id, step.unit_id,
                       step.manager_id, step.kind, 'reversal', 'proposed', %(now)s,
                       %(uid)s, step.policy_id, step.currency_id, debt.amount,
                       debt.oldest, %(today)s::date - debt.oldest, step.is_protected,
                       step.id, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(last)s) AS step
                  LEFT JOIN key_account_dunning_policy AS policy
                    ON policy.id = step.policy_id
                 CROSS JOIN LATERAL (%(debt)s) AS debt
                 WHERE debt.oldest <= step.date_oldest AND NOT %(settled)s
                    ON CONFLICT DO NOTHING
                """,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                today=fields.Date.context_today(self),
                last=self._get_ended_by_payment_sql(partner_ids),
                debt=self._get_debt_sql(),
                settled=self._is_settled_sql(),
            )
        )

    @api.model
    def _get_ended_by_payment_sql(self, partner_ids) -> SQL:
        """The last taking step of each number where a payment ended it and the number
        still is the customer's."""
        return SQL(
            """
            SELECT step.*
              FROM (
                SELECT DISTINCT ON (step.number_id) step.*
                  FROM key_account_suspension AS step
                 WHERE step.kind <> 'resume' AND %(restriction)s
                 ORDER BY step.number_id, step.id DESC
              ) AS step
              JOIN key_account_number AS number
                ON number.id = step.number_id
               AND number.partner_id = step.partner_id AND number.state <> 'closed'
              LEFT JOIN key_account_suspension AS lift ON lift.id = step.lift_id
             WHERE step.state = 'withdrawn' AND step.end_reason = 'paid'
                OR lift.source = 'payment'
                   AND step.state IN ('exported', 'confirmed', 'lifted')
            """,
            restriction=self._restrict(partner_ids),
        )

    def _export_soon(self):
        """Send what is approved to the branch without waiting. Hook of whoever knows
        the way; without one, people tell the branch and enter its answer."""

    @api.model
    def _cron_follow(self):
        """What the payments of the day missed, such as changed limits; then whatever
        is approved goes out."""
        self._follow()
        self.search([("state", "=", "approved")])._export_soon()
