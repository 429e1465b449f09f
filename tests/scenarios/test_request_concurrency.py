# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests in the hands of several people at once: one wins, the others are told.

(SVC-18, SLA-07.) Runs on a database of its own (a clone that is thrown away), because
it commits.
"""

import time
import uuid
from collections import Counter

import pytest
from parallel import THREADS, run_in_parallel, transact
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import new_test_user
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.key_account_service.clock import Clock
from odoo.addons.key_account_service.models import key_account_request_bulk

ROUNDS = 4


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


@pytest.fixture(scope="module")
def agents(registry):
    """Ids of people of the call centre, one for each thread."""

    def make(env):
        unit = env.ref("key_account_crm.key_account_unit_centre")
        group = "key_account_crm.group_key_account_agent"
        names = [f"race_{uuid.uuid4().hex}" for _thread in range(THREADS)]
        return [
            new_test_user(env, name, group, key_account_unit_id=unit.id).id
            for name in names
        ]

    return transact(registry, make)


def make_requests(env, count=1):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    customer = env["res.partner"].create(
        {
            "name": f"Race {uuid.uuid4()}",
            "key_account_kind": "group",
            "key_account_state": "active",
            "key_account_unit_id": unit.id,
        }
    )
    kind = env.ref("key_account_service.key_account_term_request_kind_fault")
    vals = {"subject": "Race", "partner_id": customer.id, "kind_id": kind.id}
    return env["key.account.request"].create([dict(vals) for _one in range(count)]).ids


def attempt(registry, user_id, request_id, step):
    """Take a step as a user: None, or what he was told."""

    def work(env):
        request = env["key.account.request"].with_user(user_id).browse(request_id)
        try:
            with env.cr.savepoint():
                step(request)
                return None
        except UserError as error:
            return str(error)

    return transact(registry, work)


def race(registry, agents, request_id, steps):
    """Everybody takes his step at the same moment; what each was told."""
    told = {}

    def work(index):
        step = steps[index % len(steps)]
        told[index] = attempt(registry, agents[index], request_id, step)

    run_in_parallel(work)
    return told


def read(registry, request_ids, *names):
    return transact(
        registry, lambda env: env["key.account.request"].browse(request_ids).read(names)
    )


def count_steps(registry, request_ids, kind):
    def work(env):
        found = env["key.account.clock.event"]._read_group(
            [
                ("res_model", "=", "key.account.request"),
                ("res_id", "in", request_ids),
                ("kind", "=", kind),
            ],
            ["res_id"],
            ["__count"],
        )
        return Counter(count for _res_id, count in found)

    return transact(registry, work)


def check_ledger(registry, request_id):
    """What the columns say is what follows from the ledger."""

    def work(env):
        request = env["key.account.request"].browse(request_id)
        steps = env["key.account.clock.event"]._read_steps(request)[request_id]
        clock = Clock(steps)
        assert request.clock_state == clock.state
        assert bool(request.date_done) == (clock.state == "stopped")
        assert (request.state in ("done", "cancelled")) == (clock.state == "stopped")

    transact(registry, work)


@mute_logger("odoo.sql_db")
def test_two_take_up_the_same_request(registry, agents):
    for _round in range(ROUNDS):
        [request_id] = transact(registry, make_requests)
        told = race(
            registry, agents, request_id, [lambda request: request.action_handle()]
        )
        [winner] = [index for index, text in told.items() if not text]
        [row] = read(registry, [request_id], "handler_id", "state")
        assert (row["handler_id"][0], row["state"]) == (agents[winner], "handling")
        for text in filter(None, told.values()):
            assert row["handler_id"][1] in text or "Somebody else" in text


@mute_logger("odoo.sql_db")
def test_two_close_the_same_request(registry, agents):
    """One result stays, one stop is in the ledger, and the others know of it."""
    for _round in range(ROUNDS):
        [request_id] = transact(registry, make_requests)
        steps = [
            lambda request, mine=f"Result {index}": request._finish(result=mine)
            for index in range(THREADS)
        ]
        told = race(registry, agents, request_id, steps)
        [winner] = [index for index, text in told.items() if not text]
        [row] = read(registry, [request_id], "result", "state")
        assert (row["result"], row["state"]) == (f"Result {winner}", "done")
        assert count_steps(registry, [request_id], "stop") == {1: 1}
        for text in filter(None, told.values()):
            assert "is “Done”" in text or "Somebody else" in text


@mute_logger("odoo.sql_db")
def test_contrary_steps_leave_a_ledger_that_follows(registry, agents):
    """Done, cancelled, waiting and taken up at once: whoever comes first."""
    reason_id = transact(
        registry,
        lambda env: (
            env["key.account.term"]
            .search([("category", "=", "pause_reason")], limit=1)
            .id
        ),
    )
    steps = [
        lambda request: request._finish(),
        lambda request: request.action_cancel(),
        lambda request: request._wait(
            request.env["key.account.term"].browse(reason_id)
        ),
        lambda request: request.action_handle(),
    ]
    for _round in range(2 * ROUNDS):
        [request_id] = transact(registry, make_requests)
        told = race(registry, agents, request_id, steps)
        assert None in told.values()
        check_ledger(registry, request_id)
        ended = [index for index in (0, 1) if not told[index]]
        [row] = read(registry, [request_id], "state")
        if ended:
            assert len(ended) == 1
            assert row["state"] == ("done", "cancelled")[ended[0]]


def start_bulk(registry, user_id, request_ids):
    def work(env):
        requests = env["key.account.request"].with_user(user_id).browse(request_ids)
        return requests._start_bulk(None, {"result": "In bulk"}).id

    return transact(registry, work)


def work_on_bulk(registry):
    """What the scheduled action does, in a transaction that commits by itself."""
    with registry.cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["key.account.request"]._cron_close()
        cr.commit()


def read_run(registry, run_id):
    names = ("state", "row_count", "changed_count", "unchanged_count", "refused_count")
    return transact(
        registry,
        lambda env: env["key.account.run"].browse(run_id).read([*names, "message"])[0],
    )


@mute_logger("odoo.sql_db")
def test_bulk_closing_beside_single_ones(registry, agents, monkeypatch):
    """Each is closed once, by one of them, and the batch accounts for every row."""
    monkeypatch.setattr(key_account_request_bulk, "CHUNK", 10)
    monkeypatch.setattr(key_account_request_bulk, "PATIENCE", 0.05)
    ids = transact(registry, lambda env: make_requests(env, 40))
    run_id = start_bulk(registry, agents[0], ids)
    single = []

    def work(index):
        if not index:
            work_on_bulk(registry)
            return
        for request_id in ids[index - 1 :: THREADS - 1][::2]:
            told = attempt(
                registry,
                agents[index],
                request_id,
                lambda one: one._finish(result="By hand"),
            )
            if not told:
                single.append(request_id)

    run_in_parallel(work)
    rows = read(registry, ids, "state", "result")
    results = Counter(row["result"] for row in rows if row["state"] == "done")
    run = read_run(registry, run_id)
    # Whom both got in the way of is left open, and the batch says so.
    left = [row for row in rows if row["state"] != "done"]
    assert len(left) <= run["refused_count"]
    closed = 40 - len(left)
    assert results == Counter({"By hand": len(single), "In bulk": closed - len(single)})
    assert count_steps(registry, ids, "stop") == {1: closed}
    assert (run["state"], run["row_count"]) == ("done", 40)
    assert run["changed_count"] == results["In bulk"]
    counts = run["changed_count"], run["unchanged_count"], run["refused_count"]
    assert sum(counts) == 40


@mute_logger("odoo.sql_db")
def test_a_row_in_somebodys_hands_does_not_stop_the_batch(
    registry, agents, monkeypatch
):
    """The others are done; that one is named, and done when it is asked for again."""
    monkeypatch.setattr(key_account_request_bulk, "PATIENCE", 0.05)
    ids = transact(registry, lambda env: make_requests(env, 6))
    run_id = start_bulk(registry, agents[0], ids)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        held = env["key.account.request"].browse(ids[2])
        held.lock_for_update()
        work_on_bulk(registry)
        run = read_run(registry, run_id)
        assert run["state"] == "done"
        assert (run["changed_count"], run["refused_count"]) == (5, 1)
        assert held.name in run["message"]
        assert "try again" in run["message"]
        cr.rollback()
    again = start_bulk(registry, agents[0], ids)
    work_on_bulk(registry)
    run = read_run(registry, again)
    assert (run["changed_count"], run["unchanged_count"]) == (1, 5)
    assert count_steps(registry, ids, "stop") == {1: 6}


@mute_logger("odoo.sql_db")
def test_a_row_let_go_in_time_is_done_with_the_others(registry, agents, monkeypatch):
    monkeypatch.setattr(key_account_request_bulk, "PATIENCE", 1.5)
    ids = transact(registry, lambda env: make_requests(env, 3))
    run_id = start_bulk(registry, agents[0], ids)

    def work(index):
        if index:
            time.sleep(0.3)
            work_on_bulk(registry)
            return
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["key.account.request"].browse(ids[0]).lock_for_update()
            time.sleep(1.2)
            cr.rollback()

    run_in_parallel(work, 2)
    run = read_run(registry, run_id)
    assert (run["changed_count"], run["refused_count"]) == (3, 0)


@mute_logger("odoo.sql_db")
def test_two_servers_warn_once(registry):
    """Both look for what has come due: one row of the ledger for each level."""
    ids = transact(registry, lambda env: make_requests(env, 8))
    transact(
        registry,
        lambda env: env.cr.execute(
            "UPDATE key_account_request "
            "SET date_alarm = date_accepted, clock_limit = 0 WHERE id = ANY(%s)",
            [ids],
        ),
    )

    def work(_index):
        def give(env):
            while env["key.account.request"]._clock_raise_alarms(limit=3):
                env.cr.commit()

        try:
            transact(registry, give)
        except SerializationFailure:  # told by the next look
            pass

    run_in_parallel(work)
    transact(registry, lambda env: env["key.account.request"]._clock_raise_alarms())
    # warned, breached and twice escalated, each once
    assert count_steps(registry, ids, "alarm") == {4: 8}
