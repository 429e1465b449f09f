# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time

from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.tools import SQL

from .. import audit_trigger as trigger

_logger = logging.getLogger(__name__)
# One server renews the triggers at a time: an arbitrary number, the suite's own.
RENEWAL = 4_203_151_001
ATTEMPTS = 20
PAUSE = 0.25


class KeyAccountAudit(models.Model):
    """Renews triggers of a database that runs: a server starts with newer code, while
    other servers load.

    It never waits while it holds a lock, so that it can take part in no deadlock:
    each model has a transaction of its own, which takes its tables at once or gives
    up and tries again. What could not be had is had at night.
    """

    _inherit = "key.account.audit"

    def _register_hook(self):
        super()._register_hook()
        if self.env.registry.updated_modules:
            # Nobody else works during an update, whose columns only it sees.
            names = self._get_logged_models()
            self._sync_triggers(names)
            self._drop_tables(self._get_stale(names))
        else:
            self._renew_triggers()

    @api.autovacuum
    def _renew_triggers(self):
        """Renew what is missing or out of date; say what could not be had."""
        if "names" not in self._get_columns().get(self._table, ()):
            _logger.warning("Change log: update key_account_crm, its table is older.")
            return
        names = self._get_logged_models()
        busy = [name for name in self._get_outdated(names) if not self._renew(name)]
        if self._get_stale(names):
            self._renew(None)
        if busy:
            _logger.warning(
                "Change log: %s are in use, their triggers stay as they are until the "
                "server starts again or the night's cleaning.",
                ", ".join(busy),
            )

    @api.model
    def _get_outdated(self, names):
        """Models whose functions or triggers are missing or made from other columns.
        Only reads."""
        known, columns = self._get_functions(), self._get_columns()
        return [
            name
            for name in names
            if any(
                not self._is_known(known, *generated)
                for generated in self._generate([name], columns)
            )
        ]

    @api.model
    def _renew(self, name):
        """Renew one model's triggers, or drop stale ones; tell whether it was done."""
        for _attempt in range(ATTEMPTS):
            with self.env.registry.cursor() as cr:
                log = self.with_env(self.env(cr=cr))
                try:
                    if log._renew_at_once(name):
                        return True
                except LockNotAvailable:
                    cr.rollback()
            time.sleep(PAUSE)
        return False

    @api.model
    def _renew_at_once(self, name):
        """Do it if nobody else does and no table is in use."""
        query = SQL("SELECT pg_try_advisory_xact_lock(%s)", RENEWAL)
        if not self.env.execute_query(query)[0][0]:
            return False
        if name is None:
            stale = self._get_stale(self._get_logged_models())
            self._lock_tables(stale, SQL("ACCESS EXCLUSIVE"))
            self._drop_tables(stale)
        else:
            tables = self._get_tables_without_triggers(name)
            self._lock_tables(tables, SQL("SHARE ROW EXCLUSIVE"))
            self._sync_triggers([name])
        return True

    @api.model
    def _get_tables_without_triggers(self, name):
        known = self._get_functions()
        return [
            table
            for table, events, query in self._generate([name])
            if query is not None and not self._has_triggers(known, table, events)
        ]

    @api.model
    def _lock_tables(self, tables, mode):
        """Take the tables all at once, or raise."""
        columns = self._get_columns()
        tables = [table for table in tables if table in columns]
        if tables:
            self.env.cr.execute(
                SQL(
                    "LOCK TABLE %s IN %s MODE NOWAIT",
                    SQL(", ").join(map(SQL.identifier, tables)),
                    mode,
                )
            )

    @api.model
    def _drop_tables(self, tables):
        for table in tables:
            self.env.cr.execute(trigger.drop_function(table))
