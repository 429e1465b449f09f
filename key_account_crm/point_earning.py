# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a month's bills earn, as one query: no ORM, no database here (PTS-03).

A pot (customer, line, number) earns per period; the query gives a row (partner_id,
line_id, number_id, period, kind, points, rule_id) for every kind and pot of the periods
asked for. Read it from ``bill`` to ``earned``; the text of the rule is the docstring
of key.account.point.rule.
"""

from odoo.tools import SQL

POT = SQL("partner_id, line_id, number_id")
MONTHS_OF = SQL("(EXTRACT(year FROM period) * 12 + EXTRACT(month FROM period))")


def earned(customers, periods, rules, kept, grades, credit_months) -> SQL:
    """The points that pots earn in the periods.

    :param SQL customers: a condition on partner_id
    :param list periods: first days of months, ascending
    :param SQL rules: a query (period, unit_id, rule_id): the version of a month
    :param SQL kept: a query (partner_id, line_id, number_id, period, rule_id): the
        version a month of a pot was computed by before, which stays
    :param SQL grades: a query (partner_id, period, code): the grade of a customer
    :param int credit_months: how far back the longest credit band looks
    """
    return SQL(
        """
        WITH rule_of AS MATERIALIZED (%(rules)s),
        kept AS MATERIALIZED (%(kept)s),
        grade AS (%(grades)s),
        band AS (
            SELECT rule_id, kind, value_from, percent, points,
                   COALESCE(LEAD(value_from) OVER (
                       PARTITION BY rule_id, kind ORDER BY value_from
                   ), 'Infinity') AS value_to
              FROM key_account_point_band
        ),
        bill AS MATERIALIZED (%(bill)s),
        paid AS MATERIALIZED (%(paid)s),
        pot AS MATERIALIZED (%(pot)s),
        month AS MATERIALIZED (%(month)s),
        points AS (%(points)s)
        SELECT partner_id, line_id, number_id, period, kind, entry.points, rule_id
          FROM points CROSS JOIN LATERAL (VALUES
            ('consumption', consumption), ('tenure', tenure), ('credit', credit),
            ('data', data)
          ) AS entry (kind, points)
         WHERE entry.points <> 0
        """,
        rules=rules,
        kept=kept,
        grades=grades,
        bill=_bill(customers, periods, credit_months),
        paid=_paid(customers),
        pot=_pot(),
        month=_month(),
        points=_points(periods),
    )


def _bill(customers, periods, credit_months):
    """Bills of the periods, and of the months before that credit looks at."""
    return SQL(
        """
        SELECT bill.id, bill.partner_id, bill.line_id, bill.number_id, bill.period,
               bill.amount, bill.date_due + COALESCE(rule.grace_days, 0) AS date_due,
               rule.id AS rule_id
          FROM (
            SELECT * FROM key_account_bill
             WHERE %(customers)s AND period <= %(last)s
               AND period > %(first)s::date - make_interval(months => %(months)s)
          ) AS bill
          LEFT JOIN kept
            ON kept.partner_id = bill.partner_id
           AND kept.period = bill.period
           AND COALESCE(kept.line_id, 0) = COALESCE(bill.line_id, 0)
           AND COALESCE(kept.number_id, 0) = COALESCE(bill.number_id, 0)
          LEFT JOIN rule_of
            ON rule_of.unit_id = bill.unit_id AND rule_of.period = bill.period
          LEFT JOIN key_account_point_rule AS rule
            ON rule.id = COALESCE(kept.rule_id, rule_of.rule_id)
         WHERE (rule.currency_id IS NULL OR rule.currency_id = bill.currency_id)
        """,
        customers=customers,
        first=periods[0],
        last=periods[-1],
        months=max(credit_months, 1),
    )


def _paid(customers):
    """What was paid of bills; how a credit note was used takes nothing from them."""
    return SQL(
        """
        SELECT payment.bill_id, SUM(payment.amount) AS paid,
               SUM(payment.amount) FILTER (
                   WHERE payment.date_payment <= bill.date_due) AS on_time
          FROM (
            SELECT bill_id, amount, date_payment FROM key_account_payment
             WHERE bill_id IS NOT NULL AND %(customers)s
          ) AS payment
          JOIN bill ON bill.id = payment.bill_id AND bill.amount > 0
         GROUP BY payment.bill_id
        """,
        customers=customers,
    )


def _pot():
    return SQL(
        """
        SELECT %(pot)s, period, MAX(rule_id) AS rule_id, SUM(amount) AS billed,
               COALESCE(SUM(paid), 0) AS paid, COALESCE(SUM(on_time), 0) AS on_time
          FROM bill LEFT JOIN paid ON paid.bill_id = bill.id
         GROUP BY %(pot)s, period
        """,
        pot=POT,
    )


def _month():
    """How many months in a row were on time, up to and including each month.

    A month is good when it was billed and paid on time. Consecutive good months have
    the same difference of their number and of the good months so far.
    """
    return SQL(
        """
        SELECT *, CASE WHEN is_good THEN COUNT(*) FILTER (WHERE is_good) OVER (
                       PARTITION BY %(pot)s, island ORDER BY period) ELSE 0
                  END AS good_months
          FROM (
            SELECT *, %(number)s - SUM(is_good::integer) OVER (
                        PARTITION BY %(pot)s ORDER BY period) AS island
              FROM (
                SELECT *, billed > 0 AND on_time >= billed AS is_good FROM pot
              ) AS judged
          ) AS numbered
        """,
        pot=POT,
        number=MONTHS_OF,
    )


def _points(periods):
    """Points of each kind; what is not given by the rule is zero."""
    return SQL(
        """
        SELECT month.partner_id, month.line_id, month.number_id, month.period,
               month.rule_id, base.consumption,
               TRUNC(base.consumption * COALESCE(tenure.percent, 0)::numeric / 100)
                   + COALESCE(tenure.points, 0) AS tenure,
               TRUNC(base.consumption * COALESCE(credit.percent, 0)::numeric / 100)
                   + COALESCE(credit.points, 0) AS credit,
               TRUNC(base.consumption * COALESCE(data.percent, 0)::numeric / 100)
                   + COALESCE(data.points, 0) AS data
          FROM month
          JOIN key_account_point_rule AS rule ON rule.id = month.rule_id
          JOIN res_partner AS partner ON partner.id = month.partner_id
          LEFT JOIN key_account_number AS number ON number.id = month.number_id
          LEFT JOIN grade
            ON grade.partner_id = month.partner_id AND grade.period = month.period
          LEFT JOIN key_account_point_multiplier AS multiplier
            ON multiplier.rule_id = rule.id AND multiplier.grade_code = grade.code
          CROSS JOIN LATERAL (
            SELECT %(base)s AS amount, %(months)s AS months
          ) AS fact
          CROSS JOIN LATERAL (
            SELECT CASE WHEN %(excluded)s THEN 0 ELSE TRUNC(
                       fact.amount * rule.rate::numeric
                       * COALESCE(multiplier.factor, 1)::numeric) END AS consumption
          ) AS base
          LEFT JOIN band AS tenure
            ON tenure.rule_id = rule.id AND tenure.kind = 'tenure'
           AND fact.months >= tenure.value_from AND fact.months < tenure.value_to
          LEFT JOIN band AS credit
            ON credit.rule_id = rule.id AND credit.kind = 'credit'
           AND month.good_months >= credit.value_from
           AND month.good_months < credit.value_to
          LEFT JOIN band AS data
            ON data.rule_id = rule.id AND data.kind = 'data'
           AND fact.amount >= data.value_from AND fact.amount < data.value_to
           AND %(is_data)s
         WHERE month.period = ANY(%(periods)s)
        """,
        base=SQL(
            "CASE rule.basis WHEN 'billed' THEN month.billed "
            "WHEN 'paid' THEN LEAST(month.billed, month.paid) "
            "ELSE LEAST(month.billed, month.on_time) END"
        ),
        months=_months_in_net(),
        excluded=_has_line("key_account_point_rule_excluded_rel"),
        is_data=_has_line("key_account_point_rule_data_rel"),
        periods=periods,
    )


def _months_in_net():
    """Full months from the opening of the number (the file) to the month's end."""
    opened = SQL("COALESCE(number.date_opened, partner.key_account_date_from)")
    return SQL(
        "(EXTRACT(year FROM month.period) - EXTRACT(year FROM %(opened)s)) * 12 "
        "+ EXTRACT(month FROM month.period) + 1 - EXTRACT(month FROM %(opened)s) "
        "- (EXTRACT(day FROM %(opened)s) > 1)::integer",
        opened=opened,
    )


def _has_line(table):
    return SQL(
        "EXISTS (SELECT FROM %(table)s AS rel "
        "WHERE rel.rule_id = rule.id AND rel.line_id = month.line_id)",
        table=SQL.identifier(table),
    )


def differences(target, granted) -> SQL:
    """Where what was earned differs from what was granted so far."""
    return SQL(
        """
        SELECT ROW_NUMBER() OVER () AS id, partner_id, line_id, number_id, period, kind,
               SUM(points)::integer AS quantity, MAX(rule_id) AS rule_id,
               EXTRACT(year FROM period)::integer AS own_year
          FROM (
            SELECT partner_id, line_id, number_id, period, kind, points, rule_id
              FROM (%(target)s) AS target
            UNION ALL
            SELECT partner_id, line_id, number_id, period, kind, -quantity, rule_id
              FROM (%(granted)s) AS granted
          ) AS side
         GROUP BY partner_id, line_id, number_id, period, kind
        HAVING SUM(points) <> 0
        """,
        target=target,
        granted=granted,
    )
