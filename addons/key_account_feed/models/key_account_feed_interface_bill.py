# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import BILL

DUE_DAYS = 30


class KeyAccountFeedInterfaceBill(models.AbstractModel):
    """Interface 05001: bills of a branch's customers and what was paid for them.

    Both are ledgers: a bill or payment that comes again with another amount gets a
    correction row of the difference, any other difference is refused.
    """

    _name = "key.account.feed.interface.bill"
    _inherit = "key.account.feed.interface"
    _description = "Key Account Feed of Bills and Payments"

    @api.model
    def _get_models(self):
        return {"B": "key.account.bill", "P": "key.account.payment"}

    @api.model
    def _resolve(self, feed, is_load):
        self._create_customer_keys()
        self._create_money(feed)
        self._create_numbers()
        self._create_renamed()
        self._resolve_bills(feed, is_load)
        self._resolve_origins()
        self._resolve_payments(feed)

    @api.model
    def _create_money(self, feed):
        """What the minor units of every currency are multiplied with, once."""
        self._create_table(
            SQL.identifier("feed_money"),
            SQL(
                "SELECT id, power(0.1::numeric, decimal_places) AS factor, "
                "decimal_places AS digits FROM res_currency"
            ),
        )

    @api.model
    def _create_numbers(self):
        """The service numbers that the bills name, by customer."""
        self._create_table(
            SQL.identifier("feed_known_number"),
            SQL(
                """
                SELECT DISTINCT ON (number.partner_id, number.name, number.line_id)
                       number.partner_id, number.name, number.line_id, number.id
                  FROM key_account_number AS number
                  JOIN feed_known AS known ON known.id = number.partner_id
                 WHERE EXISTS (SELECT FROM feed_stage_bill WHERE number_id IS NOT NULL)
                 ORDER BY number.partner_id, number.name, number.line_id,
                       number.state = 'closed', number.id DESC
                """
            ),
        )
        self._create_table(
            SQL.identifier("feed_any_number"),
            SQL(
                "SELECT DISTINCT ON (partner_id, name) partner_id, name, id "
                "FROM feed_known_number ORDER BY partner_id, name, id DESC"
            ),
        )

    @api.model
    def _resolve_bills(self, feed, is_load):
        resolved = self._resolved_bills(feed, is_load)
        self._create_table(
            SQL.identifier("feed_bill"),
            SQL(
                """
                SELECT checked.*,
                       CASE WHEN errors IS NOT NULL THEN 'refused'
                            WHEN old_id IS NULL THEN 'created'
                            WHEN difference <> 0 OR is_due_moved THEN 'changed'
                            ELSE 'unchanged' END AS outcome
                  FROM (
                    SELECT typed.*,
                           typed.amount - typed.old_amount AS difference,
                           typed.old_id IS NOT NULL
                               AND typed.date_due <> typed.old_due AS is_due_moved,
                           NULLIF(array_cat(typed.field_errors, %(errors)s), '{}')
                               AS errors
                      FROM (%(resolved)s) AS typed
                  ) AS checked
                """,
                resolved=resolved,
                errors=self._rules(self._bill_rules(feed)),
            ),
        )

    @api.model
    def _rules(self, rules) -> SQL:
        return SQL(
            "array_remove(ARRAY[%s]::text[], NULL)",
            SQL(", ").join(
                SQL("CASE WHEN %s THEN %s END", condition, f"{error} 0")
                for condition, error in rules
            ),
        )

    @api.model
    def _bill_rules(self, feed):
        """What the screens would refuse too, and what a ledger cannot change."""
        return [
            (
                SQL("typed.unit_id <> ALL(%s)", feed.unit_id._get_below().ids),
                "other_branch customer",
            ),
            (SQL("typed.date_due < typed.date_bill"), "due_early date_due"),
            (
                SQL(
                    "(typed.kind = 'bill' AND typed.amount < 0) "
                    "OR (typed.kind = 'credit' AND typed.amount > 0)"
                ),
                "sign amount",
            ),
            (
                SQL("typed.number_code IS NOT NULL AND typed.number_id IS NULL"),
                "number number_id",
            ),
            *(
                (
                    SQL(
                        "typed.old_id IS NOT NULL AND typed.%(name)s IS NOT NULL "
                        "AND typed.%(name)s <> typed.%(old)s",
                        name=SQL.identifier(name),
                        old=SQL.identifier(f"old_{name}"),
                    ),
                    f"ledger {name}",
                )
                for name in ("period", "date_bill", "currency_id", "line_id", "kind")
            ),
            self._outside_month(feed, "period", SQL("typed.period")),
            self._older(feed, SQL("typed.date_due <> typed.old_due")),
        ]

    @api.model
    def _resolved_bills(self, feed, is_load) -> SQL:
        # sudo: the currency of the branch's company is no secret.
        currency = feed.unit_id.sudo().company_id.currency_id
        money = SQL("money.factor"), SQL("money.digits")
        parsed = {
            name: self._parse(BILL.get(name), money)
            for name in ("period", "date_bill", "date_due", "amount", "kind")
        }
        return SQL(
            """
            SELECT stage.row, stage.document AS name, known.id AS partner_id,
                   old.id AS old_id, %(id)s AS id,
                   stage.origin_document AS origin_code, NULL::integer AS origin_id,
                   old.origin_id AS old_origin_id,
                   by_line_id.id AS line_id,
                   CASE WHEN file.id IS NULL THEN known.unit_id
                        ELSE file.unit_id END AS unit_id,
                   CASE WHEN file.id IS NULL THEN known.manager_id
                        ELSE file.manager_id END AS manager_id,
                   stage.number_id AS number_code,
                   COALESCE(number.id, any_number.id) AS number_id,
                   money.id AS currency_id,
                   %(period)s AS period, %(date_bill)s AS date_bill,
                   COALESCE(%(date_due)s, old.date_due,
                            %(date_bill)s + %(due_days)s) AS date_due,
                   %(amount)s AS amount, %(kind)s AS kind,
                   old.period AS old_period, old.date_bill AS old_date_bill,
                   old.date_due AS old_due, old.currency_id AS old_currency_id,
                   COALESCE(old.line_id, 0) AS old_line_id, old.kind AS old_kind,
                   total.amount AS old_amount, total.revision,
                   total.moment AS old_moment,
                   %(errors)s AS field_errors
              FROM (%(numbered)s) AS stage
              LEFT JOIN feed_known AS known ON known.code = stage.customer
              %(lookups)s
              LEFT JOIN feed_money AS money
                ON money.id = COALESCE(by_currency_id.id, %(currency)s)
              LEFT JOIN key_account_line_file AS file
                ON file.partner_id = known.id AND file.line_id = by_line_id.id
              LEFT JOIN feed_known_number AS number
                ON number.partner_id = known.id AND number.name = stage.number_id
               AND number.line_id = by_line_id.id
              LEFT JOIN feed_any_number AS any_number
                ON any_number.partner_id = known.id
               AND any_number.name = stage.number_id
              LEFT JOIN key_account_bill AS old
                ON old.partner_id = known.id AND old.name = stage.document
               AND old.revision = 0
              %(total)s
            """,
            id=self._new_bill_id(is_load),
            due_days=DUE_DAYS,
            errors=self._errors(
                BILL, self._customer_errors() + [self._error_twin("name")]
            ),
            numbered=self._numbered(BILL, ["document", "owner"]),
            lookups=self._lookup_joins(BILL),
            currency=currency.id,
            total=self._total(SQL("key_account_bill"), SQL("TRUE")),
            **parsed,
        )

    @api.model
    def _new_bill_id(self, is_load) -> SQL:
        if not is_load:
            return SQL("COALESCE(old.id, -stage.row)")
        return SQL("COALESCE(old.id, nextval('key_account_bill_id_seq')::integer)")

    @api.model
    def _total(self, table, same) -> SQL:
        """The ledger's present amount of a row: itself and its corrections.

        With ``moment``, that of the latest transmission that brought one of them.
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT SUM(entry.amount) AS amount, MAX(entry.revision) AS revision,
                       MAX(sent.moment) AS moment
                  FROM %s AS entry
                  LEFT JOIN key_account_feed AS sent ON sent.run_id = entry.run_id
                 WHERE entry.partner_id = old.partner_id AND entry.name = old.name
                   AND %s
            ) AS total ON old.id IS NOT NULL
            """,
            table,
            same,
        )

    @api.model
    def _example_label(self, record) -> SQL:
        return SQL("checked.name")
