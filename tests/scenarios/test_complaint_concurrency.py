# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Complaints of two people at once: real parallel transactions (CMP-06).

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import run_in_parallel, transact

from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

THREADS = 4
TYPE = "key_account_service.key_account_complaint_type_network_speed"


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def make_complaint(env, customer=None):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    customer = customer or env["res.partner"].create(
        {
            "name": f"Race {uuid.uuid4()}",
            "key_account_kind": "group",
            "key_account_unit_id": unit.id,
        }
    )
    return env["key.account.complaint"].create(
        {
            "partner_id": customer.id,
            "subject": "Race",
            "type_id": env.ref(TYPE).id,
        }
    )


def prepare_replied(env):
    complaint = make_complaint(env)
    complaint._reply("Settled.")
    return complaint.id


def race(registry, work):
    """Who won, and what the others were told."""
    won, told = [], []

    def one(index):
        try:
            transact(registry, lambda env: work(env, index))
            won.append(index)
        except UserError as error:
            told.append(str(error))

    run_in_parallel(one, THREADS)
    return won, told


@mute_logger("odoo.sql_db")
def test_one_complaint_is_closed_once(registry):
    """One agent wins, the others are told where it is and who was first."""
    for _round in range(3):
        complaint_id = transact(registry, prepare_replied)

        def close(env, index, complaint_id=complaint_id):
            env["key.account.complaint"].browse(complaint_id)._call_back(
                str(index + 1), f"Agent {index}"
            )

        won, told = race(registry, close)
        assert len(won) == 1 and len(told) == THREADS - 1
        assert all("Closed" in text or "right now" in text for text in told), told
        state, mark, steps = transact(
            registry,
            lambda env, complaint_id=complaint_id: (
                env["key.account.complaint"].browse(complaint_id).state,
                env["key.account.complaint"].browse(complaint_id).mark,
                env["key.account.complaint"]
                .browse(complaint_id)
                .step_ids.mapped("kind"),
            ),
        )
        assert (state, mark) == ("closed", str(won[0] + 1))
        assert steps == ["register", "reply", "call"]


@mute_logger("odoo.sql_db")
def test_one_complaint_is_taken_up_once(registry):
    complaint_id = transact(registry, lambda env: make_complaint(env).id)

    def take_up(env, index):
        env["key.account.complaint"].browse(complaint_id).action_take_up()

    won, told = race(registry, take_up)
    assert len(won) == 1 and len(told) == THREADS - 1
    kinds = transact(
        registry,
        lambda env: env["key.account.complaint"]
        .browse(complaint_id)
        .step_ids.mapped("kind"),
    )
    assert kinds == ["register", "take"]


@mute_logger("odoo.sql_db")
def test_a_compensation_is_granted_once(registry):
    def prepare(env):
        complaint = make_complaint(env)
        kind = env["key.account.term"].search(
            [("category", "=", "compensation_kind"), ("code", "=", "refund")]
        )
        asked = env["key.account.compensation"].create(
            {
                "complaint_id": complaint.id,
                "kind_id": kind.id,
                "amount": 900_000,
                "reason": "Race",
            }
        )
        return asked.id

    asked_id = transact(registry, prepare)

    def grant(env, _index):
        env["key.account.compensation"].browse(asked_id).action_grant()

    won, told = race(registry, grant)
    assert len(won) == 1 and len(told) == THREADS - 1
    cost = transact(
        registry,
        lambda env: env["key.account.compensation"]
        .browse(asked_id)
        .complaint_id.cost_total,
    )
    assert cost == 900_000


@mute_logger("odoo.sql_db")
def test_complaints_at_once_have_numbers_of_their_own(registry):
    def prepare(env):
        return make_complaint(env).partner_id.id

    partner_id = transact(registry, prepare)

    def register(env, _index):
        make_complaint(env, env["res.partner"].browse(partner_id))

    won, told = race(registry, register)
    assert len(won) == THREADS, told
    names = transact(
        registry,
        lambda env: env["key.account.complaint"]
        .search([("partner_id", "=", partner_id)])
        .mapped("name"),
    )
    assert len(set(names)) == THREADS + 1
