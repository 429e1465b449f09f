# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Customers of two assignments at once: real parallel transactions (ASG-02, ASG-06).

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import run_in_parallel, transact

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

THREADS = 4
CUSTOMERS = 30


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def make_city(env):
    """A unit, a manager for each thread and one more, customers of the last."""
    token = uuid.uuid4().hex[:8]
    centre = env.ref("key_account_crm.key_account_unit_centre")
    unit = env["key.account.unit"].create(
        {
            "name": f"Race {token}",
            "code": f"RACE{token}",
            "parent_id": centre.id,
            "level_id": env.ref("key_account_crm.key_account_unit_level_department").id,
        }
    )
    users = env["res.users"].create(
        [
            {
                "name": f"Racer {token} {index}",
                "login": f"race_{token}_{index}",
                "key_account_unit_id": unit.id,
                "group_ids": [
                    Command.set(
                        env.ref("key_account_crm.group_key_account_manager").ids
                    )
                ],
            }
            for index in range(THREADS + 1)
        ]
    )
    customers = env["res.partner"].create(
        [
            {
                "name": f"Race {token} {index}",
                "key_account_kind": "group",
                "key_account_unit_id": unit.id,
                "key_account_manager_id": users[-1].id,
            }
            for index in range(CUSTOMERS)
        ]
    )
    return unit.id, users.ids, customers.ids


def order_of(env, unit_id, user_id, customer_ids):
    order = env["key.account.handover"].create(
        {
            "kind": "assign",
            "unit_id": unit_id,
            "to_user_id": user_id,
            "partner_ids": [Command.set(customer_ids)],
        }
    )
    order.action_prepare()
    return order


@mute_logger("odoo.sql_db")
def test_each_customer_goes_to_one_of_them(registry):
    """Orders given at once: of each customer one wins, the others leave it out; the
    ledger, the customers and their facts say the same."""
    unit_id, user_ids, customer_ids = transact(registry, make_city)
    orders = [
        transact(
            registry,
            lambda env, user_id=user_id: order_of(
                env, unit_id, user_id, customer_ids
            ).id,
        )
        for user_id in user_ids[:THREADS]
    ]
    run_in_parallel(
        lambda index: transact(
            registry,
            lambda env: env["key.account.handover"]
            .browse(orders[index])
            .action_confirm(),
        ),
        THREADS,
    )
    moved = transact(
        registry,
        lambda env: env["key.account.handover"].browse(orders).mapped("moved_count"),
    )
    assert sum(moved) == CUSTOMERS and sorted(moved)[:-1] == [0] * (THREADS - 1), moved
    transact(registry, lambda env: check_agreement(env, customer_ids))


@mute_logger("odoo.sql_db")
def test_an_order_and_single_changes(registry):
    """Somebody changes managers one by one while an order moves all of them."""
    unit_id, user_ids, customer_ids = transact(registry, make_city)
    order_id = transact(
        registry, lambda env: order_of(env, unit_id, user_ids[0], customer_ids).id
    )

    def work(index):
        if not index:
            transact(
                registry,
                lambda env: env["key.account.handover"]
                .browse(order_id)
                .action_confirm(),
            )
            return
        for customer_id in customer_ids[index::THREADS]:

            def write(env, customer_id=customer_id):
                customer = env["res.partner"].browse(customer_id)
                customer.key_account_manager_id = user_ids[index]

            transact(registry, write)

    run_in_parallel(work, THREADS)
    transact(registry, lambda env: check_agreement(env, customer_ids))


@mute_logger("odoo.sql_db")
def test_facts_that_come_meanwhile_follow(registry):
    """Who enters a fact while its customer changes hands: it ends up with the taker."""
    unit_id, user_ids, customer_ids = transact(registry, make_city)
    order_id = transact(
        registry, lambda env: order_of(env, unit_id, user_ids[0], customer_ids).id
    )

    def work(index):
        if not index:
            transact(
                registry,
                lambda env: env["key.account.handover"]
                .browse(order_id)
                .action_confirm(),
            )
            return
        for customer_id in customer_ids:

            def enter(env, customer_id=customer_id):
                env["key.account.number"].create(
                    {"name": uuid.uuid4().hex, "partner_id": customer_id}
                )

            transact(registry, enter)

    run_in_parallel(work, THREADS)

    def check(env):
        numbers = env["key.account.number"].search([("partner_id", "in", customer_ids)])
        assert len(numbers) == CUSTOMERS * (THREADS - 1)
        assert numbers.manager_id.ids == [user_ids[0]]

    transact(registry, check)


def check_agreement(env, customer_ids):
    for customer in env["res.partner"].browse(customer_ids):
        rows = customer.key_account_assignment_ids
        present = rows.filtered(lambda row: not row.date_to)
        assert len(present) == 1, rows.read(["date_from", "date_to", "user_id"])
        assert present.user_id == customer.key_account_manager_id
        assert rows.manager_id == customer.key_account_manager_id
        standing = env["key.account.standing"].search(
            [("partner_id", "=", customer.id)]
        )
        assert standing.manager_id == customer.key_account_manager_id
