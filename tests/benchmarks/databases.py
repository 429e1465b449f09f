"""Databases of the benchmarks: one is built, every measurement gets a fresh clone."""

import os
import subprocess
from contextlib import contextmanager, suppress

import psycopg2
from psycopg2 import sql

ADDONS = "key_account_crm,key_account_feed,key_account_service,key_account_manager"


def connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def _execute(statement, *names):
    with suppress(psycopg2.errors.InvalidCatalogName):
        connection = connect("postgres")
        try:
            identifiers = map(sql.Identifier, names)
            connection.cursor().execute(sql.SQL(statement).format(*identifiers))
        finally:
            connection.close()


def exists(database):
    connection = connect("postgres")
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return bool(cursor.fetchone())
    finally:
        connection.close()


def drop(database):
    from odoo.sql_db import close_db

    close_db(database)
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def clone(source, target):
    """A copy of a database nobody is connected to."""
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db

    Registry.delete(source)
    close_db(source)
    drop(target)
    _execute("CREATE DATABASE {} TEMPLATE {}", target, source)
    return target


@contextmanager
def cloned(source, name):
    """A copy that is gone afterwards."""
    target = clone(source, name)
    try:
        yield target
    finally:
        from odoo.modules.registry import Registry

        Registry.delete(target)
        drop(target)


def build(database):
    """The suite without demo data, and an organisation."""
    command = [os.environ["KA_ODOO_BIN"], "-d", database, "-i", ADDONS]
    subprocess.run(
        [*command, "--stop-after-init", "--log-level=error", "--max-cron-threads=0"],
        check=True,
    )


@contextmanager
def environment(database, login=None):
    """An environment of the superuser, or of a user; committed at the end."""
    import odoo
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "en_US"})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = env(user=user.id)
        yield env


def analyse(database):
    """Statistics and visibility as autovacuum keeps them on a server."""
    connection = connect(database)
    connection.cursor().execute("VACUUM ANALYZE")
    connection.close()
