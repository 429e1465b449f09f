"""What tests of the whole suite share: the database ./dev made for them, and a browser.

`./dev test` gives each folder below tests/ a fresh clone of the suite with demo data
and says in the environment where everything is (KA_DB, KA_CONF, KA_PORT, KA_PGHOST,
KA_ODOO_BIN, KA_DATA, KA_CHROMIUM). Tests that import `odoo` run inside it, with its
web server at KA_PORT; the others can start one of their own: the fixture `server`.
"""

import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Without a database only the tests directly in this folder can run.
if not os.environ.get("KA_DB"):
    collect_ignore_glob = ["*/test_*.py"]


@pytest.fixture(scope="session")
def suite():
    """Where the suite under test is."""
    env = os.environ
    return SimpleNamespace(
        root=ROOT,
        database=env["KA_DB"],
        config=env["KA_CONF"],
        pghost=env["KA_PGHOST"],
        odoo=env["KA_ODOO_BIN"],
        data=Path(env["KA_DATA"]) if env.get("KA_DATA") else None,
    )


@pytest.fixture(scope="session")
def data(suite):
    """The folder of real public data; the test is skipped where it is not at hand."""
    if suite.data is None:
        pytest.skip("no folder with real data (KA_DATA)")
    return suite.data


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(url, process, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/web/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Odoo does not answer at {url}")


@pytest.fixture(scope="session")
def server(suite, tmp_path_factory):
    """The address of an Odoo of its own on the database, ended after the last test."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("odoo") / "odoo.log"
    command = [suite.odoo, "-d", suite.database, f"--db-filter=^{suite.database}$"]
    command += [f"--http-port={port}", "--max-cron-threads=0", "--log-level=warn"]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_healthy(url, process)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        print(log.read_text()[-4000:])


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright. Wait for selectors, not for idleness."""
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["KA_CHROMIUM"], args=options
        )
        yield chromium
        chromium.close()
