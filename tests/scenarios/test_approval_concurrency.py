# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two approvals of one code at the same instant make no duplicate: real parallel
transactions (FILE-20, COL-05).

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import threading
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


def make_user(env, role):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    return env["res.users"].create(
        {
            "name": f"Race {role}",
            "login": f"race-{role}-{uuid.uuid4()}",
            "key_account_unit_id": unit.id,
            "key_account_role": role,
        }
    )


def propose_code(env, code, proposer):
    """A change that gives a new customer the code, waiting for its decision."""
    unit = env.ref("key_account_crm.key_account_unit_centre")
    customer = env["res.partner"].create(
        {
            "name": f"Race {uuid.uuid4()}",
            "key_account_kind": "group",
            "key_account_state": "active",
            "key_account_unit_id": unit.id,
        }
    )
    return env["key.account.change"].create(
        {
            "partner_id": customer.id,
            "field_name": "key_account_credit_code",
            "new_value": code,
            "proposed_by_id": proposer.id,
        }
    )


@mute_logger("odoo.sql_db")
def test_one_code_is_approved_once(registry):
    code = f"RACE{uuid.uuid4().hex[:14].upper()}"

    def prepare(env):
        proposer, decider = make_user(env, "centre"), make_user(env, "centre")
        changes = [propose_code(env, code, proposer).id for _thread in range(THREADS)]
        return decider.id, changes

    decider_id, ids = transact(registry, prepare)
    begun, refused = threading.Barrier(THREADS), []

    def approve(index):
        waited = []

        def work(env):
            change = env(user=decider_id)["key.account.change"].browse(ids[index])
            assert change.state == "proposed"  # the transaction has begun
            if not waited:
                waited.append(begun.wait())
            change._approve()

        try:
            transact(registry, work)
        except UserError as error:
            refused.append(str(error))

    run_in_parallel(approve, THREADS)
    states = transact(
        registry, lambda env: env["key.account.change"].browse(ids).mapped("state")
    )
    assert sorted(states) == ["applied"] + ["proposed"] * (THREADS - 1)
    assert len(refused) == THREADS - 1
    assert all("would be a duplicate" in message for message in refused)
