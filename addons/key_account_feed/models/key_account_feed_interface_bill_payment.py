# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import PAYMENT


class KeyAccountFeedInterfaceBill(models.AbstractModel):
    """What was paid: the records P of interface 05001."""

    _inherit = "key.account.feed.interface.bill"

    @api.model
    def _resolve_payments(self, feed):
        self._create_table(
            SQL.identifier("feed_payment"),
            SQL(
                """
                SELECT checked.*,
                       CASE WHEN errors IS NOT NULL THEN 'refused'
                            WHEN old_id IS NULL THEN 'created'
                            WHEN difference <> 0 THEN 'changed'
                            ELSE 'unchanged' END AS outcome
                  FROM (
                    SELECT typed.*, typed.amount - typed.old_amount AS difference,
                           NULLIF(array_cat(typed.field_errors, %(errors)s), '{}')
                               AS errors
                      FROM (%(resolved)s) AS typed
                  ) AS checked
                """,
                resolved=self._resolved_payments(feed),
                errors=self._rules(self._payment_rules(feed)),
            ),
        )

    @api.model
    def _payment_rules(self, feed):
        return [
            (
                SQL("typed.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
                "other_branch customer",
            ),
            (
                SQL("typed.bill_code IS NOT NULL AND typed.bill_id IS NULL"),
                "bill bill_id",
            ),
            (
                SQL("typed.bill_currency_id <> typed.currency_id"),
                "currency_bill currency_id",
            ),
            (SQL("typed.old_date <> typed.date_payment"), "ledger date_payment"),
            (SQL("typed.old_currency_id <> typed.currency_id"), "ledger currency_id"),
            self._outside_month(
                feed,
                "date_payment",
                SQL("date_trunc('month', typed.date_payment)::date"),
            ),
            self._older(feed),
        ]

    @api.model
    def _resolved_payments(self, feed) -> SQL:
        # sudo: the currency of the branch's company is no secret.
        currency = feed.unit_id.sudo().company_id.currency_id
        money = SQL("money.factor"), SQL("money.digits")
        return SQL(
            """
            SELECT stage.row, stage.document AS name, known.id AS partner_id,
                   old.id AS old_id,
                   stage.bill_id AS bill_code, bill.id AS bill_id,
                   bill.is_new AS is_bill_new,
                   bill.currency_id AS bill_currency_id,
                   CASE WHEN bill.id IS NULL THEN by_line_id.id ELSE bill.line_id END
                   AS line_id,
                   CASE WHEN file.id IS NULL THEN known.unit_id
                        ELSE file.unit_id END AS unit_id,
                   CASE WHEN file.id IS NULL THEN known.manager_id
                        ELSE file.manager_id END AS manager_id,
                   money.id AS currency_id,
                   %(date_payment)s AS date_payment, %(amount)s AS amount,
                   by_channel_id.id AS channel_id,
                   old.date_payment AS old_date, old.currency_id AS old_currency_id,
                   total.amount AS old_amount, total.revision,
                   total.moment AS old_moment,
                   %(errors)s AS field_errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s
              LEFT JOIN (%(bills)s) AS bill
                ON bill.partner_id = known.id AND bill.name = stage.bill_document
              LEFT JOIN feed_money AS money
                ON money.id
                   = COALESCE(by_currency_id.id, bill.currency_id, %(currency)s)
              LEFT JOIN key_account_line_file AS file
                ON file.partner_id = known.id AND file.line_id
                   = CASE WHEN bill.id IS NULL THEN by_line_id.id ELSE bill.line_id END
              LEFT JOIN key_account_payment AS old
                ON old.partner_id = known.id AND old.name = stage.document
               AND old.revision = 0
               AND COALESCE(old.bill_id, 0) = COALESCE(bill.id, 0)
              %(total)s
            """,
            date_payment=self._parse(PAYMENT.get("date_payment")),
            amount=self._parse(PAYMENT.get("amount"), money),
            errors=self._errors(
                PAYMENT, self._customer_errors() + [self._error_twin("name")]
            ),
            numbered=self._numbered(PAYMENT, ["document", "owner", "bill_document"]),
            lookups=self._lookup_joins(PAYMENT),
            bills=self._paid_bills(),
            currency=currency.id,
            total=self._total(
                SQL("key_account_payment"),
                SQL("entry.bill_id IS NOT DISTINCT FROM old.bill_id"),
            ),
        )

    @api.model
    def _paid_bills(self) -> SQL:
        """Bills that a row may name: those of this file, and those we have."""
        return SQL(
            """
            SELECT id, partner_id, name, line_id, currency_id, kind, TRUE AS is_new
              FROM feed_bill WHERE outcome = 'created'
             UNION ALL
            SELECT bill.id, bill.partner_id, bill.name, bill.line_id, bill.currency_id,
                   bill.kind, FALSE
              FROM key_account_bill AS bill
             WHERE bill.revision = 0
               AND bill.partner_id IN (SELECT id FROM feed_known)
            """
        )
