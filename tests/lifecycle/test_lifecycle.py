# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every addon installs alone, is updated with data, and leaves nothing behind."""

import pytest
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
UNINSTALL = """
env["ir.module.module"].search([("name", "in", {addons})]).button_immediate_uninstall()
"""


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


def test_installs_alone(addon, base, databases, complain):
    """With its declared dependencies only, without a word of complaint."""
    database = databases.clone(base, "install")
    log = databases.install(database, [addon])
    assert not complain(log)
    assert installed(databases, database) & MANIFESTS.keys() == stands_on(addon)
    databases.drop(database)


def test_update_keeps_the_data(addon, suite, databases, complain):
    """An update with data present changes no row of the suite and no customer."""
    database = databases.clone(suite.database, "update")
    before = fingerprints(databases, database)
    log = databases.odoo(database, "-u", addon, "--stop-after-init")
    assert not complain(log)
    after = fingerprints(databases, database)
    assert before.keys() == after.keys()
    assert {t: after[t] for t in after if after[t] != before[t]} == {}
    databases.drop(database)


def fingerprints(databases, database):
    """Table -> number of rows and a digest of them, but for who wrote them when."""
    tables = databases.column(
        database,
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND (relname LIKE 'key\\_account%%' OR relname = 'res_partner') ORDER BY 1",
    )
    return {table: fingerprint(databases, database, table) for table in tables}


def fingerprint(databases, database, table):
    columns = databases.column(
        database,
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND column_name NOT IN ('write_date', 'write_uid') ORDER BY 1",
        table,
    )
    row = ", ".join(f'"{column}"' for column in columns)
    query = (
        f"SELECT count(*), sum(('x' || left(md5(t::text), 15))::bit(60)::bigint) "
        f'FROM (SELECT {row} FROM "{table}") AS t'
    )
    return databases.rows(database, query)[0]


def test_uninstall_leaves_nothing(addon, suite, databases, complain):
    """With all its data there: tables, columns, functions, menus, groups are gone."""
    database = databases.clone(suite.database, "uninstall")
    gone = stands_below(addon)
    kept = MANIFESTS.keys() - gone
    mine = tables_of(databases, database, gone) - tables_of(databases, database, kept)
    databases.odoo(database, script=UNINSTALL.format(addons=[addon]))
    assert installed(databases, database) & MANIFESTS.keys() == kept
    assert tables_of(databases, database, gone) == set()
    left = existing_tables(databases, database) & mine
    assert not left
    assert_serves(databases, database, complain)
    databases.drop(database)


def test_uninstalled_suite_leaves_no_trace(suite, databases, complain):
    """All addons at once: neither a table nor a word of theirs stays anywhere."""
    database = databases.clone(suite.database, "uninstall")
    databases.odoo(database, script=UNINSTALL.format(addons=sorted(MANIFESTS)))
    assert not installed(databases, database) & MANIFESTS.keys()
    found = {
        kind: rows
        for kind, query in LEFT_BEHIND.items()
        if (rows := databases.column(database, query, *[LIKE] * query.count("%s")))
    }
    assert not found
    assert_serves(databases, database, complain)
    databases.drop(database)


def assert_serves(databases, database, complain):
    page, log = databases.serve(database, "/web/login")
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
