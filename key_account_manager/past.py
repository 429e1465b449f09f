# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""SQL of tables as they were at an earlier moment: plain functions, no database.

A statement is prefixed with common table expressions that have the names of the tables
it reads; each holds the rows of its table with everything undone that the change log
noted since. The statement itself need not know.
"""

from odoo.tools import SQL


def rewind(query, shadows) -> SQL:
    """The query, reading from the shadows instead of the tables.

    :param shadows: list of (table, SELECT of its rows as they were), each of which may
        read from those before it
    """
    if not shadows:
        return query
    parts = [
        SQL("%s AS MATERIALIZED (%s)", SQL.identifier(table), shadow)
        for table, shadow in shadows
    ]
    return SQL("WITH %s %s", SQL(", ").join(parts), query)


def as_of(table, model, moment, condition) -> SQL:
    """The rows of a logged table as of a moment, those included that are deleted now.

    :param condition: SQL over the rows as they were, called ``past``
    """
    return SQL(
        """
        SELECT past.* FROM (
            SELECT to_jsonb(present) AS content FROM %(table)s AS present
             WHERE present.create_date IS NULL
                OR date_trunc('second', present.create_date) <= %(moment)s
             UNION ALL
            SELECT %(deleted)s || jsonb_build_object('id', log.res_id)
              FROM key_account_audit AS log
             WHERE log.model = %(model)s AND log.action = 'unlink'
               AND date_trunc('second', log.date) > %(moment)s
               AND date_trunc('second',
                       (log.changes -> 'create_date' ->> 0)::timestamp) <= %(moment)s
        ) AS known
          LEFT JOIN (
            SELECT res_id, jsonb_object_agg(name, value) AS content FROM (
                SELECT DISTINCT ON (log.res_id, change.key)
                       log.res_id, change.key AS name, change.value -> 0 AS value
                  FROM key_account_audit AS log, jsonb_each(log.changes) AS change
                 WHERE log.model = %(model)s AND log.action = 'write'
                   AND date_trunc('second', log.date) > %(moment)s
                 ORDER BY log.res_id, change.key, log.id
            ) AS first GROUP BY res_id
        ) AS undo ON undo.res_id = (known.content ->> 'id')::int
         CROSS JOIN LATERAL jsonb_populate_record(
            NULL::%(table)s, known.content || COALESCE(undo.content, '{}')) AS past
         WHERE %(condition)s
        """,
        table=SQL.identifier(table),
        model=model,
        moment=moment,
        deleted=SQL(
            "(SELECT COALESCE(jsonb_object_agg(cell.key, cell.value -> 0), '{}')"
            " FROM jsonb_each(log.changes) AS cell)"
        ),
        condition=condition,
    )
