# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KEYS = {"manager": "manager_path", "unit": "unit_path", "customer": "partner_path"}
# What a recordset that narrows a measurement is compared with.
WITHIN = {
    "res.users": "manager_path",
    "key.account.unit": "unit_path",
    "res.partner": "partner_path",
}


class KeyAccountIndicator(models.Model):
    """Measuring, in one statement for all indicators and everybody at once.

    What is counted or summed is read under the record rules of the reader, so that a
    total is the sum of the rows he may open. Ratios are made of sums, never of ratios.
    """

    _inherit = "key.account.indicator"

    def _measure(self, date_from, date_to, by=None, within=None):
        """Map each of these indicators to its values: {indicator: {key: value}}.

        :param by: "manager", "unit" or "customer", whose ids are the keys; None for
            one total, whose key is False
        :param within: units (with those below), managers or customers, and no others
        :return: a key without rows is missing; so is that of a ratio whose divisor is 0
        """
        sums = self._measure_sums(date_from, date_to, by=by, within=within)
        return {one: one._combine(sums) for one in self}

    def _measure_sums(self, date_from, date_to, by=None, within=None):
        """The sums that these indicators are made of: {indicator: {key: sum}}."""
        bases = self._get_bases()
        sums = {base: {} for base in bases}
        query = bases._get_measure_query(date_from, date_to, by=by, within=within)
        if query:
            for indicator_id, key, value in self.env.execute_query(query):
                if value is not None:
                    sums[self.browse(indicator_id)][key or False] = float(value)
        return sums

    def _get_bases(self):
        """What these indicators are made of and is counted, summed or computed."""
        bases = found = self
        while found:
            found = (found.first_id | found.second_id) - bases
            bases |= found
        return bases.filtered(lambda one: one.kind in ("measure", "method"))

    def _combine(self, sums):
        """The values that follow from sums, key by key: also of sums added up."""
        self.ensure_one()
        if self.kind in ("measure", "method"):
            return dict(sums.get(self, {}))
        first, second = self.first_id._combine(sums), self.second_id._combine(sums)
        if self.kind == "difference":
            keys = first.keys() | second.keys()
            return {key: first.get(key, 0) - second.get(key, 0) for key in keys}
        return {
            key: self.factor * first.get(key, 0) / divisor
            for key, divisor in second.items()
            if divisor
        }

    @api.model
    def _add_up(self, sums, groups):
        """Sums of groups of keys, to be combined: {indicator: {group: sum}}.

        :param groups: map of keys to groups; keys that are not in it do not count
        """
        added = {}
        for indicator, values in sums.items():
            totals = added.setdefault(indicator, {})
            for key, value in values.items():
                if key in groups:
                    group = groups[key]
                    totals[group] = totals.get(group, 0) + value
        return added

    # ---- SQL -----------------------------------------------------------------

    def _get_measure_query(self, date_from, date_to, by=None, within=None):
        """A SELECT of (indicator_id, key, value) of these base indicators, or None.

        For set-based batches: plans and appraisals join it instead of asking one by
        one. Whoever asks as superuser gets everybody's rows.
        """
        if not self:
            return None
        self = self.with_context(key_account_rates=self._read_rates())
        parts = [
            SQL(
                "SELECT %s AS indicator_id, part.key, part.value FROM (%s) AS part",
                one.id,
                one._get_part_query(
                    by and KEYS[by],
                    one._get_period(date_from, date_to),
                    one._get_within_domain(within),
                ),
            )
            for one in self
        ]
        return SQL(" UNION ALL ").join(parts)

    def _get_part_query(self, key_path, period, domain) -> SQL:
        """A SELECT of (key, value) of one base indicator.

        :param key_path: name of the field of the indicator that says what the keys
            are, or None for one total
        :param period: first and last day
        :param domain: which units, managers or customers
        """
        if self.kind == "method":
            query = getattr(self, f"_query_{self.method}")
            return query(key_path, period, domain)
        domain = Domain.AND([domain, self._get_domain(), self._get_date_domain(period)])
        return self._select(self.env[self.res_model], key_path, domain, self.measure)

    def _select(self, model, key_path, domain, measure) -> SQL:
        """Rows of a model under the reader's rules, grouped by whose they are.

        :param measure: as in the field, or SQL over the rows found
        """
        query = model.with_context(active_test=False)._search(domain)
        key = SQL("NULL::int")
        if key_path:
            key = model._field_to_sql(model._table, self[key_path], query)
        if isinstance(measure, str):
            measure = self._get_measure_sql(model, measure, query)
        return SQL(
            "SELECT %s AS key, %s AS value FROM %s WHERE %s GROUP BY 1",
            key,
            measure,
            query.from_clause,
            query.where_clause or SQL("TRUE"),
        )

    def _get_measure_sql(self, model, measure, query) -> SQL:
        if measure == "__count":
            return SQL("COUNT(*)::numeric")
        name = measure.partition(":")[0]
        column = model._field_to_sql(model._table, name, query)
        field = model._fields[name]
        if field.type == "monetary":
            currency = field.get_currency_field(model)
            rate = self._get_rate_sql(
                model._field_to_sql(model._table, currency, query)
            )
            column = SQL("%s * %s", column, rate)
        return SQL("SUM(%s)::numeric", column)

    def _get_rate_sql(self, currency) -> SQL:
        """What an amount is multiplied by to be one of the company's currency, today's.

        A constant 1 where there is nothing but that currency.
        """
        rates = self.env.context.get("key_account_rates")
        if rates is None:
            rates = self._read_rates()
        cases = [
            SQL("WHEN %s THEN %s", currency_id, rate)
            for currency_id, rate in rates.items()
        ]
        if not cases:
            return SQL("1")
        return SQL("(CASE %s %s ELSE 1 END)", currency, SQL(" ").join(cases))

    @api.model
    def _read_rates(self):
        """Map the ids of other currencies to what one of them is worth here."""
        # sudo: rates are no secret.
        company = self.env.company.sudo()
        currencies = self.env["res.currency"].sudo().search([])
        rates = currencies._get_rates(company, fields.Date.context_today(self))
        own = rates.get(company.currency_id.id) or 1.0
        return {
            currency_id: own / rate
            for currency_id, rate in rates.items()
            if currency_id != company.currency_id.id and rate
        }

    # ---- which rows ----------------------------------------------------------

    def _get_period(self, date_from, date_to):
        """The days to look at: a shifted indicator looks back."""
        first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not self.shift_months:
            return first, last
        back = relativedelta(months=self.shift_months)
        shifted = last - back
        if (last + timedelta(days=1)).day == 1:
            # the end of a month stays the end of a month
            shifted = shifted + relativedelta(day=31)
        return first - back, shifted

    def _get_date_domain(self, period):
        if not self.date_field:
            return Domain.TRUE
        first, last = period
        field = self.env[self.res_model]._fields[self.date_field]
        begin, end = first, last + timedelta(days=1)
        if field.type == "datetime":
            begin, end = self._to_utc(begin), self._to_utc(end)
        if self.date_mode == "before":
            return Domain(self.date_field, "<", begin)
        domain = Domain(self.date_field, "<", end)
        if self.date_mode == "period":
            domain &= Domain(self.date_field, ">=", begin)
        return domain

    @api.model
    def _to_utc(self, day, days=0):
        """The instant at which a day (or one so many later) begins at the user's."""
        zone = self.env.tz
        local = zone.localize(datetime.combine(day, time.min) + timedelta(days=days))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_within_domain(self, within):
        if within is None:
            return Domain.TRUE
        path = self[WITHIN[within._name]]
        ids = within.ids
        if within._name == "key.account.unit":
            # sudo: which units are below is no secret.
            units = within.sudo().with_context(active_test=False)
            ids = units.search([("id", "child_of", within.ids)]).ids
        return Domain(path, "in", ids)
