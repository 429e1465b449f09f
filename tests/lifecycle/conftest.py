# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases to install in, update and uninstall from: clones, dropped afterwards.
What is done in them is done by one Odoo for all (worker.py)."""

import configparser
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
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
        self.worker = None

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
            return fetch(cursor, query, *parameters)

    def column(self, database, query, *parameters):
        return [row[0] for row in self.rows(database, query, *parameters)]

    def _environment(self):
        # Not the option -c: it asks access(2), which knows no capabilities, so that a
        # checkout below /root could not be read.
        return os.environ | {"ODOO_RC": self.suite.config}

    def ask(self, do, database, **arguments):
        """Have the worker do something: what it gave back, and what Odoo logged."""
        if self.worker is None:
            self.worker = self._start_worker()
        question = {"do": do, "database": database, **arguments}
        self.worker.stdin.write(json.dumps(question) + "\n")
        self.worker.stdin.flush()
        line = self.worker.stdout.readline()
        assert line, f"Odoo ended with {self.worker.wait(60)} at {question}"
        answer = json.loads(line)
        assert "error" not in answer, answer["log"][-8000:] + answer["error"]
        return answer["result"], answer["log"]

    def _start_worker(self):
        return subprocess.Popen(
            (sys.executable, Path(__file__).with_name("worker.py")),
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop_worker(self):
        if self.worker is not None:
            self.worker.stdin.close()
            self.worker.wait(60)

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
        return self.ask("install", database, addons=addons)[1]

    def update(self, database, addons):
        return self.ask("update", database, addons=addons)[1]

    def uninstall(self, database, addons):
        return self.ask("uninstall", database, addons=addons)[1]

    def page(self, database, path):
        """The same from the worker, which loads the database anew."""
        return self.ask("page", database, path=path)


def fetch(cursor, query, *parameters):
    cursor.execute(query, parameters)
    return cursor.fetchall()


def complaints(log):
    """What Odoo warned of or refused, whoever said it."""
    return [line for line in log.splitlines() if LOGGED.match(line)]


@pytest.fixture(scope="session")
def databases(suite):
    made = Databases(suite)
    yield made
    made.stop_worker()
    made.drop_all()


@pytest.fixture(scope="session")
def complain():
    return complaints
