# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files of branches under load: two branches, two loaders, a killed server (DX-06).

Every loader is a process of its own on the committed database, as two servers are.
"""

import json
import os
import subprocess
import time
from contextlib import closing

import psycopg2
import pytest

BOOT = """
import json, os, signal, sys
from odoo.addons.key_account_feed.tests.common import customer, bill
feeds = env["key.account.feed"]
def find(city):
    return env["key.account.unit"].search([("city_code", "=", city)])
def rows(city, tag, count, **values):
    unit = find(city).code
    return "".join(
        customer(f"{tag}-{i:05}", city_code=city, unit_id=unit, **values) + chr(10)
        for i in range(count)
    ).encode()
def receive(city, tag, count, period):
    stem = f"a_{city}_{period}_01001_00"
    feed = feeds._receive({f"{stem}_001.dat": rows(city, tag, count)}, True)
    feed._examine()
    feed.state = "waiting"
    return feed
def say(**values):
    print("ANSWER", json.dumps(values, default=str))
"""
UNITS = """
centre = env.ref("key_account_crm.key_account_unit_centre")
level = env.ref("key_account_crm.key_account_unit_level_company")
for city in {cities!r}:
    env["key.account.unit"].create({{
        "name": city, "code": "U" + city, "parent_id": centre.id,
        "level_id": level.id, "is_branch": True, "city_code": city,
    }})
env.cr.commit()
"""


class Loader:
    """A server process that runs a script and gives its answer."""

    def __init__(self, suite, script):
        self.process = subprocess.Popen(
            [
                suite.odoo,
                "shell",
                "-d",
                suite.database,
                "--no-http",
                "--log-level=warn",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"ODOO_RC": suite.config},
        )
        self.process.stdin.write(BOOT + script)
        self.process.stdin.close()

    def wait(self):
        output = self.process.stdout.read()
        errors = self.process.stderr.read()
        code = self.process.wait(300)
        answers = [
            json.loads(line.removeprefix("ANSWER "))
            for line in output.splitlines()
            if line.startswith("ANSWER ")
        ]
        return code, answers[-1] if answers else None, errors


@pytest.fixture
def run(suite):
    def start(script):
        return Loader(suite, script)

    return start


@pytest.fixture
def cities(run):
    """Two new branches, so that the test may be repeated on one database."""
    stamp = int(time.time()) % 49_000
    pair = [f"{50_000 + stamp:05}", f"{50_001 + stamp:05}"]
    code, _answer, errors = run(UNITS.format(cities=pair)).wait()
    assert code == 0, errors
    return pair


COUNTS = {
    "customers": "SELECT COUNT(*) FROM res_partner WHERE key_account_code LIKE %(tag)s",
    "moves": "SELECT COUNT(*) FROM key_account_state_move AS row JOIN res_partner "
    "AS partner ON partner.id = row.partner_id WHERE key_account_code LIKE %(tag)s",
    "standings": "SELECT COUNT(*) FROM key_account_standing AS row JOIN res_partner "
    "AS partner ON partner.id = row.partner_id WHERE key_account_code LIKE %(tag)s",
    "states": "SELECT array_agg(feed.state::text ORDER BY feed.id) FROM "
    "key_account_feed AS feed JOIN key_account_unit AS unit ON unit.id = feed.unit_id "
    "WHERE unit.city_code = %(city)s",
    "runs": "SELECT array_agg(run.state::text ORDER BY run.id) FROM key_account_run "
    "AS run JOIN key_account_unit AS unit ON unit.id = run.unit_id "
    "WHERE unit.city_code = %(city)s",
    "created": "SELECT SUM(feed.created_count) FROM key_account_feed AS feed "
    "JOIN key_account_unit AS unit ON unit.id = feed.unit_id "
    "WHERE unit.city_code = %(city)s",
}


@pytest.fixture
def look(suite):
    """What is committed of a branch and of the customers whose codes begin so."""

    def count(city, tag):
        answer = {}
        connection = psycopg2.connect(
            dbname=suite.database,
            host=os.environ.get("PGHOST"),
            user=os.environ.get("PGUSER"),
        )
        with closing(connection), connection.cursor() as cursor:
            for name, query in COUNTS.items():
                cursor.execute(query, {"city": city, "tag": f"{tag}-%"})
                answer[name] = cursor.fetchone()[0]
        return answer

    return count


def test_two_branches_load_at_the_same_time(run, look, cities):
    loaders = [
        run(
            f"""
feed = feeds._load_files(find({city!r}), "customer", rows({city!r}, "T{city}", 3000))
env.cr.commit()
say(state=feed.state, created=feed.created_count)
"""
        )
        for city in cities
    ]
    for loader in loaders:
        code, answer, errors = loader.wait()
        assert code == 0, errors
        assert answer == {"state": "done", "created": 3000}, errors
    for city in cities:
        assert look(city, f"T{city}")["customers"] == 3000


def test_two_loaders_share_the_files_of_one_branch(run, look, cities):
    """Each file is loaded once, whoever takes it, and none is lost."""
    city = cities[0]
    code, _answer, errors = run(
        f"""
for day in ("20260101", "20260102", "20260103"):
    receive({city!r}, "S{city}" + day[-1], 2000, day)
env.cr.commit()
"""
    ).wait()
    assert code == 0, errors
    loaders = [run("feeds._cron_load()\nenv.cr.commit()\n") for _ in range(2)]
    for loader in loaders:
        code, _answer, errors = loader.wait()
        assert code == 0, errors
    for day in "123":
        assert look(city, f"S{city}{day}")["customers"] == 2000
    answer = look(city, f"S{city}1")
    assert answer["states"] == ["done"] * 3
    assert answer["created"] == 6000


def test_killed_server_leaves_nothing_and_the_run_is_resumed(run, look, cities):
    city = cities[0]
    tag = f"K{city}"
    code, _answer, _errors = run(
        f"""
receive({city!r}, {tag!r}, 6000, "20260101")
env.cr.commit()
loader = env.registry["key.account.feed.interface.customer"]
written = loader._follow
def die(self, feed):
    written(self, feed)
    env.cr.execute("SELECT COUNT(*) FROM res_partner WHERE key_account_code LIKE %s",
                   [{tag!r} + "-%"])
    assert env.cr.fetchone()[0] == 6000
    os.kill(os.getpid(), signal.SIGKILL)
loader._follow = die
feeds._cron_load()
"""
    ).wait()
    assert code == -9
    answer = look(city, tag)
    assert answer["customers"] == 0
    assert answer["moves"] == 0
    assert answer["states"] == ["running"]
    code, _answer, errors = run("feeds._cron_load()\nenv.cr.commit()\n").wait()
    assert code == 0, errors
    answer = look(city, tag)
    assert answer["customers"] == 6000
    assert answer["moves"] == answer["standings"] == 6000
    assert answer["states"] == ["done"]
    assert answer["runs"] == ["done"]


def test_running_load_is_cancelled_from_outside(run, look, cities):
    """The one who cancels works in another process; everything is rolled back."""
    city = cities[0]
    tag = f"C{city}"
    code, answer, errors = run(
        f"""
feed = receive({city!r}, {tag!r}, 6000, "20260101")
env.cr.commit()
loader = env.registry["key.account.feed.interface.customer"]
written = loader._insert_customers
def cancel(self):
    written(self)
    with env.registry.cursor() as cr:
        from odoo.api import Environment
        Environment(cr, 1, {{}})["key.account.feed"].browse(feed.id).action_cancel()
loader._insert_customers = cancel
feeds._cron_load()
env.cr.commit()
say(state=feed.state, run=feed.run_id.state)
"""
    ).wait()
    assert code == 0, errors
    assert answer == {"state": "cancelled", "run": "cancelled"}, errors
    assert look(city, tag)["customers"] == 0


def test_older_day_that_waited_for_a_newer_one_does_not_overwrite_it(run, look, cities):
    """The newer day is not committed yet when the older one is checked (DX-05)."""
    city = cities[0]
    tag = f"O{city}"
    code, _answer, errors = run(
        f"""
env["key.account.feed.source"]._get_for(find({city!r}))
env.cr.commit()
"""
    ).wait()
    assert code == 0, errors
    newer = run(
        f"""
import time
data = rows({city!r}, {tag!r}, 5, name="Newer")
feed = feeds._load_files(find({city!r}), "customer", data, period="20260105")
time.sleep(5)
env.cr.commit()
say(state=feed.state)
"""
    )
    older = run(
        f"""
import time
from odoo.exceptions import UserError
from psycopg2.errors import LockNotAvailable
source = env["key.account.feed.source"]._get_for(find({city!r}))
def is_held():
    try:
        env.cr.execute("SELECT FROM key_account_feed_source WHERE id = %s "
                       "FOR UPDATE NOWAIT", [source.id], log_exceptions=False)
    except LockNotAvailable:
        return True
    finally:
        env.cr.rollback()
while not is_held():
    time.sleep(0.05)
waited = 0
while True:
    try:
        data = rows({city!r}, {tag!r}, 5, name="Older")
        feed = feeds._load_files(find({city!r}), "customer", data, period="20260103")
        break
    except UserError:
        waited += 1
        env.cr.rollback()
        time.sleep(0.2)
env.cr.commit()
names = env["res.partner"].search([("key_account_code", "=like", {tag!r} + "-%")])
say(waited=bool(waited), state=feed.state, code=feed.file_code,
    names=sorted(set(names.mapped("name"))))
"""
    )
    code, answer, errors = newer.wait()
    assert code == 0 and answer == {"state": "done"}, errors
    code, answer, errors = older.wait()
    assert code == 0, errors
    assert answer == {
        "waited": True,
        "state": "failed",
        "code": "26",
        "names": ["Newer"],
    }, errors
