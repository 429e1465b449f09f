# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""VIP cards of two people at once: real parallel transactions.

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from test_ledger_concurrency import run_in_parallel, transact

from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

THREADS = 4


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def make_stock(env, count=50):
    """Blank gold cards of a range of their own."""
    number = uuid.uuid4().int % 10**12
    return env["key.account.card.batch"].create(
        {
            "kind_id": env.ref("key_account_crm.key_account_card_kind_gold").id,
            "unit_id": env.ref("key_account_crm.key_account_unit_centre").id,
            "number_from": f"R{number:012}",
            "number_to": f"R{number + count - 1:012}",
        }
    )


def make_member(env):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    return env["res.partner"].create(
        {
            "name": f"Race {uuid.uuid4()}",
            "key_account_kind": "individual",
            "key_account_state": "active",
            "key_account_unit_id": unit.id,
        }
    )


def apply_for_card(env, customer=None):
    kind = env.ref("key_account_crm.key_account_card_kind_gold")
    customer = customer or make_member(env)
    return env["key.account.card"].create(
        {"partner_id": customer.id, "kind_id": kind.id}
    )


def open_card(env):
    make_stock(env)
    card = apply_for_card(env)
    card._open(is_active=True)
    return card


@mute_logger("odoo.sql_db")
def test_cards_opened_at_once_get_different_numbers(registry):
    def prepare(env):
        make_stock(env)
        return [apply_for_card(env).id for _thread in range(THREADS)]

    ids = transact(registry, prepare)

    def work(index):
        transact(
            registry,
            lambda env: len(env["key.account.card"].browse(ids[index])._open()),
        )

    run_in_parallel(work, THREADS)
    names = transact(
        registry, lambda env: env["key.account.card"].browse(ids).mapped("name")
    )
    assert len(set(names)) == THREADS and all(names)


@mute_logger("odoo.sql_db")
def test_one_card_is_replaced_once(registry):
    card_id = transact(registry, lambda env: open_card(env).id)
    refused = []

    def replace(env):
        try:
            with env.cr.savepoint():
                env["key.account.card"].browse(card_id)._replace(reason="Lost")
                return True
        except UserError:
            return False

    def work(index):
        if not transact(registry, replace):
            refused.append(index)

    run_in_parallel(work, THREADS)
    count, states = transact(
        registry,
        lambda env: (
            len(env["key.account.card"].browse(card_id).successor_ids),
            env["key.account.card"].browse(card_id).chain_ids.mapped("state"),
        ),
    )
    assert (count, len(refused)) == (1, THREADS - 1)
    assert states == ["replaced", "active"]


@mute_logger("odoo.sql_db")
def test_a_card_reported_lost_is_not_activated_at_the_same_moment(registry):
    """Whichever comes first, the ledger and the state agree."""
    for _round in range(4):
        card_id = transact(registry, lambda env: open_card(env).id)

        def work(index, card_id=card_id):
            def step(env):
                card = env["key.account.card"].browse(card_id)
                try:
                    with env.cr.savepoint():
                        card._step("lose" if index % 2 else "freeze", reason="Race")
                except UserError:
                    pass

            transact(registry, step)

        run_in_parallel(work, 2)
        state, last = transact(
            registry,
            lambda env, card_id=card_id: (
                env["key.account.card"].browse(card_id).state,
                env["key.account.card"]
                .browse(card_id)
                .move_ids.sorted("id")[-1]
                .state_to,
            ),
        )
        assert state == last


@mute_logger("odoo.sql_db")
def test_every_parallel_question_is_logged_and_guessing_is_locked(registry):
    caller = f"test:{uuid.uuid4()}"
    question = {"way": "card", "value": "nothing", "lang": "en_US", "benefit_ids": ()}

    def ask(env):
        attempts = env["key.account.card.attempt"]
        return attempts._authenticate(dict(question), caller, 1000)["outcome"]

    def work(index):
        for _turn in range(10):
            transact(registry, ask)

    run_in_parallel(work, THREADS)
    counts = transact(
        registry,
        lambda env: env["key.account.card.attempt"]._read_group(
            [("caller", "=", caller)], ["outcome"], ["__count"]
        ),
    )
    counts = dict(counts)
    assert sum(counts.values()) == THREADS * 10
    # Those under way at the same moment do not see each other: at most one a thread.
    assert counts["unknown"] <= 6 + THREADS
    assert counts["slow"] >= THREADS * 10 - 6 - THREADS


@mute_logger("odoo.sql_db")
def test_the_last_of_an_allowance_is_used_once(registry):
    """Two counters at once: one is served, the other is told that it is used up."""

    def prepare(env):
        card = open_card(env)
        lounge = env.ref("key_account_crm.key_account_card_benefit_lounge")
        place = env["key.account.card.place"].create(
            {"name": "Race", "code": f"R-{uuid.uuid4()}"}
        )
        vals = {
            "card_id": card.id,
            "benefit_id": lounge.id,
            "place_id": place.id,
        }
        env["key.account.card.use"].create({**vals, "quantity": 7})
        return vals

    for _round in range(4):
        vals = transact(registry, prepare)
        served, refused = [], []

        def work(index, vals=vals, served=served, refused=refused):
            try:
                transact(registry, lambda env: env["key.account.card.use"].create(vals))
                served.append(index)
            except UserError as error:
                refused.append(str(error))

        run_in_parallel(work, THREADS)
        assert len(served) == 1, refused
        assert all("used up" in text for text in refused)
        [[counted]] = transact(
            registry,
            lambda env, vals=vals: env["key.account.card.use"]._read_group(
                [("card_id", "=", vals["card_id"])], [], ["counted:sum"]
            ),
        )
        assert counted == 8
