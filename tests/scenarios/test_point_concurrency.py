# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Points at once: nobody overdraws, nothing doubles, nothing is left half (PTS-10).

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import psycopg2
import pytest
from parallel import THREADS, run_in_parallel, transact
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

ROUNDS = 6
PRICE = 30
POINTS = 500
STOCK = 11
MONTH = "2026-01-01"


@pytest.fixture(scope="module")
def registry():
    registry = Registry(get_db_name())
    transact(registry, make_rule)
    return registry


def make_rule(env):
    env.cr.execute("UPDATE key_account_point_rule SET state = 'withdrawn'")
    env.invalidate_all()
    rule = env["key.account.point.rule"].create(
        {"name": "Race", "date_from": "2020-01-01", "redemption_limit": 100000}
    )
    rule.action_approve()


def make_customer(env, points=POINTS):
    unit = env.ref("key_account_crm.key_account_unit_centre")
    customer = env["res.partner"].create(
        {
            "name": f"Race {uuid.uuid4()}",
            "key_account_kind": "group",
            "key_account_unit_id": unit.id,
        }
    )
    for year in (2025, 2026) if points else ():
        env["key.account.point.entry"].create(
            {
                "partner_id": customer.id,
                "kind": "reward",
                "quantity": points // 2,
                "origin_year": year,
            }
        )
    return customer.id


def make_reward(env, stock=0):
    goods = env.ref("key_account_crm.key_account_term_redemption_1100")
    reward = env["key.account.point.reward"].create(
        {
            "name": "Race",
            "code": uuid.uuid4().hex,
            "class_id": goods.id,
            "points": PRICE,
            "date_from": "2020-01-01",
            "is_stocked": bool(stock),
            "stock_received": stock,
        }
    )
    return reward.id


def redeem(registry, customer_id, reward_id):
    """Redeem one piece; whether there were points and stock left."""

    def work(env):
        try:
            with env.cr.savepoint():
                return env["key.account.point.redemption"].create(
                    {"partner_id": customer_id, "reward_id": reward_id}
                )
        except UserError:
            return False

    return bool(transact(registry, work))


def read(registry, query, *values):
    with registry.cursor() as cr:
        cr.execute(query, values)
        return cr.fetchall()


def left(registry, customer_id):
    """Points by year: what is kept, which must be what the ledger sums up to."""
    kept, summed = (
        read(
            registry,
            f"SELECT origin_year, SUM(quantity)::int FROM key_account_point_{table} "
            "WHERE partner_id = %s GROUP BY 1 ORDER BY 1",
            customer_id,
        )
        for table in ("balance", "entry")
    )
    assert kept == summed
    return dict(kept)


@mute_logger("odoo.sql_db")
def test_redeeming_at_once_never_overdraws(registry):
    """Four clerks redeem the last points of one customer: what fits is given."""
    customer_id = transact(registry, make_customer)
    reward_id = transact(registry, make_reward)
    given = []

    def work(_index):
        for _round in range(ROUNDS):
            if redeem(registry, customer_id, reward_id):
                given.append(1)

    run_in_parallel(work)
    assert THREADS * ROUNDS * PRICE > POINTS
    assert len(given) == POINTS // PRICE
    assert left(registry, customer_id) == {2025: 0, 2026: POINTS % PRICE}


@mute_logger("odoo.sql_db")
def test_the_last_pieces_in_stock(registry):
    """Four customers, four clerks, eleven pieces."""
    customers = [transact(registry, make_customer) for _index in range(THREADS)]
    reward_id = transact(registry, lambda env: make_reward(env, STOCK))
    given = []

    def work(index):
        for _round in range(ROUNDS):
            if redeem(registry, customers[index], reward_id):
                given.append(1)

    run_in_parallel(work)
    assert len(given) == STOCK
    assert read(
        registry,
        "SELECT stock_taken FROM key_account_point_reward WHERE id = %s",
        reward_id,
    ) == [(STOCK,)]
    total = sum(sum(left(registry, one).values()) for one in customers)
    assert total == THREADS * POINTS - STOCK * PRICE


@mute_logger("odoo.sql_db")
def test_not_even_plain_sql_overdraws(registry):
    """Outside Odoo, in PostgreSQL's own weakest isolation: the check holds."""
    customer_id = transact(registry, make_customer)
    done, refused = [], []

    def work(_index):
        with registry.cursor() as cr:
            connection = psycopg2.connect(cr._cnx.dsn)
        for _round in range(ROUNDS):
            try:
                with connection, connection.cursor() as cr:
                    cr.execute(
                        "INSERT INTO key_account_point_entry (partner_id, unit_id, "
                        "kind, quantity, origin_year, period, month, date) "
                        "SELECT id, key_account_unit_id, 'redemption', %s, 2026, "
                        "'2026-01-01', '2026-01-01', '2026-01-01' "
                        "FROM res_partner WHERE id = %s",
                        [-PRICE, customer_id],
                    )
                done.append(1)
            except psycopg2.errors.CheckViolation:
                refused.append(1)
        connection.close()

    run_in_parallel(work)
    assert len(done) == POINTS // 2 // PRICE
    assert len(done) + len(refused) == THREADS * ROUNDS
    assert left(registry, customer_id)[2026] == POINTS // 2 - len(done) * PRICE


def bill(env, customer_id, amount=100):
    bill = env["key.account.bill"].create(
        {
            "name": uuid.uuid4().hex,
            "partner_id": customer_id,
            "period": MONTH,
            "date_bill": "2026-01-31",
            "date_due": "2026-02-15",
            "amount": amount,
        }
    )
    env["key.account.payment"].create(
        {
            "name": uuid.uuid4().hex,
            "partner_id": customer_id,
            "bill_id": bill.id,
            "currency_id": bill.currency_id.id,
            "date_payment": "2026-02-01",
            "amount": amount,
        }
    )


def make_run(env):
    runs = env["key.account.point.run"]
    run = runs.search([("month", "=", MONTH)]) or runs.create({"month": MONTH})
    run._open_batch(env["key.account.standing"].search_count([]))
    run.state = "waiting"
    return run.id


@mute_logger("odoo.sql_db")
def test_two_computations_at_once_do_not_double(registry):
    """Four workers on one month, customers redeeming meanwhile."""
    customers = [
        transact(registry, lambda env: make_customer(env, 0)) for _one in range(6)
    ]
    for customer_id in customers:
        transact(registry, lambda env, one=customer_id: bill(env, one))
    run_id = transact(registry, make_run)

    def work(index):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["key.account.point.run"].browse(run_id)._work()
        if index:
            reward_id = transact(registry, make_reward)
            redeem(registry, customers[index], reward_id)

    run_in_parallel(work)
    transact(registry, lambda env: env["key.account.point.run"].browse(run_id)._work())
    assert read(
        registry, "SELECT state FROM key_account_point_run WHERE id = %s", run_id
    ) == [("done",)]
    for customer_id in customers:
        granted = read(
            registry,
            "SELECT SUM(quantity)::int FROM key_account_point_entry "
            "WHERE partner_id = %s AND kind = 'consumption'",
            customer_id,
        )
        assert granted == [(100,)]
        left(registry, customer_id)


@mute_logger("odoo.sql_db")
def test_a_stale_computation_is_told_so(registry):
    """Both began before either had written; the later one begins anew and is right."""
    customer_id = transact(registry, lambda env: make_customer(env, 0))
    transact(registry, lambda env: bill(env, customer_id))
    run_id = transact(registry, make_run)

    def compute(env):
        run = env["key.account.point.run"].browse(run_id)
        run._compute(run._of_customers([customer_id]))
        env.flush_all()

    with registry.cursor() as early_cr, registry.cursor() as late_cr:
        late_cr.execute("SELECT id FROM res_partner WHERE id = %s", [customer_id])
        compute(api.Environment(early_cr, SUPERUSER_ID, {}))
        early_cr.commit()
        with pytest.raises(SerializationFailure):
            compute(api.Environment(late_cr, SUPERUSER_ID, {}))
        late_cr.rollback()
    transact(registry, compute)
    assert left(registry, customer_id) == {2026: 100}


@mute_logger("odoo.sql_db")
def test_a_killed_computation_leaves_nothing_half(registry):
    """Its connection is cut in the middle of a chunk; the next one does it all."""
    customers = [
        transact(registry, lambda env: make_customer(env, 0)) for _one in range(4)
    ]
    for customer_id in customers:
        transact(registry, lambda env, one=customer_id: bill(env, one))
    run_id = transact(registry, make_run)
    cr = registry.cursor()
    run = api.Environment(cr, SUPERUSER_ID, {})["key.account.point.run"].browse(run_id)
    run._lock()
    run._begin()
    run._step()
    read(registry, "SELECT pg_terminate_backend(%s)", cr._cnx.info.backend_pid)
    with pytest.raises(psycopg2.Error):
        cr.execute("SELECT 1")
    cr.close()
    assert [left(registry, one) for one in customers] == [{}] * len(customers)
    transact(registry, lambda env: env["key.account.point.run"].browse(run_id)._work())
    assert [left(registry, one) for one in customers] == [{2026: 100}] * len(customers)
