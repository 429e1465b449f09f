# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Care at once: a stock is never below none, an occasion is cared for once (SVC-06,
SVC-15).

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import THREADS, run_in_parallel, transact

from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

STOCK, ROUNDS = 11, 5
DAY = "2026-09-24"


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def make_customer(env):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    return (
        env["res.partner"]
        .create(
            {
                "name": f"Race {uuid.uuid4()}",
                "key_account_kind": "group",
                "key_account_unit_id": unit.id,
            }
        )
        .id
    )


def make_gift(env):
    """Eleven pieces for 100.00: an average that is no whole number of cents."""
    gift = env["key.account.gift"].create({"name": "Race", "code": uuid.uuid4().hex})
    env["key.account.gift.move"].create(
        {
            "gift_id": gift.id,
            "unit_id": env.ref("key_account_crm.key_account_unit_centre").id,
            "kind": "received",
            "quantity": STOCK,
            "cost": 100,
        }
    )
    return gift.id


def give(registry, customer_id, gift_id):
    """An act of care with one piece; whether there was one left."""

    def work(env):
        care = env["key.account.care"].create(
            {"name": "Gift", "partner_id": customer_id, "gift_id": gift_id}
        )
        try:
            with env.cr.savepoint():
                return care.action_issue_gift()
        except UserError:
            return False

    return bool(transact(registry, work))


def read(registry, query, *values):
    with registry.cursor() as cr:
        cr.execute(query, values)
        return cr.fetchall()


@mute_logger("odoo.sql_db")
def test_the_last_gift_is_given_once(registry):
    """Four hand out from one stock, more than there are: what is there is given."""
    gift_id = transact(registry, make_gift)
    customers = [transact(registry, make_customer) for _number in range(THREADS)]
    given = [0] * THREADS

    def work(index):
        for _round in range(ROUNDS):
            given[index] += give(registry, customers[index], gift_id)

    run_in_parallel(work)
    assert sum(given) == STOCK < THREADS * ROUNDS
    stock = read(
        registry,
        "SELECT quantity, value FROM key_account_gift_stock WHERE gift_id = %s",
        gift_id,
    )
    summed = read(
        registry,
        "SELECT SUM(quantity)::int, SUM(cost) FROM key_account_gift_move "
        "WHERE gift_id = %s",
        gift_id,
    )
    assert stock == summed == [(0, 0)]
    [(spent,)] = read(
        registry,
        "SELECT SUM(gift_cost) FROM key_account_care WHERE gift_id = %s",
        gift_id,
    )
    assert spent == 100


@mute_logger("odoo.sql_db")
def test_two_lists_confirmed_at_once_plan_once(registry):
    """Each previewed before the other was confirmed: one act for each customer."""
    customers = [transact(registry, make_customer) for _number in range(5)]

    def make_list(env):
        run = env["key.account.care.run"].create(
            {
                "unit_id": env.ref("key_account_crm.key_account_unit_centre").id,
                "date": DAY,
                "date_until": DAY,
                "occasion": "festival",
            }
        )
        run.action_preview()
        run.proposal_ids.filtered(
            lambda row: row.partner_id.id not in customers
        ).is_chosen = False
        return run.id

    def staff(env):
        """Somebody does it."""
        unit = env.ref("key_account_crm.key_account_unit_centre")
        unit.head_id = unit.head_id or env.ref("base.user_admin")

    transact(registry, staff)
    lists = [transact(registry, make_list) for _number in range(THREADS)]

    def work(index):
        transact(
            registry,
            lambda env: env["key.account.care.run"]
            .browse(lists[index])
            .action_confirm(),
        )

    run_in_parallel(work)
    planned = read(
        registry,
        "SELECT partner_id, COUNT(*)::int FROM key_account_care "
        "WHERE partner_id = ANY(%s) GROUP BY 1 ORDER BY 1",
        customers,
    )
    assert planned == [(customer, 1) for customer in sorted(customers)]
    verdicts = read(
        registry,
        "SELECT verdict, COUNT(*)::int FROM key_account_care_proposal "
        "WHERE partner_id = ANY(%s) GROUP BY 1 ORDER BY 1",
        customers,
    )
    assert dict(verdicts) == {"ok": 5, "done": 5 * (THREADS - 1)}


@mute_logger("odoo.sql_db")
def test_the_last_seat_is_taken_once(registry):
    """Four accept for the one seat of an activity."""

    def make_activity(env):
        activity = env["key.account.activity"].create(
            {
                "name": "Race",
                "unit_id": env.ref("key_account_crm.key_account_unit_centre").id,
                "date_begin": "2026-03-10 06:00:00",
                "date_end": "2026-03-10 08:00:00",
                "capacity": 1,
            }
        )
        guests = env["key.account.activity.guest"].create(
            [
                {"activity_id": activity.id, "partner_id": make_customer(env)}
                for _number in range(THREADS)
            ]
        )
        return guests.ids

    guest_ids = transact(registry, make_activity)
    seats = [False] * THREADS

    def work(index):
        def accept(env):
            try:
                with env.cr.savepoint():
                    guest = env["key.account.activity.guest"].browse(guest_ids[index])
                    return guest.action_accept()
            except UserError:
                return False

        seats[index] = bool(transact(registry, accept))

    run_in_parallel(work)
    assert sum(seats) == 1
