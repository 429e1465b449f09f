# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF


class KeyAccountLateFeeRule(models.Model):
    """One version of what a day of delay costs (ARR-12; domain 2.7).

    The fee is simple interest on what was really open each day: a payment ends it for
    its amount on its day. It is shown, and charged by a run (``key.account.late.fee``).
    """

    _name = "key.account.late.fee.rule"
    _description = "Late Fee"
    _inherit = ["key.account.rule.mixin"]

    rate = fields.Float(
        string="Per Mille a Day",
        required=True,
        digits=(8, 4),
        default=3,
        help="Of what is open, for each day it is late.",
    )
    free_days = fields.Integer(
        string="Days without Fee",
        default=0,
        help="After the due date; no fee is counted for them later either.",
    )
    cap_percent = fields.Float(
        string="At Most",
        default=100,
        help="Percent of the bill that its fee never exceeds; 0: without limit.",
    )

    _figures_positive = models.Constraint(
        "CHECK (rate >= 0 AND free_days >= 0 AND cap_percent >= 0)",
        "Rate, days and limit are zero or more.",
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if self.rate > 50:
            problems.append(
                self.env._(
                    "%(rate)s per mille a day would double the debt within three "
                    "weeks: give the rate in per mille.",
                    rate=self.rate,
                )
            )
        return problems

    def _get_trial_query(self, day) -> SQL:
        """Per customer, line and currency in arrears: the fee by the rule in force and
        by this one (GRD-17)."""
        self.ensure_one()
        items = self.env["key.account.open.item"].with_context(**{AS_OF: str(day)})
        tried = SQL(
            "(SELECT id AS unit_id, %s AS rule_id FROM key_account_unit) "
            "AS rule_of_unit",
            self.id,
        )
        return SQL(
            """
            SELECT partner_id, line_id, old AS before,
                   CASE WHEN fee = fee_tried THEN old ELSE new END AS after,
                   fee AS amount_before, fee_tried AS amount_after,
                   CASE WHEN fee = fee_tried THEN 'none'
                        WHEN fee = 0 THEN 'new'
                        WHEN fee > fee_tried THEN 'down'
                        ELSE 'up' END AS direction
              FROM (
                SELECT item.partner_id, item.line_id,
                       COALESCE(MIN(%(old)s), '–') AS old, MIN(%(new)s) AS new,
                       SUM(item.amount_late_fee) AS fee,
                       SUM(GREATEST(COALESCE(%(fee)s, 0) - COALESCE((%(charged)s), 0),
                                    0)) AS fee_tried
                  FROM (%(items)s) AS item
                  LEFT JOIN %(in_force)s ON rule_of_unit.unit_id = item.unit_id
                  LEFT JOIN key_account_late_fee_rule AS rule
                    ON rule.id = rule_of_unit.rule_id
                  JOIN key_account_late_fee_rule AS tried ON tried.id = %(tried)s
                 WHERE item.is_overdue
                 GROUP BY item.partner_id, item.line_id, item.currency_id
              ) AS customer
            """,
            old=self._get_terms_sql("rule"),
            new=self._get_terms_sql("tried"),
            fee=self._get_fee_sql(day, tried),
            charged=self._get_charged_sql(),
            items=items._table_query,
            # sudo: which rule holds for a unit is the same whoever asks.
            in_force=self.sudo()._get_map_sql(day),
            tried=self.id,
        )

    def _get_terms_sql(self, alias) -> SQL:
        """A rule in short: per mille, days without, at most."""
        return SQL(
            """
            (SELECT trim_scale(ROUND(%(rule)s.rate::numeric, 4)) || ' ‰ · '
                    || COALESCE(%(rule)s.free_days, 0) || ' · '
                    || trim_scale(ROUND(COALESCE(%(rule)s.cap_percent, 0)::numeric, 2))
                    || ' %%')
            """,
            rule=SQL.identifier(alias),
        )

    def _get_fee_sql(self, day, rules=None) -> SQL:
        """The fee up to the end of a day of a row ``item`` of open items.

        :param SQL rules: ``rule_of_unit (unit_id, rule_id)``, else those in force
        """
        # sudo: which rule holds for a unit is the same whoever asks.
        rules = rules or self.sudo()._get_map_sql(day)
        return SQL(
            """
            (SELECT ROUND(LEAST(
                        CASE WHEN fee.cap_percent > 0
                             THEN item.amount * fee.cap_percent::numeric / 100 END,
                        GREATEST(0, fee.rate::numeric / 1000 * fee.debt)
                    ), currency.decimal_places)
               FROM res_currency AS currency, (
                SELECT rule.rate, rule.cap_percent,
                       GREATEST(0, item.date_as_of - item.date_due
                                   - COALESCE(rule.free_days, 0))
                       * (item.amount - COALESCE(disputed.amount, 0))
                       - COALESCE((
                         SELECT SUM(paid.amount * GREATEST(0, item.date_as_of
                                    - GREATEST(paid.date_payment - 1, item.date_due
                                               + COALESCE(rule.free_days, 0))))
                           FROM key_account_payment AS paid
                          WHERE paid.bill_id = item.id
                            AND paid.date_payment <= item.date_as_of), 0) AS debt
                  FROM %(rules)s
                  JOIN key_account_late_fee_rule AS rule
                    ON rule.id = rule_of_unit.rule_id
                  LEFT JOIN LATERAL (%(disputed)s) AS disputed (amount) ON TRUE
                 WHERE rule_of_unit.unit_id = item.unit_id
               ) AS fee
              WHERE currency.id = item.currency_id AND item.is_overdue)
            """,
            rules=rules,
            disputed=self._get_disputed_sql(),
        )

    def _get_disputed_sql(self) -> SQL:
        """What of a row ``item`` of open items was in dispute on its day."""
        return SQL(
            """
            SELECT LEAST(SUM(dispute.amount), GREATEST(item.amount_open, 0))
              FROM key_account_dispute AS dispute
             WHERE dispute.bill_id = item.id
               AND dispute.date <= item.date_as_of
               AND (dispute.date_decided IS NULL
                    OR dispute.date_decided > item.date_as_of)
            HAVING COUNT(*) > 0
            """
        )

    def _get_charged_sql(self) -> SQL:
        """What of the fee of a row ``item`` was charged or waived up to its day; all of
        it where the row is the bill of a late fee, which bears none."""
        return SQL(
            """
            SELECT SUM(CASE WHEN fee.charge_id = item.id THEN item.amount * 1000
                            ELSE fee.amount END)
              FROM key_account_late_fee AS fee
             WHERE fee.state <> 'proposed' AND fee.date <= item.date_as_of
               AND (fee.bill_id = item.id OR fee.charge_id = item.id)
            """
        )
