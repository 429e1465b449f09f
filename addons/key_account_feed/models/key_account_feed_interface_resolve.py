# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..layout import DATE_TYPES, LOOKUP_TYPES, MAX_AMOUNT, PATTERNS
from ..reader import CLEARED


class KeyAccountFeedInterface(models.AbstractModel):
    """From the text of a field to its value and its errors, as SQL."""

    _inherit = "key.account.feed.interface"

    @api.model
    def _get_lookup_types(self):
        """Types of columns whose text is a code of ``feed_lookup``. Hook."""
        return LOOKUP_TYPES

    @api.model
    def _lookup_joins(self, record):
        return SQL(" ").join(
            SQL(
                "LEFT JOIN %(table)s AS %(alias)s "
                "ON %(alias)s.type = %(type)s AND %(alias)s.code = stage.%(name)s",
                table=SQL("feed_date" if column.type in DATE_TYPES else "feed_lookup"),
                alias=SQL.identifier(f"by_{column.name}"),
                type=column.type,
                name=SQL.identifier(column.name),
            )
            for column in record.columns
            if column.type in self._get_lookup_types() + DATE_TYPES
        )

    @api.model
    def _parse(self, column, money=None) -> SQL:
        """The value of a field as SQL, NULL where it is empty, cleared or wrong.

        :param money: factor and decimal places of the currency of an amount, as SQL
        """
        name = SQL.identifier("stage", column.name)
        if column.type in self._get_lookup_types():
            return SQL.identifier(f"by_{column.name}", "id")
        if column.type in DATE_TYPES:
            return SQL.identifier(f"by_{column.name}", "day")
        if column.type == "choice":
            pairs = SQL(" ").join(
                SQL("WHEN %s THEN %s", text, value)
                for text, value in column.choices.items()
            )
            return SQL("CASE %s %s END", name, pairs)
        casts = {
            "stamp": SQL("to_timestamp(%s, 'YYYYMMDDHH24MISS')", name),
            "count": SQL("%s::integer", name),
            "amount": SQL(
                "round(%s::numeric * %s, %s)", name, *(money or self._money())
            ),
        }
        if column.type in casts:
            pattern = PATTERNS[column.type]
            return SQL(
                "CASE WHEN %s ~ %s THEN %s END", name, pattern, casts[column.type]
            )
        return SQL("NULLIF(%s, %s)", name, CLEARED)

    @api.model
    def _target(self, record, column, money=None) -> SQL:
        """What the target column will hold: an empty field keeps the old value."""
        field = self.env[self._get_models()[record.letter]]._fields[column.target]
        return SQL(
            "(CASE WHEN stage.%(name)s IS NULL THEN old.%(target)s::%(type)s "
            "ELSE (%(value)s)::%(type)s END) AS %(target)s",
            name=SQL.identifier(column.name),
            target=SQL.identifier(column.target),
            value=self._parse(column, money),
            type=SQL(field.column_type[1]),
        )

    @api.model
    def _targets(self, record, without=()):
        """Names of the columns of the target table that the record fills."""
        return [
            column.target
            for column in record.columns
            if column.target and column.target not in without
        ]

    @api.model
    def _column_errors(self, column):
        """Pairs of condition and code of what can be wrong with a field by itself."""
        name = SQL.identifier("stage", column.name)
        given = SQL("%s <> %s", name, CLEARED)
        if column.required:
            yield SQL("COALESCE(%s, %s) = %s", name, CLEARED, CLEARED), "required"
        if column.size:
            yield SQL("length(%s) > %s", name, column.size), "long"
        if column.type in DATE_TYPES:
            yield SQL("%s AND %s IS NULL", given, self._parse(column)), column.type
        elif column.type in PATTERNS:
            yield (
                SQL("%s AND %s !~ %s", given, name, PATTERNS[column.type]),
                column.type,
            )
        if column.type == "amount":
            yield (
                SQL(
                    "CASE WHEN %s ~ %s THEN abs(%s::numeric) > %s END",
                    name,
                    PATTERNS["amount"],
                    name,
                    MAX_AMOUNT,
                ),
                "amount_absurd",
            )
        if column.type == "choice":
            choices = list(column.choices)
            yield SQL("%s AND %s <> ALL(%s)", given, name, choices), "choice"
        if column.type in self._get_lookup_types():
            yield from self._lookup_errors(column, name, given)

    @api.model
    def _lookup_errors(self, column, name, given):
        missing = SQL("%s AND %s IS NULL", given, self._parse(column))
        if column.type != "unit":
            yield missing, column.type
            return
        exists = SQL("EXISTS (SELECT FROM key_account_unit WHERE code = %s)", name)
        yield SQL("%s AND NOT %s", missing, exists), "unit"
        yield SQL("%s AND %s", missing, exists), "unit_outside"

    @api.model
    def _errors(self, record, extra=()) -> SQL:
        """All errors of a row as an array, NULL when there is none.

        :param extra: triples of condition, code and column (or SQL of the error)
        """
        found = [
            SQL("CASE WHEN %s THEN %s END", condition, f"{code} {column.name} 0")
            for column in record.columns
            for condition, code in self._column_errors(column)
        ]
        found += [
            SQL(
                "CASE WHEN %s THEN %s END",
                condition,
                error if isinstance(error, SQL) else f"{error} 0",
            )
            for condition, error in extra
        ]
        return SQL(
            "NULLIF(array_remove(ARRAY[%s]::text[], NULL), '{}')", SQL(", ").join(found)
        )

    @api.model
    def _money(self):
        """Factor and decimal places of amounts without a currency of their own."""
        digits = self.env.context.get("key_account_feed_digits", 2)
        return SQL("%s::numeric", str(10**-digits)), SQL("%s", digits)

    @api.model
    def _numbered_source(self, record) -> SQL:
        """The staged rows with ``owner``: the code their customer has today."""
        if "customer" not in record.names:
            return self._stage_table(record)
        return SQL(
            "(SELECT line.*, COALESCE(alias.code_now, line.customer) AS owner "
            "FROM %s AS line LEFT JOIN feed_alias AS alias "
            "ON alias.code = line.customer)",
            self._stage_table(record),
        )

    @api.model
    def _numbered(self, record, key) -> SQL:
        """The staged rows with ``twin``, the number of another row of the same key.

        ``is_mixed``: the two name one customer by different codes, it was merged.
        """
        names = [SQL.identifier(name) for name in key]
        return SQL(
            """
            SELECT line.*,
                   CASE WHEN same.first = line.row THEN same.last ELSE same.first END
                   AS twin, COALESCE(same.is_mixed, FALSE) AS is_mixed
              FROM %(source)s AS line
              LEFT JOIN (
                SELECT %(key)s, MIN(row) AS first, MAX(row) AS last,
                       %(mixed)s AS is_mixed
                  FROM %(source)s AS line WHERE %(first)s IS NOT NULL
                 GROUP BY %(places)s HAVING COUNT(*) > 1
              ) AS same ON %(equal)s
            """,
            source=self._numbered_source(record),
            mixed=SQL("MIN(customer) <> MAX(customer)")
            if "owner" in key
            else SQL("FALSE"),
            key=SQL(", ").join(
                SQL("COALESCE(%s, '') AS %s", name, name) for name in names
            ),
            first=names[0],
            places=SQL(", ").join(SQL(str(place)) for place in range(1, len(key) + 1)),
            equal=SQL(" AND ").join(
                SQL("COALESCE(line.%s, '') = same.%s", name, name) for name in names
            ),
        )

    @api.model
    def _error_twin(self, column):
        return (
            SQL("stage.twin IS NOT NULL"),
            SQL(
                "concat(CASE WHEN stage.is_mixed THEN 'duplicate_merged' "
                "ELSE 'duplicate' END, %s, stage.twin)",
                f" {column} ",
            ),
        )
