# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon installs alone, is updated with data, and leaves nothing behind."""

import pytest
from conftest import fetch
from repository import ADDONS, manifest

MANIFESTS = {addon.name: manifest(addon) for addon in ADDONS}
LIKE = "%key\\_account%"
LEFT_BEHIND = {
    "tables": "SELECT relname FROM pg_class WHERE relname LIKE %s",
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE column_name LIKE %s""",
    "functions": "SELECT proname FROM pg_proc WHERE proname LIKE %s",
    "triggers": "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s",
    "types": "SELECT typname FROM pg_type WHERE typname LIKE %s",
    # People who worked with it stay: what they wrote elsewhere names them.
    "ids": """
        SELECT module || '.' || name FROM ir_model_data
         WHERE module LIKE %s AND model NOT IN ('res.users', 'res.partner')""",
    "models": """
        SELECT model FROM ir_model WHERE replace(model, '.', '_') LIKE %s""",
    "fields": "SELECT model || '.' || name FROM ir_model_fields WHERE name LIKE %s",
    "views": "SELECT name FROM ir_ui_view WHERE arch_db::text LIKE %s",
    "actions": """
        SELECT name::text FROM ir_act_window WHERE replace(res_model, '.', '_') LIKE %s
         UNION SELECT name::text FROM ir_act_server WHERE code LIKE %s""",
    "filters": """
        SELECT name FROM ir_filters WHERE replace(model_id, '.', '_') LIKE %s""",
    "groups": """
        SELECT name::text FROM res_groups WHERE name->>'en_US' LIKE 'Key Accounts%%'""",
    "menus": """
        SELECT name::text FROM ir_ui_menu WHERE name->>'en_US' = 'Key Accounts'""",
    "parameters": "SELECT key FROM ir_config_parameter WHERE key LIKE %s",
    "sequences": """
        SELECT code FROM ir_sequence WHERE replace(code, '.', '_') LIKE %s""",
    "rules": "SELECT name FROM ir_rule WHERE domain_force LIKE %s",
    "messages": """
        SELECT DISTINCT model FROM mail_message
         WHERE replace(model, '.', '_') LIKE %s""",
    "attachments": """
        SELECT DISTINCT res_model FROM ir_attachment
         WHERE replace(res_model, '.', '_') LIKE %s""",
}


def stands_on(name):
    """The addons of the suite an addon needs, itself included."""
    below = {name}
    for other in MANIFESTS[name]["depends"]:
        if other in MANIFESTS:
            below |= stands_on(other)
    return below


def stands_below(name):
    return {other for other in MANIFESTS if name in stands_on(other)}


@pytest.fixture(params=sorted(MANIFESTS))
def addon(request):
    return request.param


@pytest.fixture(scope="module")
def base(databases):
    """A database with what the suite's addons stand on, and nothing of ours."""
    needed = {name for data in MANIFESTS.values() for name in data["depends"]}
    database = databases.clone("template0", "base")
    databases.install(database, sorted(needed - MANIFESTS.keys()))
    return database


def installed(databases, database):
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return set(databases.column(database, query))


@pytest.fixture(scope="module")
def alone(base, databases):
    """Gives a database with an addon and what it stands on, and what Odoo said when it
    was installed; what it stands on is installed once for all that do."""
    known = {}

    def install(name):
        if name not in known:
            below = [
                other for other in MANIFESTS[name]["depends"] if other in MANIFESTS
            ]
            parent = max(below, key=lambda other: len(stands_on(other)), default=None)
            source = install(parent)[0] if parent else base
            database = databases.clone(source, "install")
            known[name] = database, databases.install(database, [name])
        return known[name]

    return install


def test_installs_alone(addon, alone, databases, complain):
    """With its declared dependencies only, without a word of complaint."""
    database, log = alone(addon)
    assert not complain(log)
    assert installed(databases, database) & MANIFESTS.keys() == stands_on(addon)


@pytest.fixture(scope="module")
def with_data(suite, databases):
    """The city, in which the addons are updated one after the other: as long as none
    changes anything, each finds it as it was made."""
    return databases.clone(suite.database, "update")


def test_update_keeps_the_data(addon, with_data, databases, complain):
    """An update with data present changes no row of the suite and no customer."""
    before = fingerprints(databases, with_data)
    log = databases.update(with_data, [addon])
    assert f"module {addon}" in log
    assert not complain(log)
    after = fingerprints(databases, with_data)
    assert before.keys() == after.keys()
    assert {t: after[t] for t in after if after[t] != before[t]} == {}


def fingerprints(databases, database):
    """Table -> number of rows and a digest of them, but for who wrote them when."""
    with databases.connect(database) as cursor:
        columns = fetch(
            cursor,
            """
            SELECT relname, string_agg(quote_ident(attname), ', ' ORDER BY attname)
              FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
             WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
               AND (relname LIKE 'key\\_account%%' OR relname = 'res_partner')
               AND attname NOT IN ('write_date', 'write_uid')
             GROUP BY relname
            """,
        )
        return {table: fingerprint(cursor, table, row) for table, row in columns}


def fingerprint(cursor, table, row):
    query = (
        f"SELECT count(*), sum(('x' || left(md5(t::text), 15))::bit(60)::bigint) "
        f'FROM (SELECT {row} FROM "{table}") AS t'
    )
    return fetch(cursor, query)[0]


def test_uninstall_leaves_nothing(addon, suite, databases, complain):
    """With all its data there: tables, columns, functions, menus, groups are gone."""
    database = databases.clone(suite.database, "uninstall")
    gone = stands_below(addon)
    kept = MANIFESTS.keys() - gone
    mine = tables_of(databases, database, gone) - tables_of(databases, database, kept)
    databases.uninstall(database, [addon])
    assert installed(databases, database) & MANIFESTS.keys() == kept
    assert tables_of(databases, database, gone) == set()
    left = existing_tables(databases, database) & mine
    assert not left
    assert_answers(complain, *databases.page(database, "/web/login"))
    databases.drop(database)


def test_uninstalled_suite_leaves_no_trace(suite, databases, complain):
    """All addons at once: neither a table nor a word of theirs stays anywhere."""
    database = databases.clone(suite.database, "uninstall")
    databases.uninstall(database, sorted(MANIFESTS))
    assert not installed(databases, database) & MANIFESTS.keys()
    found = {
        kind: rows
        for kind, query in LEFT_BEHIND.items()
        if (rows := databases.column(database, query, *[LIKE] * query.count("%s")))
    }
    assert not found
    assert_answers(complain, *databases.serve(database, "/web/login"))
    databases.drop(database)


def assert_answers(complain, page, log):
    assert 'name="login"' in page
    assert not complain(log)


def tables_of(databases, database, addons):
    """Tables of the models and links that these addons brought."""
    return set(
        databases.column(
            database,
            """
            SELECT replace(model.model, '.', '_') FROM ir_model AS model
              JOIN ir_model_data AS data
                ON data.model = 'ir.model' AND data.res_id = model.id
             WHERE data.module = ANY(%s) AND model.model LIKE 'key.account.%%'
             UNION
            SELECT relation.name FROM ir_model_relation AS relation
              JOIN ir_module_module AS module ON module.id = relation.module
             WHERE module.name = ANY(%s)
            """,
            list(addons),
            list(addons),
        )
    )


def existing_tables(databases, database):
    query = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm')"
    return set(databases.column(database, query))
