# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments and a suspension at the same moment: real parallel transactions.

Two payments, of 60 and of 40, settle a bill of 100 while the number is being proposed,
approved, sent to the branch or reported as suspended. Whoever comes first, when all is
done the number is in service. Runs on a database of its own, because it commits.
"""

import random
import time
import uuid

import pytest
from parallel import run_in_parallel
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

ROUNDS = 12
# Longer than a transaction takes, so that each is sometimes first and sometimes last.
SPREAD = 0.06
MUTED = ("odoo.sql_db", "odoo.addons.base.models.ir_cron")


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def transact(registry, work):
    """Run ``work(env)``, again when it lost a race, as a request of the web does."""
    for _attempt in range(50):
        with registry.cursor() as cr:
            try:
                result = work(api.Environment(cr, SUPERUSER_ID, {}))
                cr.commit()
                return result
            except (SerializationFailure, DeadlockDetected):
                cr.rollback()
    raise AssertionError("the transaction lost every race")


@pytest.fixture(scope="module")
def branch(registry):
    """A branch of its own, to which orders go by file."""

    def make(env):
        name = f"Race {uuid.uuid4()}"
        taken = set(env["key.account.unit"].search([]).mapped("city_code"))
        city = next(
            code
            for code in (f"{number:05}" for number in range(70000, 99999))
            if code not in taken
        )
        level = "key_account_crm.key_account_unit_level_company"
        unit = env["key.account.unit"].create(
            {
                "name": name,
                "code": name,
                "parent_id": env.ref("key_account_crm.key_account_unit_centre").id,
                "level_id": env.ref(level).id,
                "is_branch": True,
                "city_code": city,
            }
        )
        return unit.id

    return transact(registry, make)


def make_debtor(env, branch):
    """A customer with one number and a bill of 100, forty days late."""
    name = f"Race {uuid.uuid4()}"
    today = fields.Date.today()
    customer = env["res.partner"].create(
        {
            "name": name,
            "key_account_kind": "group",
            "key_account_state": "active",
            "key_account_unit_id": branch,
        }
    )
    number = env["key.account.number"].create(
        {"name": name[:30], "partner_id": customer.id}
    )
    bill = env["key.account.bill"].create(
        {
            "name": "1",
            "partner_id": customer.id,
            "period": "2026-01-01",
            "date_bill": fields.Date.subtract(today, days=70),
            "date_due": fields.Date.subtract(today, days=40),
            "amount": 100,
        }
    )
    return number.id, bill.id


def steps_of(env, number_id):
    return env["key.account.suspension"].search([("number_id", "=", number_id)])


def propose(env, number_id):
    scope = SQL("number.id = %s", number_id)
    env["key.account.suspension"]._propose(scope, kind="one_way", source="hand")


def approve(env, number_id):
    waiting = steps_of(env, number_id).filtered(lambda step: step.state == "proposed")
    waiting.action_approve()


def export(env, number_id):
    steps_of(env, number_id)._export_soon()


def answer(env, number_id):
    """The branch has done whatever it was sent, in the order in which it was."""
    env["key.account.suspension"]._apply_answers(
        SQL(
            "SELECT id, TRUE AS is_done, NULL::varchar AS answer, "
            "(now() AT TIME ZONE 'UTC') AS date_done FROM key_account_suspension "
            "WHERE number_id = %s AND state = 'exported' ORDER BY id LIMIT 1",
            number_id,
        )
    )


def pay(env, bill_id, amount):
    bill = env["key.account.bill"].browse(bill_id)
    env["key.account.payment"].create(
        {
            "name": f"P{amount}",
            "partner_id": bill.partner_id.id,
            "bill_id": bill.id,
            "currency_id": bill.currency_id.id,
            "amount": amount,
        }
    )


ACTS = [propose, approve, export, answer]


def finish(env, number_id):
    """What the scheduled action and the branch do until nothing is under way."""
    for _round in range(6):
        export(env, number_id)
        answer(env, number_id)


def play(registry, branch, place, dice):
    """One round: the act at a place of the flow against two payments."""
    number_id, bill_id = transact(registry, lambda env: make_debtor(env, branch))
    for act in ACTS[:place]:
        transact(registry, lambda env, act=act: act(env, number_id))
    works = [
        lambda env: ACTS[place](env, number_id),
        lambda env: pay(env, bill_id, 60),
        lambda env: pay(env, bill_id, 40),
    ]
    pauses = [dice.uniform(0, SPREAD) for _work in works]

    def work(index):
        time.sleep(pauses[index])
        try:
            transact(registry, works[index])
        except UserError:
            assert index == 0  # the payments came first: there is nothing to decide

    run_in_parallel(work, len(works))
    outcome = transact(registry, lambda env: steps_of(env, number_id).mapped("state"))
    transact(registry, lambda env: finish(env, number_id))
    return number_id, bill_id, outcome


@pytest.mark.parametrize("place", range(len(ACTS)), ids=[act.__name__ for act in ACTS])
def test_two_payments_and_a_suspension_leave_the_number_in_service(
    registry, branch, place
):
    """ARR-05, ARR-12: whatever is first, the service ends resumed or untouched."""
    dice = random.Random(place)
    with mute_logger(*MUTED):
        rounds = [play(registry, branch, place, dice) for _round in range(ROUNDS)]

    def look(env):
        bad = []
        for number_id, bill_id, outcome in rounds:
            number = env["key.account.number"].browse(number_id)
            bill = env["key.account.bill"].browse(bill_id)
            steps = steps_of(env, number_id)
            taking = steps.filtered(lambda step: step.kind != "resume")
            is_over = set(taking.mapped("state")) <= {"withdrawn", "lifted"}
            if number.state != "in_service" or bill.amount_open or not is_over:
                bad.append(
                    (number.state, bill.amount_open, outcome, steps.mapped("state"))
                )
            if len(steps - taking) > 1:
                bad.append(("resumed more than once", steps.mapped("state")))
        return bad

    assert not transact(registry, look)


def test_one_payment_too_few_suspends(registry, branch):
    """The rounds above could fail: without the second payment the number is cut off."""
    number_id, bill_id = transact(registry, lambda env: make_debtor(env, branch))
    for act in ACTS[:2]:
        transact(registry, lambda env, act=act: act(env, number_id))
    transact(registry, lambda env: pay(env, bill_id, 60))
    transact(registry, lambda env: finish(env, number_id))
    state = transact(
        registry, lambda env: env["key.account.number"].browse(number_id).state
    )
    assert state == "one_way"
    transact(registry, lambda env: pay(env, bill_id, 40))
    transact(registry, lambda env: finish(env, number_id))
    state = transact(
        registry, lambda env: env["key.account.number"].browse(number_id).state
    )
    assert state == "in_service"


def test_payments_at_once_order_one_resume(registry, branch):
    """Of numbers in effect: two payments at the same moment make one order."""
    dice = random.Random(99)

    def play_resume():
        number_id, bill_id = transact(registry, lambda env: make_debtor(env, branch))
        for act in ACTS:
            transact(registry, lambda env, act=act: act(env, number_id))
        pauses = [dice.uniform(0, SPREAD) for _work in range(2)]

        def work(index):
            time.sleep(pauses[index])
            transact(registry, lambda env: pay(env, bill_id, (60, 40)[index]))

        run_in_parallel(work, 2)
        transact(registry, lambda env: finish(env, number_id))
        return number_id

    with mute_logger(*MUTED):
        numbers = [play_resume() for _round in range(ROUNDS)]

    def look(env):
        return [
            (number.state, sorted(number.suspension_ids.mapped("state")))
            for number in env["key.account.number"].browse(numbers)
        ]

    found = transact(registry, look)
    assert found == [("in_service", ["confirmed", "lifted"])] * ROUNDS
