# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.key_account_number import STATES
from odoo.addons.key_account_crm.models.res_partner import KINDS
from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF


class KeyAccountOpenItem(models.Model):
    """Arrears by age, number, grade and what is agreed about them, as of any day
    (ARR-01, ARR-08).

    Ages, disputes, promises and exemptions are those of the day asked for; number,
    kind and grade those of today. What is expensive stands in the SELECT list, where
    PostgreSQL leaves it out unless somebody looks at it.
    """

    _inherit = "key.account.open.item"

    customer_code = fields.Char(readonly=True)
    customer_kind = fields.Selection(selection=KINDS, readonly=True)
    grade_id = fields.Many2one(comodel_name="key.account.grade", readonly=True)
    number_state = fields.Selection(
        selection=STATES,
        string="State of the Number",
        readonly=True,
        help="In service or suspended, as of today.",
    )
    bucket_id = fields.Many2one(
        comodel_name="key.account.ageing.bucket",
        string="Age of Arrears",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="Empty while it is not overdue.",
    )
    amount_disputed = fields.Monetary(
        string="Disputed",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="What of it was contested on the day and not decided.",
    )
    amount_late_fee = fields.Monetary(
        string="Late Fee",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="Up to the day, by the rule in force on it, less what is charged already.",
    )
    is_promised = fields.Boolean(
        string="Promised",
        readonly=True,
        depends_context=(AS_OF, "tz"),
        help="The customer promised to pay, and the day has not passed.",
    )
    is_exempt = fields.Boolean(
        string="Never Dun", readonly=True, depends_context=(AS_OF, "tz")
    )

    _depends = {
        "key.account.ageing.bucket": ["active", "days_from"],
        "key.account.dispute": ["amount", "bill_id", "date", "date_decided"],
        "key.account.dunning.exemption": [
            "date_from",
            "date_to",
            "line_id",
            "partner_id",
        ],
        "key.account.late.fee.rule": [
            "cap_percent",
            "date_from",
            "date_to",
            "free_days",
            "rate",
            "state",
            "unit_id",
        ],
        "key.account.late.fee": ["amount", "bill_id", "charge_id", "date", "state"],
        "key.account.number": ["state"],
        "key.account.promise": [
            "date",
            "date_approved",
            "date_due",
            "date_kept",
            "date_withdrawn",
            "kind",
            "line_id",
            "partner_id",
        ],
        "key.account.standing": ["grade_id", "partner_id"],
        "res.partner": ["key_account_code", "key_account_kind"],
    }

    def _select(self) -> SQL:
        rules = self.env["key.account.late.fee.rule"]
        return SQL(
            """
            %(base)s,
                   customer.key_account_code AS customer_code,
                   customer.key_account_kind AS customer_kind,
                   standing.grade_id,
                   number.state AS number_state,
                   CASE WHEN is_overdue THEN %(bucket)s END AS bucket_id,
                   LEAST(COALESCE(disputed.amount, 0), GREATEST(item.amount_open, 0))
                       AS amount_disputed,
                   GREATEST(COALESCE(%(fee)s, 0) - COALESCE((%(charged)s), 0), 0)
                       AS amount_late_fee,
                   COALESCE(promised.any_line OR item.line_id = ANY(promised.line_ids),
                       FALSE) AS is_promised,
                   COALESCE(exempt.any_line OR item.line_id = ANY(exempt.line_ids),
                       FALSE) AS is_exempt
            """,
            base=super()._select(),
            bucket=self._get_bucket_sql(),
            fee=rules._get_fee_sql(self._get_as_of()),
            charged=rules._get_charged_sql(),
        )

    def _get_bucket_sql(self) -> SQL:
        """The age of a row ``item``: the last one that has begun."""
        # sudo: ages are a dictionary.
        buckets = self.env["key.account.ageing.bucket"].sudo().search([])
        return SQL(
            "(%s::integer[])[width_bucket(item.date_as_of - item.date_due, "
            "%s::integer[])]",
            buckets.ids,
            buckets.mapped("days_from"),
        )

    def _from(self) -> SQL:
        """Each join finds one row or none, so that it costs nothing unless used."""
        return SQL(
            """
            %s
              LEFT JOIN res_partner AS customer ON customer.id = item.partner_id
              LEFT JOIN key_account_standing AS standing
                ON standing.partner_id = item.partner_id
              LEFT JOIN key_account_number AS number ON number.id = item.number_id
              LEFT JOIN (%s) AS disputed ON disputed.bill_id = item.id
              LEFT JOIN (%s) AS promised
                ON promised.partner_id = item.partner_id
               AND promised.unit = COALESCE(item.unit_id, 0)
               AND promised.currency_id = item.currency_id
              LEFT JOIN (%s) AS exempt
                ON exempt.partner_id = item.partner_id
               AND exempt.unit = COALESCE(item.unit_id, 0)
            """,
            super()._from(),
            self._get_disputed_sql(),
            self._get_promised_sql(),
            self._get_exempt_sql(),
        )

    def _get_disputed_sql(self) -> SQL:
        """What of each bill was in dispute on the day."""
        return SQL(
            """
            SELECT bill_id, SUM(amount) AS amount
              FROM key_account_dispute
             WHERE date <= %(day)s AND (date_decided IS NULL OR date_decided > %(day)s)
             GROUP BY bill_id
            """,
            day=self._get_as_of(),
        )

    def _get_promised_sql(self) -> SQL:
        """Promises that ran on the day, one row per customer, unit and currency: of all
        lines, or of which ones."""
        return SQL(
            """
            SELECT promise.partner_id, COALESCE(promise.unit_id, 0) AS unit,
                   promise.currency_id, bool_or(promise.line_id IS NULL) AS any_line,
                   array_agg(promise.line_id) AS line_ids
              FROM key_account_promise AS promise
             WHERE %(day)s BETWEEN promise.date AND promise.date_due
               AND (promise.kind = 'promise' OR promise.date_approved <= %(day)s)
               AND (promise.date_withdrawn IS NULL OR promise.date_withdrawn > %(day)s)
               AND NOT EXISTS (
                    SELECT FROM key_account_promise_instalment AS row
                     WHERE row.promise_id = promise.id
                       AND row.date_due < %(day)s
                       AND (row.date_kept IS NULL OR row.is_late))
             GROUP BY promise.partner_id, COALESCE(promise.unit_id, 0),
                   promise.currency_id
            """,
            day=self._get_as_of(),
        )

    def _get_exempt_sql(self) -> SQL:
        """Exemptions from dunning on the day, one row per customer and unit."""
        return SQL(
            """
            SELECT partner_id, COALESCE(unit_id, 0) AS unit,
                   bool_or(line_id IS NULL) AS any_line, array_agg(line_id) AS line_ids
              FROM key_account_dunning_exemption
             WHERE %s BETWEEN date_from AND date_to
             GROUP BY partner_id, COALESCE(unit_id, 0)
            """,
            self._get_as_of(),
        )

    def action_statement(self):
        """The statement of the customer, up to the day of the list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_arrears_statement_action"
        )
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_currency_id": self.currency_id.id,
            "default_date_to": fields.Date.to_string(self._get_as_of()),
        }
        return action
