# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two people at once cannot break the ledger of bills: real parallel transactions.

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import THREADS, run_in_parallel, transact
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

ROUNDS = 8


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


@pytest.fixture
def customer_id(registry):
    def work(env):
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

    return transact(registry, work)


def bill_vals(customer_id, name, amount, period="2026-01-01"):
    return {
        "name": name,
        "partner_id": customer_id,
        "period": period,
        "date_bill": "2026-01-31",
        "date_due": "2026-02-15",
        "amount": amount,
    }


def payment_vals(bill, name, amount):
    return {
        "name": name,
        "partner_id": bill.partner_id.id,
        "bill_id": bill.id,
        "currency_id": bill.currency_id.id,
        "date_payment": "2026-02-01",
        "amount": amount,
    }


def read_figures(registry, customer_id):
    def work(env):
        mine = [("partner_id", "=", customer_id)]
        months = env["key.account.month"].search(mine, order="month, id")
        standing = env["key.account.line.standing"].search(mine)
        return (
            [
                (str(m.month), m.amount_billed, m.amount_paid, m.bill_count)
                for m in months
            ],
            [(s.amount_open, s.amount_total) for s in standing],
        )

    return transact(registry, work)


@mute_logger("odoo.sql_db")
def test_bills_entered_at_once_are_all_in_the_month(registry, customer_id):
    def work(index):
        for number in range(ROUNDS):
            name = f"T{index}-{number}"
            transact(
                registry,
                lambda env, name=name: env["key.account.bill"].create(
                    bill_vals(customer_id, name, 10)
                ),
            )

    run_in_parallel(work)
    count = THREADS * ROUNDS
    assert read_figures(registry, customer_id) == (
        [("2026-01-01", count * 10, 0, count)],
        [(count * 10, count * 10)],
    )


@mute_logger("odoo.sql_db")
def test_payments_of_one_bill_at_once_all_count(registry, customer_id):
    bill_id = transact(
        registry,
        lambda env: env["key.account.bill"]
        .create(bill_vals(customer_id, "B", 1000))
        .id,
    )

    def work(index):
        for number in range(ROUNDS):
            transact(
                registry,
                lambda env, number=number: env["key.account.payment"].create(
                    payment_vals(
                        env["key.account.bill"].browse(bill_id),
                        f"P{index}-{number}",
                        1.01,
                    )
                ),
            )

    run_in_parallel(work)
    paid = round(THREADS * ROUNDS * 1.01, 2)
    amounts = transact(
        registry,
        lambda env: [
            (round(bill.amount_paid, 2), round(bill.amount_open, 2))
            for bill in env["key.account.bill"].browse(bill_id)
        ],
    )
    assert amounts == [(paid, round(1000 - paid, 2))]
    months, standing = read_figures(registry, customer_id)
    assert sum(month[2] for month in months) == pytest.approx(paid)
    assert standing == [(pytest.approx(1000 - paid), 1000)]


@mute_logger("odoo.sql_db")
def test_a_rebuild_during_work_leaves_the_right_months(registry, customer_id):
    def work(index):
        for number in range(ROUNDS):
            if index == 0:
                transact(registry, lambda env: env["key.account.month"]._refresh())
            else:
                name = f"R{index}-{number}"
                transact(
                    registry,
                    lambda env, name=name: env["key.account.bill"].create(
                        bill_vals(customer_id, name, 7)
                    ),
                )

    run_in_parallel(work)
    kept = read_figures(registry, customer_id)
    count = (THREADS - 1) * ROUNDS
    assert kept[0] == [("2026-01-01", count * 7, 0, count)]
    transact(registry, lambda env: env["key.account.month"]._refresh())
    assert read_figures(registry, customer_id) == kept


def create_unit(env):
    return env["key.account.unit"].create(
        {
            "name": "Race",
            "code": uuid.uuid4().hex,
            "parent_id": env.ref("key_account_crm.key_account_unit_centre").id,
            "level_id": env.ref("key_account_crm.key_account_unit_level_company").id,
        }
    )


@pytest.mark.parametrize("first", ["assignment", "billing"])
@mute_logger("odoo.sql_db")
def test_the_later_of_assignment_and_billing_sees_the_earlier(
    registry, customer_id, first
):
    """Neither order leaves a bill with the former owner.

    Both transactions begin before either has committed. The bill is the first of its
    month: no row of the months makes the two meet by chance.
    """
    unit_id = transact(registry, lambda env: create_unit(env).id)

    def assign(env):
        partner = env["res.partner"].browse(customer_id)
        partner.write({"key_account_unit_id": unit_id})
        env.flush_all()

    def bill(env):
        env["key.account.bill"].create(bill_vals(customer_id, "B", 3))
        env.flush_all()

    early, late = (assign, bill) if first == "assignment" else (bill, assign)
    with registry.cursor() as early_cr, registry.cursor() as late_cr:
        late_cr.execute("SELECT id FROM res_partner WHERE id = %s", [customer_id])
        early(api.Environment(early_cr, SUPERUSER_ID, {}))
        early_cr.commit()
        with pytest.raises(SerializationFailure):
            late(api.Environment(late_cr, SUPERUSER_ID, {}))
        late_cr.rollback()
    transact(registry, late)

    def owners(env):
        mine = [("partner_id", "=", customer_id)]
        rows = env["key.account.bill"].search(mine).unit_id
        return (rows | env["key.account.month"].search(mine).unit_id).ids

    assert transact(registry, owners) == [unit_id]


@mute_logger("odoo.sql_db")
def test_a_credit_allocated_by_many_at_once_is_spent_once(registry, customer_id):
    """Four clerks set the same credit note of 100 against bills of theirs, 60 each:
    one of them gets it, the others are told that less is left."""

    def prepare(env):
        bills = env["key.account.bill"]
        note = bills.create(bill_vals(customer_id, "NOTE", -100) | {"kind": "credit"})
        names = [f"OWED-{index}" for index in range(THREADS)]
        owed = bills.create([bill_vals(customer_id, name, 60) for name in names])
        return note.id, owed.ids

    note_id, owed_ids = transact(registry, prepare)
    refused = []

    def work(index):
        def allocate(env):
            env["key.account.allocation"].create(
                {"credit_id": note_id, "bill_id": owed_ids[index], "amount": 60}
            )

        try:
            transact(registry, allocate)
        except ValidationError as error:
            refused.append(str(error))

    run_in_parallel(work)
    assert len(refused) == THREADS - 1
    assert all("is left of NOTE" in message for message in refused)

    def read(env):
        bills = env["key.account.bill"].browse([note_id, *owed_ids])
        standing = env["key.account.line.standing"].search(
            [("partner_id", "=", customer_id)]
        )
        return (
            bills[0].amount_open,
            sorted(bills[1:].mapped("amount_open")),
            standing.amount_open,
            standing.amount_credit,
        )

    assert transact(registry, read) == (-40, [0] + [60] * (THREADS - 1), 140, 40)


@mute_logger("odoo.sql_db")
def test_a_bill_credited_by_many_at_once_is_settled_once(registry, customer_id):
    """Four clerks set credit notes of theirs, 60 each, against the same bill of 100:
    one of them does it, the others are told that less is open."""

    def prepare(env):
        bills = env["key.account.bill"]
        owed = bills.create(bill_vals(customer_id, "OWED", 100))
        names = [f"NOTE-{index}" for index in range(THREADS)]
        vals = [bill_vals(customer_id, n, -60) | {"kind": "credit"} for n in names]
        return owed.id, bills.create(vals).ids

    owed_id, note_ids = transact(registry, prepare)
    refused = []

    def work(index):
        vals = {"credit_id": note_ids[index], "bill_id": owed_id, "amount": 60}
        try:
            transact(registry, lambda env: env["key.account.allocation"].create(vals))
        except ValidationError as error:
            refused.append(str(error))

    run_in_parallel(work)
    assert len(refused) == THREADS - 1
    assert all("is open of bill OWED" in message for message in refused)
    ids = [owed_id, *note_ids]
    amounts = transact(
        registry,
        lambda env: sorted(env["key.account.bill"].browse(ids).mapped("amount_open")),
    )
    assert amounts == [-60] * (THREADS - 1) + [0, 40]


@mute_logger("odoo.sql_db")
def test_credit_notes_booked_at_once_come_to_no_more_than_was_billed(
    registry, customer_id
):
    """Four clerks book a credit note of 60 each for the same bill of 100."""
    bill_id = transact(
        registry,
        lambda env: env["key.account.bill"]
        .create(bill_vals(customer_id, "BILLED", 100))
        .id,
    )
    refused = []

    def work(index):
        vals = bill_vals(customer_id, f"C-{index}", -60)
        vals |= {"kind": "credit", "origin_id": bill_id}
        try:
            transact(registry, lambda env: env["key.account.bill"].create(vals))
        except ValidationError as error:
            refused.append(str(error))

    run_in_parallel(work)
    assert len(refused) == THREADS - 1
    assert all("more than was billed" in message for message in refused)
    left = transact(
        registry,
        lambda env: [*env["key.account.bill"].browse(bill_id)._get_billed().values()],
    )
    assert left == [40]
