# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import api, models
from odoo.tools import SQL

from ..layout import DATE_TYPES, INTERFACE_RECORDS, PATTERNS, RECORDS
from ..reader import CLEARED, Reader

EXAMPLES = 5
# Columns whose values the planner must know: rows are found by them.
KEYS = {"row", "code", "customer", "name", "partner_id", "old_id", "outcome", "type"}


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

    @api.model
    def _for(self, interface):
        return self.env[f"key.account.feed.interface.{interface}"]

    @api.model
    def _get_records(self):
        """Map the letters of the interface to its records. Hook."""
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
        self.env.cr.execute(SQL("SELECT * FROM %s LIMIT 0", table))
        self._analyze(table, [column.name for column in self.env.cr.description])

    @api.model
    def _analyze(self, table, names):
        """Tell the planner of the rows and of those of the columns that are keys."""
        keys = [SQL.identifier(name) for name in names if name in KEYS]
        columns = SQL(" (%s)", SQL(", ").join(keys)) if keys else SQL()
        self._execute("ANALYZE %s%s", table, columns)

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
            self._analyze(self._stage_table(record), record.names)
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
                self._stage_table(self._get_records()[letter]),
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

    @api.model
    def _create_lookup(self, feed):
        """All codes a file may name with their ids: a few hundred rows."""
        self._execute("DROP TABLE IF EXISTS feed_lookup")
        self._execute(
            "CREATE TEMPORARY TABLE feed_lookup "
            "(type varchar, code varchar, id integer) ON COMMIT DROP"
        )
        units = feed.unit_id._get_below()
        # sudo: the open units and managers of the branch decide, whoever loads.
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
        nothing = SQL("SELECT NULL::varchar, NULL::varchar WHERE FALSE")
        texts = SQL(" UNION ").join(
            [nothing]
            + [
                SQL(
                    "SELECT %s::varchar, %s FROM %s",
                    column.type,
                    SQL.identifier(column.name),
                    self._stage_table(record),
                )
                for record in self._get_records().values()
                for column in record.columns
                if column.type in DATE_TYPES
            ]
        )
        self._create_table(
            SQL.identifier("feed_date"),
            SQL(
                """
                WITH text (type, code) AS MATERIALIZED (%(texts)s)
                SELECT type, code,
                       CASE WHEN type = 'date' THEN code::date
                            ELSE (code || '01')::date END AS day
                  FROM text
                 WHERE CASE WHEN type = 'date' THEN code ~ %(date)s
                            ELSE code ~ %(month)s END
                """,
                texts=texts,
                date=PATTERNS["date"],
                month=PATTERNS["month"],
            ),
        )

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
    def _get_covered_count(self, feed):
        """How many documents a snapshot must name. Hook."""
        return 0

    @api.model
    def _get_absent(self, feed):
        """Rows of what a file of the whole stock does not name. Hook."""
        return []

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
    def _outcome(self, record, old, extra=None) -> SQL:
        """created, changed, unchanged or refused, by comparison with the old row."""
        names = self._targets(record, without=self._never_compared(record))
        return SQL(
            """CASE WHEN checked.errors IS NOT NULL THEN 'refused'
                    WHEN %(old)s.id IS NULL THEN 'created'
                    WHEN %(extra)s OR (%(new)s) IS DISTINCT FROM (%(olds)s)
                    THEN 'changed' ELSE 'unchanged' END""",
            old=old,
            extra=extra or SQL("FALSE"),
            new=SQL(", ").join(SQL.identifier("checked", name) for name in names),
            olds=SQL(", ").join(
                SQL("%s.%s", old, SQL.identifier(name)) for name in names
            ),
        )

    @api.model
    def _never_compared(self, record):
        return ()

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
