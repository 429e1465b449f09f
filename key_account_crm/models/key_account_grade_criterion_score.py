# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

MONEY = ("members", "own", "unified")
COLUMNS = {
    "staff": "key_account_staff_count",
    "vnet": "key_account_vnet_count",
    "products": "key_account_product_count",
    "informatisation": "key_account_informatisation",
    "influence": "key_account_influence",
}


class KeyAccountGradeCriterion(models.Model):
    """The value score of a group (0 to 100): revenue, attributes, influence (GRD-14).

    Every part gives its share of its weight; the rule holds weights and figures.
    """

    _inherit = "key.account.grade.criterion"

    def _get_value_score_query(self, day, month, customers):
        components = self.rule_id._get_components(self)
        joins, terms = [], []
        for place, component in enumerate(components):
            alias = SQL.identifier(f"part_{place}")
            query = self._get_part_query(component, day, month)
            if query:
                joins.append(
                    SQL(
                        "LEFT JOIN (%s) AS %s ON %s.partner_id = customer.partner_id",
                        query,
                        alias,
                        alias,
                    )
                )
            terms.append(self._get_part_points(component, alias, day))
        return SQL(
            """
            SELECT customer.partner_id,
                   ROUND(GREATEST(0, %(points)s), 2) AS value
              FROM (%(members)s) AS customer
              JOIN res_partner AS partner ON partner.id = customer.partner_id
              %(joins)s
             WHERE customer.%(customers)s
            """,
            points=SQL(" + ").join(terms) if terms else SQL("0"),
            members=self.rule_id._get_customer_query(day),
            joins=SQL(" ").join(joins),
            customers=customers,
        )

    def _get_part_query(self, component, day, month):
        """Rows (partner_id, value) of the parts that are no column of the file."""
        if component.measure in ("own", "unified"):
            return SQL(
                "SELECT fact.partner_id, SUM(%s) AS value FROM %s %s "
                "GROUP BY fact.partner_id",
                self._get_amount(day),
                self._get_fact_source(day, month),
                self._get_line_term(component),
            )
        if component.measure == "members":
            return self._get_member_revenue_query(component, day, month)
        if component.measure == "member_churn":
            return self._get_member_churn_query(day)
        return None

    def _get_line_term(self, component):
        if not component.line_id:
            return SQL()
        return SQL("AND fact.line_id = %s", component.line_id.id)

    def _get_member_revenue_query(self, component, day, month):
        """What the members with a file of their own were billed."""
        return SQL(
            """
            SELECT member.partner_id, SUM(revenue.value) AS value
              FROM (
                SELECT DISTINCT partner_id, member_id FROM key_account_member
                 WHERE member_id IS NOT NULL
                   AND (date_from IS NULL OR date_from <= %(day)s)
                   AND (date_to IS NULL OR date_to >= %(day)s)
              ) AS member
              JOIN (
                SELECT fact.partner_id, SUM(%(amount)s) AS value
                  FROM %(source)s %(line)s
                 GROUP BY fact.partner_id
              ) AS revenue ON revenue.partner_id = member.member_id
             GROUP BY member.partner_id
            """,
            day=day,
            amount=self._get_amount(day),
            source=self._get_fact_source(day, month),
            line=self._get_line_term(component),
        )

    def _get_member_churn_query(self, day):
        """Percent of those who were members a year ago and are no longer."""
        return SQL(
            """
            SELECT partner_id,
                   100.0 * COUNT(*) FILTER (WHERE date_to < %(day)s)
                   / COUNT(*) AS value
              FROM key_account_member
             WHERE (date_from IS NULL
                    OR date_from <= %(day)s::date - interval '1 year')
               AND (date_to IS NULL OR date_to >= %(day)s::date - interval '1 year')
             GROUP BY partner_id
            """,
            day=day,
        )

    def _get_part_points(self, component, alias, day) -> SQL:
        """Weight times share; what is not known gives nothing."""
        measure = component.measure
        weight, full = component.weight, component.full
        if measure == "tax_rank":
            share = SQL(
                "CASE WHEN partner.key_account_tax_rank > 0 THEN GREATEST(0, "
                "1 - (partner.key_account_tax_rank - 1) / %s::numeric) ELSE 0 END",
                full,
            )
        elif measure == "member_churn":
            share = SQL(
                "COALESCE(1 - 2 * LEAST(%s.value / %s::numeric, 1), 0)", alias, full
            )
        else:
            value = self._get_part_value(measure, alias, day)
            share = SQL(
                "LEAST(GREATEST(COALESCE(%s, 0) / %s::numeric, 0), 1)", value, full
            )
        return SQL("%s::numeric * %s", weight, share)

    def _get_part_value(self, measure, alias, day) -> SQL:
        if measure == "unified":
            return SQL(
                "CASE WHEN partner.key_account_is_unified THEN %s.value END", alias
            )
        if measure in MONEY:
            return SQL("%s.value", alias)
        if measure == "contract_years":
            return SQL("(%s::date - partner.key_account_date_signed) / 365.25", day)
        return SQL("partner.%s", SQL.identifier(COLUMNS[measure]))
