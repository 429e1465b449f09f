# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import api, models
from odoo.tools import SQL

from ..layout import INTERFACE_RECORDS, MAX_AMOUNT, PATTERNS, RECORDS
from ..reader import CLEARED, Reader

EXAMPLES = 5
TERM_TYPES = (
    "class",
    "definition",
    "ownership",
    "organisation",
    "value_class",
    "area",
    "brand",
    "channel",
    "method",
)
DATE_TYPES = ("date", "month")
LOOKUP_TYPES = (*TERM_TYPES, "unit", "manager", "line", "industry", "currency")


class KeyAccountFeedInterface(models.AbstractModel):
    """How the files of one interface are staged, checked and counted, in sets.

    The rows of a file live in temporary tables of the transaction that reads them:
    ``feed_stage_<record>`` holds the text as it came, ``feed_<record>`` the same rows
    resolved to what the target table would hold, with the list of their errors. The
    dry run and the load use the same statements, so they say the same.

    An error is a text of three words: code, column, number of the other row (or 0).
    """

    _name = "key.account.feed.interface"
    _description = "Key Account Feed Interface"

    _letters = ""

    # What an interface says of itself: the hooks of this class.

    @api.model
    def _get_models(self):
        """Map the letter of every record to the model whose table it fills."""
        raise NotImplementedError

    @api.model
    def _resolve(self, feed, is_load):
        """Make ``feed_<record>`` of every record type."""
        raise NotImplementedError

    @api.model
    def _load(self, feed):
        """Write what ``feed_<record>`` holds into the tables."""
        raise NotImplementedError

    # Staging

    @api.model
    def _for(self, interface):
        return self.env[f"key.account.feed.interface.{interface}"]

    @api.model
    def _get_records(self):
        interface = self._name.rpartition(".")[2]
        return {
            letter: RECORDS[letter] for letter in INTERFACE_RECORDS.get(interface, "")
        }

    @api.model
    def _resolved_table(self, record):
        return SQL.identifier(f"feed_{record.name}")

    @api.model
    def _stage_table(self, record):
        return SQL.identifier(f"feed_stage_{record.name}")

    @api.model
    def _execute(self, query, *args, **kwargs):
        self.env.cr.execute(SQL(query, *args, **kwargs))
        return self.env.cr.rowcount

    @api.model
    def _create_table(self, table, query):
        """A temporary table of this transaction from a query, analysed."""
        self._execute("DROP TABLE IF EXISTS %s", table)
        self._execute("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query)
        self._execute("ANALYZE %s", table)

    @api.model
    def _stage(self, feed):
        """Copy the rows of all parts into the staging tables."""
        self._create_stage_tables()
        reader = None
        for part in feed.part_ids:
            with part._open() as stream:
                reader = Reader(
                    stream,
                    self._get_records(),
                    encoding=feed.encoding or None,
                    first_row=reader.next_row if reader else 1,
                )
                self._copy_chunks(reader.chunks())
            self._keep_bad_rows(reader.bad)
        for record in self._get_records().values():
            self._execute("ANALYZE %s", self._stage_table(record))
        return reader.encoding

    @api.model
    def _create_stage_tables(self):
        for record in self._get_records().values():
            columns = SQL(", ").join(
                SQL("%s text", SQL.identifier(name)) for name in record.names
            )
            self._execute("DROP TABLE IF EXISTS %s", self._stage_table(record))
            self._execute(
                "CREATE TEMPORARY TABLE %s (row integer, %s) ON COMMIT DROP",
                self._stage_table(record),
                columns,
            )
        self._execute("DROP TABLE IF EXISTS feed_refusal")
        self._execute(
            "CREATE TEMPORARY TABLE feed_refusal (row integer, letter varchar, "
            "code varchar, field varchar, value varchar, other integer) ON COMMIT DROP"
        )

    @api.model
    def _copy_chunks(self, chunks):
        for letter, text in chunks:
            query = SQL(
                "COPY %s FROM STDIN WITH (FORMAT text, DELIMITER '|', NULL '')",
                self._stage_table(RECORDS[letter]),
            )
            # The cursor of psycopg2 below Odoo's, which has no COPY of its own.
            self.env.cr._obj.copy_expert(query.code, io.StringIO(text))

    @api.model
    def _keep_bad_rows(self, bad):
        if bad:
            self._execute(
                "INSERT INTO feed_refusal (row, letter, code, value) "
                "SELECT * FROM unnest(%s::integer[], %s::varchar[], %s::varchar[], "
                "%s::varchar[])",
                [row.row for row in bad],
                [row.letter for row in bad],
                [row.code for row in bad],
                [row.value for row in bad],
            )

    # Codes of dictionaries, units, managers, currencies

    @api.model
    def _create_lookup(self, feed):
        """All codes a file may name with their ids: a few hundred rows."""
        self._execute("DROP TABLE IF EXISTS feed_lookup")
        self._execute(
            "CREATE TEMPORARY TABLE feed_lookup "
            "(type varchar, code varchar, id integer) ON COMMIT DROP"
        )
        units = feed.unit_id._get_below()
        # sudo: the codes of open units and managers of the branch decide, whoever loads.
        managers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("key_account_unit_id", "in", units.ids),
                    ("key_account_role", "=", "manager"),
                ]
            )
        )
        self._execute(
            """
            INSERT INTO feed_lookup
            SELECT category, code, id FROM key_account_term WHERE active
             UNION ALL SELECT 'line', code, id FROM key_account_line WHERE active
             UNION ALL SELECT 'currency', name, id FROM res_currency WHERE active
             UNION ALL SELECT 'unit', code, id FROM key_account_unit
                        WHERE active AND id = ANY(%(units)s)
             UNION ALL SELECT 'manager', login, id FROM res_users
                        WHERE id = ANY(%(managers)s)
             UNION ALL SELECT 'industry', name.value, MIN(industry.id)
                         FROM res_partner_industry AS industry,
                              jsonb_each_text(industry.name) AS name
                        WHERE industry.active GROUP BY name.value
            """,
            units=units.ids,
            managers=managers.ids,
        )
        self._execute("ANALYZE feed_lookup")

    @api.model
    def _create_dates(self):
        """The dates of the file by their text: few different ones in many rows."""
        texts = SQL(" UNION ").join(
            SQL(
                "SELECT %s::varchar, %s FROM %s",
                column.type,
                SQL.identifier(column.name),
                self._stage_table(record),
            )
            for record in self._get_records().values()
            for column in record.columns
            if column.type in DATE_TYPES
        )
        self._create_table(
            SQL.identifier("feed_date"),
            SQL(
                """
                SELECT type, code,
                       CASE WHEN type = 'date' THEN code::date
                            ELSE (code || '01')::date END AS day
                  FROM (%(texts)s) AS text (type, code)
                 WHERE CASE WHEN type = 'date' THEN code ~ %(date)s
                            ELSE code ~ %(month)s END
                """,
                texts=texts,
                date=PATTERNS["date"],
                month=PATTERNS["month"],
            ),
        )

    # Resolving a row: joins, values, errors

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
            if column.type in LOOKUP_TYPES + DATE_TYPES
        )

    @api.model
    def _parse(self, column, money=None) -> SQL:
        """The value of a field as SQL, NULL where it is empty, cleared or wrong.

        :param money: factor and decimal places of the currency of an amount, as SQL
        """
        name = SQL.identifier("stage", column.name)
        if column.type in LOOKUP_TYPES:
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
        if column.type in LOOKUP_TYPES:
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
    def _numbered(self, record, key) -> SQL:
        """The staged rows with ``twin``, the number of another row of the same key."""
        names = [SQL.identifier(name) for name in key]
        return SQL(
            """
            SELECT line.*,
                   CASE WHEN same.first = line.row THEN same.last ELSE same.first END
                   AS twin
              FROM %(table)s AS line
              LEFT JOIN (
                SELECT %(key)s, MIN(row) AS first, MAX(row) AS last
                  FROM %(table)s WHERE %(first)s IS NOT NULL
                 GROUP BY %(places)s HAVING COUNT(*) > 1
              ) AS same ON %(equal)s
            """,
            table=self._stage_table(record),
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
            SQL("concat(%s, ' ', stage.twin)", f"duplicate {column}"),
        )

    # The customer a row is about

    @api.model
    def _create_customer_keys(self):
        """Which customer every code of the file means, whether it is being made.

        Files of customers add the rows that this file itself brings.
        """
        codes = SQL(" UNION ").join(
            SQL("SELECT customer AS code FROM %s", self._stage_table(record))
            for record in self._get_records().values()
            if "customer" in record.names
        )
        self._create_table(
            SQL.identifier("feed_known"),
            SQL(
                """
                SELECT code.code, partner.id, partner.key_account_unit_id AS unit_id,
                       partner.key_account_manager_id AS manager_id,
                       NULL::integer AS row, FALSE AS is_refused
                  FROM (%(codes)s) AS code
                  JOIN res_partner AS partner ON partner.key_account_code = code.code
                 WHERE partner.key_account_kind IS NOT NULL
                 UNION ALL
                SELECT code.code, partner.id, partner.key_account_unit_id,
                       partner.key_account_manager_id, NULL, FALSE
                  FROM (%(codes)s) AS code
                  JOIN key_account_code_alias AS alias ON alias.name = code.code
                  JOIN res_partner AS partner ON partner.id = alias.partner_id
                 WHERE NOT EXISTS (SELECT FROM res_partner AS other
                                    WHERE other.key_account_code = code.code)
                """,
                codes=codes,
            ),
        )

    @api.model
    def _customer_errors(self):
        return [
            (
                SQL("stage.customer IS NOT NULL AND known.code IS NULL"),
                "customer customer",
            ),
            (
                SQL("known.is_refused"),
                SQL("concat('customer_refused customer ', known.row)"),
            ),
        ]

    # Outcome

    @api.model
    def _refuse_from(self, record):
        """Turn the errors of the resolved rows into refusals, one for each error."""
        self._execute(
            """
            INSERT INTO feed_refusal
            SELECT checked.row, %(letter)s, split_part(error, ' ', 1),
                   split_part(error, ' ', 2),
                   left(replace(to_jsonb(stage) ->> split_part(error, ' ', 2),
                                %(cleared)s, '\\N'), 200),
                   NULLIF(split_part(error, ' ', 3), '0')::integer
              FROM %(table)s AS checked
              JOIN %(stage)s AS stage ON stage.row = checked.row,
                   unnest(checked.errors) AS error
             WHERE checked.errors IS NOT NULL
            """,
            letter=record.letter,
            cleared=CLEARED,
            table=self._resolved_table(record),
            stage=self._stage_table(record),
        )

    @api.model
    def _count(self, feed):
        """Rows by record type and outcome, with the first examples of each."""
        results = []
        for letter, record in self._get_records().items():
            self._refuse_from(record)
            counts = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT outcome, COUNT(*) FROM %s GROUP BY 1",
                        self._resolved_table(record),
                    )
                )
            )
            [(bad,)] = self.env.execute_query(
                SQL(
                    "SELECT COUNT(DISTINCT row) FROM feed_refusal WHERE letter = %s",
                    letter,
                )
            )
            counts["refused"] = bad
            if sum(counts.values()):
                results.append((letter, counts, self._get_examples(record, counts)))
        [(unknown,)] = self.env.execute_query(
            SQL("SELECT COUNT(DISTINCT row) FROM feed_refusal WHERE letter = ''")
        )
        if unknown:
            results.append(("", {"refused": unknown}, {}))
        return results

    @api.model
    def _get_examples(self, record, counts):
        return {
            outcome: self.env.execute_query_dict(
                SQL(
                    "SELECT row, %(label)s AS name FROM %(table)s AS checked "
                    "WHERE outcome = %(outcome)s ORDER BY row LIMIT %(limit)s",
                    label=self._example_label(record),
                    table=self._resolved_table(record),
                    outcome=outcome,
                    limit=EXAMPLES,
                )
            )
            for outcome in ("created", "changed", "unchanged")
            if counts.get(outcome)
        }

    @api.model
    def _example_label(self, record) -> SQL:
        """What names a row of this record to its reader."""
        raise NotImplementedError

    @api.model
    def _outcome(self, record, old, extra=SQL("FALSE")) -> SQL:
        """created, changed, unchanged or refused, by comparison with the old row."""
        names = self._targets(record, without=self._never_compared(record))
        return SQL(
            """CASE WHEN checked.errors IS NOT NULL THEN 'refused'
                    WHEN %(old)s.id IS NULL THEN 'created'
                    WHEN %(extra)s OR (%(new)s) IS DISTINCT FROM (%(olds)s)
                    THEN 'changed' ELSE 'unchanged' END""",
            old=old,
            extra=extra,
            new=SQL(", ").join(SQL.identifier("checked", name) for name in names),
            olds=SQL(", ").join(
                SQL("%s.%s", old, SQL.identifier(name)) for name in names
            ),
        )

    @api.model
    def _never_compared(self, record):
        return ()

    # Writing

    @api.model
    def _stamps(self):
        """Columns every row carries of who made it and when, as SQL."""
        now = SQL("now() AT TIME ZONE 'UTC'")
        return {
            "create_uid": SQL("%s", self.env.uid),
            "create_date": now,
            "write_uid": SQL("%s", self.env.uid),
            "write_date": now,
        }

    @api.model
    def _insert(self, table, columns, source):
        """One INSERT of the columns (name to SQL) from a FROM clause."""
        return self._execute(
            "INSERT INTO %(table)s (%(names)s) SELECT %(values)s %(source)s",
            table=SQL.identifier(table),
            names=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(columns.values()),
            source=source,
        )

    @api.model
    def _get_ids(self, record, outcomes, column="partner_id"):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s WHERE outcome = ANY(%s) ORDER BY 1",
                SQL.identifier(column),
                self._resolved_table(record),
                list(outcomes),
            )
        )
        return [row[0] for row in rows]
