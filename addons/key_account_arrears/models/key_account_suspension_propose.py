# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountSuspension(models.Model):
    """Proposing as a set: what the candidates say, one INSERT for any number of them.

    A proposal and a payment of the same customer at the same moment both write the
    customer's standing on the line (``_meet``): the later one is told so by PostgreSQL,
    is tried again and sees what the other did.
    """

    _inherit = "key.account.suspension"

    @api.model
    def _propose(self, scope, kind=None, source="policy", reason=None, run=None):
        """Propose what is due for numbers; those left out stay as they are.

        :param SQL scope: condition on rows ``number`` of service numbers
        :return: the proposals
        """
        day = fields.Date.context_today(self)
        self.env.flush_all()
        self._meet(scope)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO key_account_suspension (
                    number_id, partner_id, line_id, unit_id, manager_id, kind, source,
                    state, date, user_id, reason, run_id, policy_id, currency_id,
                    amount, date_oldest, days_overdue, is_protected,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT number_id, partner_id, line_id, unit_id, manager_id, kind,
                       %(source)s, 'proposed', %(now)s, %(uid)s, %(text)s, %(run)s,
                       policy_id,
                       currency_id, amount, oldest, %(day)s::date - oldest,
                       is_protected, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(candidates)s) AS candidate
                 WHERE reason IS NULL
                 ORDER BY partner_id, number_id
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                source=source,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                text=reason or None,
                run=run.id if run else None,
                day=day,
                candidates=self._get_candidates_sql(day, scope, kind),
            )
        )
        self.invalidate_model(flush=False)
        return self.browse(row[0] for row in rows)

    @api.model
    def _meet(self, scope):
        """Let whatever pays for these numbers' customers at the same moment meet this
        transaction: every payment rewrites the customer's standing on the line."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_line_standing AS standing
                   SET write_date = now() AT TIME ZONE 'UTC'
                 WHERE standing.partner_id IN (
                       SELECT number.partner_id FROM key_account_number AS number
                        WHERE %s)
                """,
                scope,
            )
        )

    @api.model
    def _get_scope_of(self, units=None, partners=None, numbers=None) -> SQL:
        """The numbers meant: of units and those below, of customers, or by name."""
        terms = [SQL("number.state <> 'closed'")]
        if units is not None:
            # sudo: the tree below a unit is no secret.
            terms.append(SQL("number.unit_id = ANY(%s)", units.sudo()._get_below().ids))
        if partners:
            terms.append(SQL("number.partner_id = ANY(%s)", partners.ids))
        if numbers:
            terms.append(SQL("number.id = ANY(%s)", numbers.ids))
        return SQL(" AND ").join(terms)

    def _check_still_due(self, is_export=False):
        """Withdraw what is no longer due: paid, contested, promised, protected or
        closed since it was proposed.

        :return: those that still are; at export also without those whose unit is
            stopped or whose bills are not complete, which wait
        """
        if not self:
            return self
        day = fields.Date.context_today(self)
        self.env.flush_all()
        scope = SQL("number.id = ANY(%s)", self.number_id.ids)
        self._meet(scope)
        found = {
            number: (partner, kind, reason)
            for number, partner, kind, reason in self.env.execute_query(
                SQL(
                    "SELECT number_id, partner_id, kind, reason FROM (%s) AS candidate",
                    self._get_candidates_sql(day, scope, "any"),
                )
            )
        }
        valid, held, gone = self.browse(), self.browse(), {}
        for step in self:
            partner, _kind, reason = found.get(step.number_id.id, (None, None, "paid"))
            if step.number_id.partner_id != step.partner_id:
                reason = "owner"
            if reason in ("incomplete", "stopped"):
                held |= step
            elif reason in (None, "pending"):
                valid |= step
            else:
                gone.setdefault(reason, self.browse())
                gone[reason] |= step
        for reason, steps in gone.items():
            steps._end("withdrawn", reason)
        return valid if is_export else valid | held

    def _end(self, state, reason=None):
        """Write that steps are over; what an order to resume was to lift waits for
        another one."""
        # sudo: the rows follow from their order.
        orders = self.sudo().filtered(lambda step: step.kind == "resume")
        orders.search([("lift_id", "in", orders.ids)])._set(lift_id=False)
        self._set(
            state=state,
            end_reason=reason,
            date_ended=fields.Datetime.now(),
            ended_by_id=self.env.uid,
        )

    def _set(self, **vals):
        # sudo: written by the buttons and by what happens only, which checked who may.
        self.sudo().write(vals)
