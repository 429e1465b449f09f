# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""SQL of the triggers that guard the ledger of points: no ORM, no database here.

Whoever appends entries, by whatever way: what is left of every origin year is brought
along in the same statement, and the check of that table lets none fall below zero.
Entries are never changed nor deleted; only whose they are may follow a merge or an
assignment.
"""

from odoo.tools import SQL

ENTRY = "key_account_point_entry"
BALANCE = "key_account_point_balance"
# Kinds that add to what was earned in all; a negative one was taken back.
EARNED = ("consumption", "tenure", "credit", "data", "reward", "adjustment")
FUNCTIONS = ("key_account_point_post()", "key_account_point_refuse()")
# Whose an entry is follows the customer; all of this stays.
KEPT = (
    "line_id",
    "number_id",
    "kind",
    "quantity",
    "origin_year",
    "period",
    "month",
    "date",
    "rule_id",
    "run_id",
    "reversed_id",
)

# Columns of what is left, and what of an entry they sum.
SUMS = {
    "quantity": SQL("quantity"),
    "earned": SQL("quantity * (kind = ANY(%s))::integer", list(EARNED)),
    "consumption": SQL("quantity * (kind = 'consumption')::integer"),
    "redeemed": SQL("-quantity * (kind = 'redemption')::integer"),
}
NAMES = SQL(", ").join(map(SQL.identifier, SUMS))
POT = SQL("partner_id, line_id, number_id, origin_year")


def sums(relation) -> SQL:
    """What entries of a pot and year add up to, as (pot, sums, unit, manager, author).

    The one definition, for the trigger and for who sums the ledger anew.
    """
    return SQL(
        """
        SELECT %(pot)s, %(sums)s, MIN(unit_id) AS unit_id,
               MIN(manager_id) AS manager_id, MIN(create_uid) AS create_uid
          FROM %(relation)s
         GROUP BY %(pot)s
        """,
        pot=POT,
        sums=SQL(", ").join(
            SQL("SUM(%s) AS %s", value, SQL.identifier(name))
            for name, value in SUMS.items()
        ),
        relation=relation,
    )


def insert(posted) -> SQL:
    """Rows for pots and years that have none yet."""
    return SQL(
        """
        INSERT INTO key_account_point_balance AS balance (
            %(pot)s, %(names)s, unit_id, manager_id,
            create_uid, create_date, write_uid, write_date
        )
        SELECT posted.*, now() AT TIME ZONE 'UTC', posted.create_uid,
               now() AT TIME ZONE 'UTC'
          FROM (%(posted)s) AS posted
        """,
        pot=POT,
        names=NAMES,
        posted=posted,
    )


def _added(relation) -> SQL:
    return SQL(", ").join(
        SQL(
            "%(name)s = balance.%(name)s + %(other)s",
            name=SQL.identifier(name),
            other=SQL.identifier(relation, name),
        )
        for name in SUMS
    )


POST = SQL(
    """
    CREATE OR REPLACE FUNCTION key_account_point_post() RETURNS trigger
    LANGUAGE plpgsql AS $post$
    BEGIN
        -- Planned anew each time: one entry and a hundred thousand want other plans.
        EXECUTE $query$
            UPDATE key_account_point_balance AS balance
               SET %(added)s
              FROM (%(sums)s) AS posted
             WHERE balance.partner_id = posted.partner_id
               AND balance.origin_year = posted.origin_year
               AND COALESCE(balance.line_id, 0) = COALESCE(posted.line_id, 0)
               AND COALESCE(balance.number_id, 0) = COALESCE(posted.number_id, 0)
        $query$;
        EXECUTE $query$
            %(insert)s
              LEFT JOIN key_account_point_balance AS known
                ON known.partner_id = posted.partner_id
               AND known.origin_year = posted.origin_year
               AND COALESCE(known.line_id, 0) = COALESCE(posted.line_id, 0)
               AND COALESCE(known.number_id, 0) = COALESCE(posted.number_id, 0)
             WHERE known.id IS NULL
                ON CONFLICT (%(pot)s) DO UPDATE SET %(twice)s
        $query$;
        RETURN NULL;
    END $post$;
    DROP TRIGGER IF EXISTS key_account_point_post ON key_account_point_entry;
    CREATE TRIGGER key_account_point_post AFTER INSERT ON key_account_point_entry
        REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION key_account_point_post();
    """,
    pot=POT,
    added=_added("posted"),
    twice=_added("excluded"),
    sums=sums(SQL("new_rows")),
    insert=insert(sums(SQL("new_rows"))),
)

REFUSE = SQL(
    """
    CREATE OR REPLACE FUNCTION key_account_point_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The ledger of points is append-only.'
              USING ERRCODE = 'restrict_violation';
    END $$;
    DROP TRIGGER IF EXISTS key_account_point_keep ON key_account_point_entry;
    CREATE TRIGGER key_account_point_keep BEFORE UPDATE ON key_account_point_entry
        FOR EACH ROW WHEN ((%(old)s) IS DISTINCT FROM (%(new)s))
        EXECUTE FUNCTION key_account_point_refuse();
    DROP TRIGGER IF EXISTS key_account_point_stay ON key_account_point_entry;
    CREATE TRIGGER key_account_point_stay
        BEFORE DELETE OR TRUNCATE ON key_account_point_entry
        FOR EACH STATEMENT EXECUTE FUNCTION key_account_point_refuse();
    """,
    old=SQL(", ").join(SQL.identifier("old", name) for name in KEPT),
    new=SQL(", ").join(SQL.identifier("new", name) for name in KEPT),
)
