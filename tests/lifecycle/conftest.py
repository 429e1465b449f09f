# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases to install in, update and uninstall from: clones, dropped afterwards."""

import configparser
import itertools
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

LOGGED = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (?P<logger>\S+?):")
COUNTER = itertools.count(1)


class Databases:
    """Creates, clones, drops and asks databases, and runs Odoo's command on them."""

    def __init__(self, suite):
        self.suite = suite
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(suite.config)
        self.options = settings["options"]
        self.filestore = Path(self.options["data_dir"]) / "filestore"
        self.made = []

    def clone(self, source, label):
        """A copy of a database with its files; `template0` is an empty one."""
        target = f"{self.suite.database}_{label}_{next(COUNTER)}"
        self._tool("createdb", "-T", source, target)
        self.made.append(target)
        if (self.filestore / source).is_dir():
            files = ("cp", "-al", self.filestore / source, self.filestore / target)
            subprocess.run(files, check=True)
        return target

    def drop(self, database):
        self._tool("dropdb", "--if-exists", "--force", database)
        shutil.rmtree(self.filestore / database, ignore_errors=True)

    def drop_all(self):
        while self.made:
            self.drop(self.made.pop())

    def _tool(self, name, *arguments):
        folder = os.environ.get("KA_PG_BIN")
        command = Path(folder) / name if folder else name
        subprocess.run((command, *arguments), check=True, capture_output=True)

    @contextmanager
    def connect(self, database):
        connection = psycopg2.connect(
            dbname=database,
            host=self.options["db_host"],
            port=self.options.get("db_port", "5432"),
            user=self.options["db_user"],
        )
        try:
            connection.set_session(readonly=True)
            yield connection.cursor()
        finally:
            connection.close()

    def rows(self, database, query, *parameters):
        with self.connect(database) as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def column(self, database, query, *parameters):
        return [row[0] for row in self.rows(database, query, *parameters)]

    def _environment(self):
        # Not the option -c: it asks access(2), which knows no capabilities, so that a
        # checkout below /root could not be read.
        return os.environ | {"ODOO_RC": self.suite.config}

    def odoo(self, database, *arguments, script=None):
        """Run Odoo to its end and give back what it logged."""
        subcommand = ("shell",) if script else ()
        done = subprocess.run(
            (
                *(self.suite.odoo, *subcommand),
                *("-d", database, f"--db-filter=^{database}$"),
                *("--no-http", "--log-level=info", "--max-cron-threads=0"),
                *arguments,
            ),
            input=script,
            env=self._environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
        )
        assert not done.returncode, done.stdout[-8000:]
        return done.stdout

    def serve(self, database, path, seconds=120):
        """The page at a path of a server on the database, and the server's log."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = (
            *(self.suite.odoo, "-d", database),
            *(f"--db-filter=^{database}$", f"--http-port={port}"),
            *("--max-cron-threads=0", "--log-level=warn"),
        )
        process = subprocess.Popen(
            command,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        page, deadline = "", time.monotonic() + seconds
        while not page and process.poll() is None and time.monotonic() < deadline:
            try:
                url = f"http://127.0.0.1:{port}{path}"
                with urllib.request.urlopen(url, timeout=60) as answer:
                    page = answer.read().decode()
            except OSError:
                time.sleep(0.3)
        process.terminate()
        return page, process.communicate(timeout=60)[0]

    def install(self, database, addons):
        extra = ("--skip-auto-install", "--stop-after-init")
        return self.odoo(database, "-i", ",".join(addons), *extra)


def complaints(log):
    """What Odoo warned of or refused, whoever said it."""
    return [line for line in log.splitlines() if LOGGED.match(line)]


@pytest.fixture(scope="session")
def databases(suite):
    made = Databases(suite)
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def complain():
    return complaints
