"""A data set is loaded once, by the loader a developer calls, into the clone."""

import subprocess
import sys
from pathlib import Path

import pytest
from feed_files import Names
from rpc import Client
from sources import DATASETS

HERE = Path(__file__).parent


class Loaded:
    """A data set in a running suite, and its users."""

    def __init__(self, dataset, url, database, output):
        self.dataset = dataset
        self.url = url
        self.database = database
        self.output = output
        self.names = Names(dataset.prefix, dataset.city)
        self.clients = {}

    def as_role(self, role, *numbers):
        """The client of a user: as_role("head", 3), as_role("centre")."""
        login = self.names.login(role, *numbers)
        if login not in self.clients:
            self.clients[login] = Client(
                self.url, self.database, login, self.dataset.name
            )
        return self.clients[login]

    def of_customers(self, path=""):
        """The domain of the data set's rows, whatever else is in the database."""
        prefix = f"{self.dataset.prefix}%"
        return [(f"{path}key_account_code", "=like", prefix)]


@pytest.fixture(scope="session")
def load_dataset(suite, data):
    """Run the loader on the suite's database, as ./dev load does."""

    def load(name):
        if not DATASETS[name].is_at(data):
            pytest.skip(f"{DATASETS[name].path} is not in {data}")
        command = [sys.executable, HERE / "load.py", name, "--db", suite.database]
        return subprocess.run(
            [*command, "--data", data], capture_output=True, text=True, cwd=suite.root
        )

    return load


def make_loaded(name, load_dataset, server, suite):
    done = load_dataset(name)
    assert done.returncode == 0, done.stdout + done.stderr
    return Loaded(DATASETS[name], server, suite.database, done.stdout)


@pytest.fixture(scope="session")
def retail(load_dataset, server, suite):
    return make_loaded("online-retail", load_dataset, server, suite)


@pytest.fixture(scope="session")
def receivable(load_dataset, server, suite):
    return make_loaded("accounts-receivable", load_dataset, server, suite)


@pytest.fixture(scope="session")
def complaints(load_dataset, server, suite):
    return make_loaded("complaints", load_dataset, server, suite)
