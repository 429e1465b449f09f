# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Grading while others work: two runs at once, bills that come in, a killed server.

Every worker is a process of its own on the committed database, as two servers are
(GRD-07, design 3.7).
"""

import json
import os
import subprocess
import time
from contextlib import closing

import psycopg2
import pytest

BOOT = """
import json, os, signal, time
from datetime import date
from odoo.tools import mute_logger
runs = env["key.account.grade.run"]
def unit(tag):
    return env["key.account.unit"].search([("code", "=", tag)])
def make_run(tag, month):
    return runs.create({
        "month": date(2031, month, 1), "date": date(2031, month + 1, 5),
        "scope": "unit", "unit_id": unit(tag).id, "kind": "professional",
    })
def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.05)
def say(**values):
    print("ANSWER", json.dumps(values, default=str))
"""
# A unit with its customers, a month of each, and a rule of its own grades.
SETUP = """
from odoo.addons.key_account_crm.tests.common import KeyAccountCommon
tag, count = {tag!r}, {count}
centre = env.ref("key_account_crm.key_account_unit_centre")
level = env.ref("key_account_crm.key_account_unit_level_company")
home = env["key.account.unit"].create({{
    "name": tag, "code": tag, "parent_id": centre.id, "level_id": level.id,
}})
grades = {{}}
for rank, code in enumerate("BA", 1):
    known = env["key.account.grade"].search([("code", "=", "S-" + code)])
    grades[code] = known or env["key.account.grade"].create(
        {{"code": "S-" + code, "name": code, "rank": rank}})
rules = env["key.account.grade.rule"]
if not rules.search([("name", "=", "Scenario"), ("state", "=", "approved")]):
    rule = rules.create({{
        "name": "Scenario", "kind": "professional", "date_from": "2031-01-01",
        "up_periods": 1, "down_periods": 1,
        "criterion_ids": [(0, 0, {{"code": "r", "name": "Revenue", "months": 1}})],
        "threshold_ids": [
            (0, 0, {{"criterion": "r", "grade_id": grades["A"].id, "lower": 500}}),
            (0, 0, {{"criterion": "r", "grade_id": grades["B"].id, "is_rest": True}}),
        ],
    }})
    rule.action_propose()
    rule.action_approve()
customers = env["res.partner"].create([
    {{"name": f"{{tag}} {{n}}", "key_account_kind": "professional",
      "key_account_code": f"{{tag}}-{{n:05}}", "key_account_unit_id": home.id}}
    for n in range(count)
])
env["key.account.bill"].create([
    {{"name": f"{{tag}}-{{n}}", "partner_id": customer.id, "period": "2031-01-01",
      "date_bill": "2031-01-31", "date_due": "2031-02-15", "amount": n * 1000 // count}}
    for n, customer in enumerate(customers)
])
env.cr.commit()
"""
LOOK = {
    "graded": "SELECT COUNT(grade_id) FROM key_account_standing AS row",
    "moves": "SELECT COUNT(*) FROM key_account_grade_move AS row",
    "customers": "SELECT COUNT(DISTINCT row.partner_id) FROM key_account_grade_move "
    "AS row",
    "differ": "SELECT COUNT(*) FROM key_account_standing AS row WHERE grade_id IS "
    "DISTINCT FROM (SELECT grade_to_id FROM key_account_grade_move AS move WHERE "
    "move.partner_id = row.partner_id ORDER BY move.id DESC LIMIT 1) AND TRUE",
}
OF_TAG = (
    "row.partner_id IN (SELECT id FROM res_partner WHERE key_account_code LIKE %(tag)s)"
)


class Worker:
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
def work(suite):
    def start(script):
        return Worker(suite, script)

    return start


@pytest.fixture
def tag(work, request):
    """A unit of its own, so that the test may be repeated on one database."""
    name = f"G{int(time.time() * 1000) % 10**9}"
    count = getattr(request, "param", 200)
    code, _answer, errors = work(SETUP.format(tag=name, count=count)).wait()
    assert code == 0, errors
    return name


@pytest.fixture
def look(suite):
    """What is committed of the customers of a unit."""

    def count(tag):
        connection = psycopg2.connect(
            dbname=suite.database,
            host=os.environ.get("PGHOST"),
            user=os.environ.get("PGUSER"),
        )
        answer = {}
        with closing(connection), connection.cursor() as cursor:
            for name, query in LOOK.items():
                joint = "AND" if "WHERE" in query else "WHERE"
                cursor.execute(f"{query} {joint} {OF_TAG}", {"tag": f"{tag}-%"})
                answer[name] = cursor.fetchone()[0]
            cursor.execute(
                "SELECT array_agg(run.state::text ORDER BY run.id) FROM "
                "key_account_grade_run AS run JOIN key_account_unit AS unit "
                "ON unit.id = run.unit_id WHERE unit.code = %s",
                [tag],
            )
            answer["states"] = cursor.fetchone()[0]
        return answer

    return count


# Both have decided before either writes: the later one must notice.
RACE = """
run = make_run({tag!r}, 1)
run.state = "waiting"
run.batch_id = env["key.account.run"].create(
    {{"name": "race", "kind": "grade", "unit_id": run.unit_id.id}})
env.cr.commit()
model = env.registry["key.account.grade.run"]
decided, tries = model._count_decisions, []
def count(self):
    answer = decided(self)
    tries.append(answer)
    if len(tries) == 1:
        open({mine!r}, "w").close()
        wait_for({theirs!r})
    return answer
model._count_decisions = count
with mute_logger("odoo.sql_db"):
    run._work()
say(state=run.state, new=run.new_count, tries=len(tries))
"""


def test_two_runs_at_once(work, look, tag, tmp_path):
    """Every customer moves once; who comes second finds nothing to do."""
    tmp_path.chmod(0o777)
    tmp_path.parent.chmod(0o777)
    names = [str(tmp_path / "a"), str(tmp_path / "b")]
    workers = [
        work(RACE.format(tag=tag, mine=mine, theirs=theirs))
        for mine, theirs in (names, names[::-1])
    ]
    answers = []
    for worker in workers:
        code, answer, errors = worker.wait()
        assert code == 0, errors
        answers.append(answer)
    assert [answer["state"] for answer in answers] == ["done", "done"]
    assert sorted(answer["new"] for answer in answers) == [0, 200]
    assert sorted(answer["tries"] for answer in answers) == [1, 2]
    found = look(tag)
    assert (found["graded"], found["moves"], found["differ"]) == (200, 200, 0)


# Bills of February keep coming in while February is graded.
BILLS = """
from psycopg2.errors import SerializationFailure
customers = env["res.partner"].search([("key_account_code", "=like", {tag!r} + "-%")])
open({started!r}, "w").close()
for n, customer in enumerate(customers[::2]):
    for attempt in range(20):
        try:
            with mute_logger("odoo.sql_db"):
                env["key.account.bill"].create({{
                    "name": f"{tag}-F{{n}}", "partner_id": customer.id,
                    "period": "2031-02-01", "date_bill": "2031-02-28",
                    "date_due": "2031-03-15", "amount": 900}})
                env.cr.commit()
            break
        except SerializationFailure:
            env.cr.rollback()
say(done=n + 1)
"""
GRADE = """
wait_for({started!r})
states = []
for turn in range(6):
    run = make_run({tag!r}, 2)
    run.state = "waiting"
    run.batch_id = env["key.account.run"].create(
        {{"name": "load", "kind": "grade", "unit_id": run.unit_id.id}})
    env.cr.commit()
    with mute_logger("odoo.sql_db"):
        run._work()
    states.append(run.state)
say(states=states)
"""


def test_a_run_while_bills_come_in(work, look, tag, tmp_path):
    """Both get through; graded once more, grades are those of the bills there are."""
    tmp_path.chmod(0o777)
    tmp_path.parent.chmod(0o777)
    started = str(tmp_path / "started")
    bills = work(BILLS.format(tag=tag, started=started))
    grade = work(GRADE.format(tag=tag, started=started))
    code, answer, errors = bills.wait()
    assert code == 0, errors
    assert answer == {"done": 100}
    code, answer, errors = grade.wait()
    assert code == 0, errors
    assert answer["states"] == ["done"] * 6, errors
    code, answer, errors = work(
        f"""
run = make_run({tag!r}, 2)
run.action_start()
env.cr.commit()
graded = env["res.partner"]._read_group(
    [("key_account_code", "=like", {tag!r} + "-%")], ["key_account_grade_id"],
    ["__count"])
say(grades={{grade.code: count for grade, count in graded}})
"""
    ).wait()
    assert code == 0, errors
    assert answer == {"grades": {"S-A": 100, "S-B": 100}}
    assert look(tag)["differ"] == 0


def test_killed_run_leaves_nothing_and_is_begun_anew(work, look, tag):
    code, _answer, _errors = work(
        f"""
run = make_run({tag!r}, 1)
run.state = "waiting"
run.batch_id = env["key.account.run"].create(
    {{"name": "kill", "kind": "grade", "unit_id": run.unit_id.id}})
env.cr.commit()
model = env.registry["key.account.grade.run"]
written = model._insert_moves
def die(self, rule):
    written(self, rule)
    env.cr.execute("SELECT COUNT(*) FROM key_account_grade_move WHERE run_id = %s",
                   [run.id])
    assert env.cr.fetchone()[0] == 200
    os.kill(os.getpid(), signal.SIGKILL)
model._insert_moves = die
runs._cron_work()
"""
    ).wait()
    assert code == -9
    found = look(tag)
    assert (found["graded"], found["moves"], found["states"]) == (0, 0, ["running"])
    code, _answer, errors = work("runs._cron_work()\nenv.cr.commit()\n").wait()
    assert code == 0, errors
    found = look(tag)
    assert (found["graded"], found["moves"], found["differ"]) == (200, 200, 0)
    assert found["states"] == ["done"]


def test_running_run_is_cancelled_from_outside(work, look, tag):
    """The one who cancels works in another process; everything is taken back."""
    code, answer, errors = work(
        f"""
run = make_run({tag!r}, 1)
run.state = "waiting"
run.batch_id = env["key.account.run"].create(
    {{"name": "cancel", "kind": "grade", "unit_id": run.unit_id.id}})
env.cr.commit()
model = env.registry["key.account.grade.run"]
written = model._update_standing
def cancel(self):
    written(self)
    with env.registry.cursor() as cr:
        from odoo.api import Environment
        Environment(cr, 1, {{}})["key.account.grade.run"].browse(run.id).action_cancel()
model._update_standing = cancel
runs._cron_work()
say(state=run.state, batch=run.batch_id.state, progress=run.batch_id.progress)
"""
    ).wait()
    assert code == 0, errors
    assert (answer["state"], answer["batch"]) == ("cancelled", "cancelled"), errors
    assert 0 < answer["progress"] < 100
    found = look(tag)
    assert (found["graded"], found["moves"]) == (0, 0)
