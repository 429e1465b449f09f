# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server that starts renews the triggers of the change log while another one loads:
neither waits for the other in a circle (LOG-01). Real parallel transactions."""

import threading
import time

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.key_account_crm.models import key_account_audit_renewal as renewal

PARTNERS, BILLS = "res_partner", "key_account_bill"


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


@pytest.fixture
def audit(registry):
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})["key.account.audit"]


def execute(registry, query):
    with registry.cursor() as cr:
        cr.execute(query)


def forget_triggers(registry):
    """The database of an older version: tables without the triggers of the log."""
    for table in (PARTNERS, BILLS):
        for event in ("insert", "update", "delete"):
            execute(
                registry,
                f"DROP TRIGGER IF EXISTS key_account_log_{event} ON {table}",
            )


def get_outdated(registry):
    """As another transaction sees it."""
    with registry.cursor() as cr:
        audit = api.Environment(cr, SUPERUSER_ID, {})["key.account.audit"]
        return audit._get_outdated(audit._get_logged_models())


def count_triggers(registry):
    with registry.cursor() as cr:
        cr.execute(
            """
            SELECT COUNT(*) FROM pg_trigger
             WHERE tgname LIKE 'key_account_log_%%'
               AND tgrelid IN ('res_partner'::regclass, 'key_account_bill'::regclass)
            """
        )
        return cr.fetchone()[0]


class Load(threading.Thread):
    """A load: writes one table, and some time later another, in one transaction."""

    def __init__(self, registry, tables, is_long=False):
        super().__init__()
        self.registry, self.tables, self.is_long = registry, tables, is_long
        self.is_at_work, self.is_over = threading.Event(), threading.Event()
        self.error = None

    def run(self):
        try:
            with self.registry.cursor() as cr:
                for table in self.tables:
                    cr.execute(f"UPDATE {table} SET write_uid = write_uid WHERE id < 0")
                    self.is_at_work.set()
                    time.sleep(1.5)
                if self.is_long:
                    self.is_over.wait(60)
        except Exception as error:
            self.error = error

    def __enter__(self):
        self.start()
        assert self.is_at_work.wait(10)
        return self

    def __exit__(self, *_exc):
        self.is_over.set()
        self.join(60)
        assert not self.is_alive()


@pytest.mark.parametrize("tables", [(PARTNERS, BILLS), (BILLS, PARTNERS)])
@mute_logger("odoo.sql_db")
def test_a_starting_server_and_a_load_do_not_deadlock(registry, audit, tables):
    """Whichever way round the load takes the tables; and all triggers are there."""
    forget_triggers(registry)
    with Load(registry, tables) as load:
        audit._register_hook()
    assert load.error is None
    assert count_triggers(registry) == 6
    assert not get_outdated(registry)


@mute_logger("odoo.sql_db")
def test_what_was_in_use_is_renewed_at_night(registry, audit, monkeypatch):
    """A load longer than the server's patience costs a warning, and no start."""
    monkeypatch.setattr(renewal, "ATTEMPTS", 2)
    monkeypatch.setattr(renewal, "PAUSE", 0.05)
    forget_triggers(registry)
    warned = []
    monkeypatch.setattr(renewal._logger, "warning", lambda *args: warned.append(args))
    with Load(registry, (PARTNERS,), is_long=True) as load:
        audit._register_hook()
        assert load.is_alive()
        assert count_triggers(registry) == 3, "the other table's are there"
    assert [names for _text, names in warned] == ["res.partner"]
    assert load.error is None
    audit._renew_triggers()
    assert count_triggers(registry) == 6


@mute_logger("odoo.sql_db")
def test_newer_code_waits_for_no_table(registry, audit):
    """A function is replaced under its triggers while the table is in use."""
    execute(registry, "COMMENT ON FUNCTION key_account_log_res_partner() IS 'old'")
    with Load(registry, (PARTNERS,), is_long=True) as load:
        assert get_outdated(registry) == ["res.partner"]
        audit._register_hook()
        assert load.is_alive()
        assert not get_outdated(registry)
    assert load.error is None


@mute_logger("odoo.sql_db")
def test_two_servers_start_at_once(registry):
    """Only one of them renews; the other one waits its turn or finds it done."""
    forget_triggers(registry)
    errors = []

    def start():
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["key.account.audit"]._register_hook()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert count_triggers(registry) == 6
