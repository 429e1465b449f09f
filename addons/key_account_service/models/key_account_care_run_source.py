# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .. import lunar


class KeyAccountCareRun(models.Model):
    """Who has which occasion when: a statement for each occasion.

    Columns: ``partner_id, line_id, contact_id, unit_id, manager_id, base, years``. The
    base is the day of the occasion, or the day from which a plan counts its days.
    Hook: another occasion is a method ``_get_<occasion>_source``.
    """

    _inherit = "key.account.care.run"

    @api.model
    def _get_source(self, occasion, festival, first, last) -> SQL:
        return getattr(self, f"_get_{occasion}_source")(festival, first, last)

    @api.model
    def _get_customer_columns(self, contact=None) -> SQL:
        return SQL(
            "partner.id AS partner_id, NULL::integer AS line_id, "
            "%s AS contact_id, partner.key_account_unit_id AS unit_id, "
            "partner.key_account_manager_id AS manager_id",
            contact or SQL("NULL::integer"),
        )

    @api.model
    def _get_days(self, first, last):
        return [
            first + timedelta(days=number) for number in range((last - first).days + 1)
        ]

    @api.model
    def _unnest(self, rows, names, types) -> SQL:
        """Rows of values as a table, however many."""
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        arrays = SQL(", ").join(
            # the types are constants of this file
            SQL("%s::%s[]", list(column), SQL(kind))  # pylint: disable=sql-injection
            for column, kind in zip(columns, types, strict=True)
        )
        return SQL(
            "unnest(%s) AS day (%s)",
            arrays,
            SQL(", ").join(map(SQL.identifier, names)),
        )

    @api.model
    def _get_anniversary_days(self, first, last) -> SQL:
        rows = [
            (born, day)
            for day in self._get_days(first, last)
            for born in lunar.get_solar_births(day)
        ]
        return self._unnest(rows, ("born", "date"), ("date", "date"))

    @api.model
    def _get_birthday_source(self, _festival, first, last) -> SQL:
        """Individual customers and the people of customers, by their own calendar."""
        rows = []
        for day in self._get_days(first, last):
            rows += [(born, day, "solar") for born in lunar.get_solar_births(day)]
            rows += [(born, day, "lunar") for born in lunar.get_births(day)]
        return SQL(
            """
            SELECT %(columns)s, day.date AS base, NULL::integer AS years
              FROM %(days)s
              JOIN key_account_person AS person
                ON person.birthday = day.born
               AND person.birthday_calendar = day.calendar
              JOIN res_partner AS contact
                ON contact.id = person.partner_id AND contact.active
              JOIN res_partner AS partner
                ON partner.id = contact.commercial_partner_id
            """,
            columns=self._get_customer_columns(SQL("NULLIF(contact.id, partner.id)")),
            days=self._unnest(
                rows, ("born", "date", "calendar"), ("date", "date", "text")
            ),
        )

    @api.model
    def _get_festival_source(self, festival, first, last) -> SQL:
        rows = [(day,) for day in festival._get_days(first, last)]
        return SQL(
            """
            SELECT %(columns)s, day.date AS base, NULL::integer AS years
              FROM res_partner AS partner CROSS JOIN %(days)s
             WHERE partner.key_account_kind IS NOT NULL
            """,
            columns=self._get_customer_columns(),
            days=self._unnest(rows, ("date",), ("date",)),
        )

    @api.model
    def _get_founding_source(self, _festival, first, last) -> SQL:
        return self._get_anniversary_source("key_account_date_founded", first, last)

    @api.model
    def _get_joining_source(self, _festival, first, last) -> SQL:
        return self._get_anniversary_source("key_account_date_from", first, last)

    @api.model
    def _get_anniversary_source(self, column, first, last) -> SQL:
        column = SQL.identifier("partner", column)
        return SQL(
            """
            SELECT %(columns)s, day.date AS base,
                   (EXTRACT(year FROM day.date)
                    - EXTRACT(year FROM %(column)s))::integer AS years
              FROM %(days)s
              JOIN res_partner AS partner ON %(column)s = day.born
             WHERE partner.key_account_kind IS NOT NULL
            """,
            columns=self._get_customer_columns(),
            column=column,
            days=self._get_anniversary_days(first, last),
        )

    @api.model
    def _get_contract_end_source(self, _festival, first, last) -> SQL:
        """Contracts of customers, and agreements of their business lines."""
        return SQL(
            """
            SELECT %(columns)s, partner.key_account_date_contract_end AS base,
                   NULL::integer AS years
              FROM res_partner AS partner
             WHERE partner.key_account_kind IS NOT NULL
               AND partner.key_account_date_contract_end BETWEEN %(first)s AND %(last)s
            UNION ALL
            SELECT file.partner_id, file.line_id, NULL, file.unit_id, file.manager_id,
                   file.date_agreement_end, NULL
              FROM key_account_line_file AS file
             WHERE file.date_agreement_end BETWEEN %(first)s AND %(last)s
            """,
            columns=self._get_customer_columns(),
            first=first,
            last=last,
        )

    @api.model
    def _get_no_contact_source(self, _festival, _first, _last) -> SQL:
        """Counted from the last contact on record, or from the opening of the file."""
        return self._get_counted_source(
            self.env["key.account.care"]._get_last_contact_query()
        )

    @api.model
    def _get_periodic_source(self, _festival, _first, _last) -> SQL:
        """Counted from the last time, or from the opening of the file."""
        return self._get_counted_source(
            SQL(
                "SELECT partner_id, MAX(date_done) AS date FROM key_account_care "
                "WHERE state = 'done' AND occasion = 'periodic' GROUP BY partner_id"
            )
        )

    @api.model
    def _get_counted_source(self, last_query) -> SQL:
        return SQL(
            """
            SELECT %(columns)s,
                   COALESCE(past.date, partner.key_account_date_from,
                            partner.create_date::date) AS base,
                   NULL::integer AS years
              FROM res_partner AS partner
              LEFT JOIN (%(past)s) AS past ON past.partner_id = partner.id
             WHERE partner.key_account_kind IS NOT NULL
            """,
            columns=self._get_customer_columns(),
            past=last_query,
        )
