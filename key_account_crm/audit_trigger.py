# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""SQL of the triggers that fill the change log: plain functions, no database.

One function per table serves its three AFTER … FOR EACH STATEMENT triggers. It gets
the rows of the whole statement as transition tables and writes the log in one
INSERT … SELECT, whether the statement touched one row or a million. Columns are
compared one by one, by generated code, which is several times cheaper than comparing
the rows as JSON.
"""

from itertools import islice
from typing import NamedTuple

from odoo.tools import SQL

from .masking import HIDDEN

PREFIX = "key_account_log_"
NOTHING = SQL()
NULL = SQL("NULL")
EVENTS = {
    "INSERT": SQL("REFERENCING NEW TABLE AS new_rows"),
    "UPDATE": SQL("REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "DELETE": SQL("REFERENCING OLD TABLE AS old_rows"),
}


class Relation(NamedTuple):
    """A many2many of a logged table."""

    table: str
    field: str
    column: str  # of the logged record
    target: str  # of the linked one
    owner: "Logged"
    condition: SQL = SQL("TRUE")  # of the row "link": whether it is logged


class Logged(NamedTuple):
    """What the log needs to know about one table."""

    table: str
    model: str
    columns: tuple  # compared at an update
    stored: tuple = ()  # all there are: what a deleted row held
    private: tuple = ()  # their values are hidden
    partner: tuple = ()  # whose entry it is: the first of these columns with a value
    unit: str | None = None  # the column that says who may read the entry
    required: str | None = None  # rows without a value here are none of our business
    log_access: bool = True  # the table has create_uid and its like


def function_name(table):
    return SQL.identifier(PREFIX + table)


def trigger_name(event):
    return f"{PREFIX}{event.lower()}"


def create_function(logged) -> SQL:
    """The function behind the triggers of one table."""
    body = SQL(
        """
        IF TG_OP = 'INSERT' THEN
            %(created)s;
        ELSIF TG_OP = 'UPDATE' THEN
            %(changed)s;
        ELSE
            %(deleted)s;
        END IF
        """,
        created=_insert_created(logged),
        changed=_insert_changed(logged),
        deleted=_insert_deleted(logged),
    )
    # One plan for all calls: to plan the comparison of all columns costs more than to
    # compare the rows of a small batch. The first call may have been for one row: a
    # nested loop would then join a million rows with a million.
    settings = SQL(
        "SET plan_cache_mode = force_generic_plan "
        "SET enable_nestloop = off SET enable_mergejoin = off"
    )
    return _create_function(logged.table, body, settings)


def create_relation_function(relation) -> SQL:
    """The function behind the triggers of a many2many."""
    body = SQL(
        """
        IF TG_OP = 'INSERT' THEN
            %(linked)s;
        ELSE
            %(unlinked)s;
        END IF
        """,
        linked=_insert_linked(relation, SQL("new_rows"), SQL("NULL, link.ids")),
        unlinked=_insert_linked(relation, SQL("old_rows"), SQL("link.ids, NULL")),
    )
    return _create_function(relation.table, body)


def _create_function(table, body, settings=NOTHING) -> SQL:
    return SQL(
        """
        CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql
            %(settings)s
        AS $key_account$
        DECLARE
            log_moment timestamp := clock_timestamp() AT TIME ZONE 'UTC';
            log_started timestamp := now() AT TIME ZONE 'UTC';
            log_actor int := NULLIF(current_setting('key_account.uid', true), '');
            log_batch text := NULLIF(current_setting('key_account.batch', true), '');
            log_origin text := COALESCE(
                log_batch, NULLIF(current_setting('key_account.origin', true), ''),
                'system');
            log_run int := NULLIF(current_setting('key_account.run', true), '');
            log_tx text := pg_current_xact_id()::text;
        BEGIN
            %(body)s;
            RETURN NULL;
        END $key_account$
        """,
        name=function_name(table),
        settings=settings,
        body=body,
    )


def comment_function(table, signature) -> SQL:
    """Keep what the function was generated from, to know when it is out of date."""
    return SQL("COMMENT ON FUNCTION %s() IS %s", function_name(table), signature)


def create_trigger(table, event) -> SQL:
    return SQL(
        "CREATE OR REPLACE TRIGGER %s AFTER %s ON %s %s FOR EACH STATEMENT "
        "EXECUTE FUNCTION %s()",
        SQL.identifier(trigger_name(event)),
        SQL(event),  # pylint: disable=sql-injection  # a key of EVENTS
        SQL.identifier(table),
        EVENTS[event],
        function_name(table),
    )


def drop_function(table) -> SQL:
    """The triggers go with it."""
    return SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function_name(table))


def _insert(logged, action, user, source, changes=NULL, names=NULL) -> SQL:
    """Write entries for the rows "entry" of the given FROM and WHERE."""
    return SQL(
        """
        INSERT INTO key_account_audit (
            model, res_id, partner_id, unit_id, action, user_id, date, origin, run_id,
            txid, changes, names
        )
        SELECT %(model)s, entry.id, %(partner)s, %(unit)s, %(action)s, %(user)s,
               log_moment, log_origin, log_run, log_tx, %(changes)s, %(names)s
          FROM %(source)s
        """,
        model=logged.model,
        partner=_partner(logged),
        unit=_column("entry", logged.unit),
        action=action,
        user=user,
        changes=changes,
        names=names,
        source=source,
    )


def _insert_created(logged) -> SQL:
    user = SQL(
        "COALESCE(entry.create_uid, log_actor)" if logged.log_access else "log_actor"
    )
    source = SQL("new_rows AS entry WHERE %s", _condition("entry", logged))
    return _insert(logged, "create", user, source)


def _insert_deleted(logged) -> SQL:
    source = SQL("old_rows AS entry WHERE %s", _condition("entry", logged))
    names = SQL("%s::text[]", list(logged.stored))
    user = SQL("log_actor")
    return _insert(logged, "unlink", user, source, _whole_row(logged), names)


def _insert_changed(logged) -> SQL:
    """An entry for every row of which a tracked column changed.

    The user is the row's own writer where it was written in this transaction, which
    holds under ``sudo`` and ``with_user`` too, else the one of the transaction; of a
    batch, always the one who runs it.
    """
    user = (
        "CASE WHEN log_batch IS NULL AND entry.write_date = log_started "
        "THEN entry.write_uid ELSE COALESCE(log_actor, entry.write_uid) END"
        if logged.log_access
        else "log_actor"
    )
    source = SQL(
        """
        (SELECT %(kept)s, %(delta)s AS delta, %(names)s AS names
           FROM new_rows AS entry JOIN old_rows AS past ON past.id = entry.id
          WHERE %(past)s OR %(new)s OFFSET 0) AS entry
         WHERE entry.delta <> ''
        """,
        kept=SQL(", ").join(_column("entry", name) for name in _kept(logged)),
        delta=_concat(_delta(logged, name) for name in logged.columns),
        names=_array(_changed(name, name) for name in logged.columns),
        past=_condition("past", logged),
        new=_condition("entry", logged),
    )
    changes = _object(SQL("entry.delta"))
    return _insert(logged, "write", SQL(user), source, changes, SQL("entry.names"))


def _object(parts) -> SQL:
    """The JSON object of parts that each begin with a comma."""
    return SQL("('{' || substr(%s, 2) || '}')::jsonb", parts)


def _array(names) -> SQL:
    """Those that are not NULL."""
    return SQL("array_remove(ARRAY[%s]::text[], NULL)", SQL(", ").join(names))


def _concat(parts) -> SQL:
    """The texts of all parts that are not NULL, one after the other."""
    return SQL(" || ").join(
        SQL("concat(%s)", SQL(", ").join(some))
        for some in batched(parts, 50)  # a function takes 100 arguments
    )


def _kept(logged):
    """The columns that an entry is written from, beside those compared."""
    kept = {"id", *logged.partner}
    if logged.unit:
        kept.add(logged.unit)
    if logged.log_access:
        kept |= {"write_date", "write_uid"}
    return sorted(kept)


def _insert_linked(relation, rows, pair) -> SQL:
    """An entry for every record that got or lost links, if it is still there."""
    source = SQL(
        """
        (SELECT link.%(column)s AS id, jsonb_agg(link.%(target)s) AS ids
           FROM %(rows)s AS link WHERE %(condition)s GROUP BY 1) AS link
          JOIN %(owner)s AS entry ON entry.id = link.id
         WHERE %(required)s
        """,
        column=SQL.identifier(relation.column),
        target=SQL.identifier(relation.target),
        rows=rows,
        condition=relation.condition,
        owner=SQL.identifier(relation.owner.table),
        required=_condition("entry", relation.owner),
    )
    changes = SQL("jsonb_build_object(%s, jsonb_build_array(%s))", relation.field, pair)
    names = SQL("ARRAY[%s]", relation.field)
    return _insert(relation.owner, "write", SQL("log_actor"), source, changes, names)


def _delta(logged, name) -> SQL:
    """The text of one changed column, as a part of a JSON object."""
    pair = SQL(
        "%s || json_build_array(%s, %s)::text",
        f',"{name}":',
        _shown(logged, name, _column("past", name)),
        _shown(logged, name, _column("entry", name)),
    )
    return _changed(name, pair)


def _changed(name, value) -> SQL:
    """The value where the column changed, else NULL."""
    return SQL(
        "CASE WHEN %s IS DISTINCT FROM %s THEN %s END",
        _column("past", name),
        _column("entry", name),
        value,
    )


def _shown(logged, name, value) -> SQL:
    if name not in logged.private:
        return value
    return SQL("CASE WHEN %s IS NOT NULL THEN %s END", value, HIDDEN)


def _whole_row(logged) -> SQL:
    """Everything the deleted row held, as changes to nothing."""
    cells = (
        SQL(
            "CASE WHEN %(value)s IS NOT NULL "
            "THEN %(key)s || json_build_array(%(shown)s, NULL)::text END",
            value=_column("entry", name),
            key=f',"{name}":',
            shown=_shown(logged, name, _column("entry", name)),
        )
        for name in logged.stored
    )
    return _object(_concat(cells))


def _partner(logged) -> SQL:
    if not logged.partner:
        return SQL("NULL::int")
    columns = (_column("entry", name) for name in logged.partner)
    return SQL("COALESCE(%s)", SQL(", ").join(columns))


def _condition(row, logged) -> SQL:
    if logged.required is None:
        return SQL("TRUE")
    return SQL("%s IS NOT NULL", _column(row, logged.required))


def _column(row, name) -> SQL:
    return SQL.identifier(row, name) if name else SQL("NULL::int")


def batched(items, size):
    items = iter(items)
    while part := tuple(islice(items, size)):
        yield part
