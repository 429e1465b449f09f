# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plans frozen by several at once, and made again from the ledgers later (TRK-02,
TRK-05); steps of plans and tasks taken at once.

Runs on a database of its own (a clone that is thrown away), because it commits: the
ledgers say by the real clock what was there when a plan was frozen.
"""

import time
import uuid

import pytest
from dateutil.relativedelta import relativedelta
from parallel import THREADS, run_in_parallel, transact

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

PLANS = 6


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def read(registry, query, *values):
    with registry.cursor() as cr:
        cr.execute(query, values)
        return cr.fetchall()


def last_month():
    return fields.Date.today().replace(day=1) - relativedelta(months=1)


def make_managers(env):
    """Managers of a unit of their own, each with a customer and its bill."""
    centre = env.ref("key_account_crm.key_account_unit_centre")
    key = uuid.uuid4().hex[:8]
    unit = env["key.account.unit"].create(
        {
            "name": "Race",
            "code": key,
            "parent_id": centre.id,
            "level_id": env.ref("key_account_crm.key_account_unit_level_company").id,
        }
    )
    group = env.ref("key_account_crm.group_key_account_manager")
    found = []
    for number in range(PLANS):
        user = env["res.users"].create(
            {
                "name": f"Race {number}",
                "login": f"race_{key}_{number}",
                "group_ids": [fields.Command.set(group.ids)],
                "key_account_unit_id": unit.id,
            }
        )
        customer = env["res.partner"].create(
            {
                "name": f"Race {number}",
                "key_account_kind": "group",
                "key_account_unit_id": unit.id,
                "key_account_manager_id": user.id,
            }
        )
        found.append((user.id, customer.id))
        bill(env, customer.id, 100 + number, f"{key}-{number}")
    return found


def bill(env, partner_id, amount, name=None):
    return env["key.account.bill"].create(
        {
            "name": name or uuid.uuid4().hex[:12],
            "kind": "bill",
            "partner_id": partner_id,
            "period": last_month(),
            "date_bill": last_month(),
            "date_due": last_month(),
            "amount": amount,
        }
    )


def make_plans(env, managers):
    revenue = env["key.account.indicator"]._find("revenue")
    plans = env["key.account.plan"].create(
        [
            {
                "name": "Race",
                "unit_id": env["res.users"].browse(user_id).key_account_unit_id.id,
                "manager_id": user_id,
                "period": "month",
                "date_from": last_month(),
                "target_ids": [
                    fields.Command.create({"indicator_id": revenue.id, "target": 200})
                ],
            }
            for user_id, _customer in managers
        ]
    )
    plans.action_submit()
    plans.action_approve()
    plans._begin_due_plans()
    return plans.ids


@mute_logger("odoo.sql_db")
def test_frozen_once_and_again_from_the_ledgers(registry):
    managers = transact(registry, make_managers)
    plan_ids = transact(registry, lambda env: make_plans(env, managers))

    def work(_index):
        for _round in range(2 * PLANS):
            transact(registry, lambda env: env["key.account.plan"]._freeze_some(2))

    run_in_parallel(work, 2)
    frozen = read(
        registry,
        """
        SELECT result.plan_id, result.actual::int, result.is_frozen, plan.state,
               (SELECT COUNT(*)::int FROM key_account_plan_evidence AS evidence
                 WHERE evidence.run_id = plan.run_id
                   AND evidence.manager_id = plan.manager_id)
          FROM key_account_plan_result AS result
          JOIN key_account_plan AS plan ON plan.id = result.plan_id
         WHERE result.plan_id = ANY(%s) ORDER BY result.plan_id
        """,
        plan_ids,
    )
    assert frozen == [
        (plan_id, 100 + number, True, "archived", 1)
        for number, plan_id in enumerate(sorted(plan_ids))
    ]
    time.sleep(1.1)  # the ledgers tell moments by the second

    def later(env):
        """A bill of last month comes late; one is corrected; customers move on."""
        customers = env["res.partner"].browse([one for _user, one in managers])
        bill(env, customers[0].id, 5000)
        first = env["key.account.bill"].search([("partner_id", "=", customers[1].id)])
        env.cr.execute(
            "UPDATE key_account_bill SET amount = 7 WHERE id = ANY(%s)", [first.ids]
        )
        env["key.account.month"]._refresh(customers.ids)
        customers.key_account_manager_id = managers[0][0]

    transact(registry, later)

    def again(env):
        results = env["key.account.plan.result"].search([("plan_id", "in", plan_ids)])
        return sorted((one.plan_id.id, round(one._recompute())) for one in results)

    assert transact(registry, again) == [
        (plan_id, actual) for plan_id, actual, *_rest in frozen
    ]
    assert read(
        registry,
        "SELECT SUM(amount_billed)::int FROM key_account_month WHERE manager_id = %s",
        managers[0][0],
    ) == [(100 + 5000 + 7 + 102 + 103 + 104 + 105,)], "the ledgers went on"


@mute_logger("odoo.sql_db")
def test_a_task_is_accepted_or_returned(registry):
    """Two steps at once: one is taken, the other one finds that it was."""
    managers = transact(registry, make_managers)
    user_id = managers[0][0]

    def issue(env):
        wizard = env["key.account.task.issue"].create(
            {
                "name": "Race",
                "date_due": fields.Date.add(fields.Date.today(), days=3),
                "user_ids": [fields.Command.set([user_id])],
            }
        )
        return wizard.action_issue()["domain"][0][2][0]

    task_id = transact(registry, issue)
    done = [0] * THREADS

    def work(index):
        def step(env):
            task = env["key.account.task"].with_user(user_id).browse(task_id)
            try:
                with env.cr.savepoint():
                    return task._return("No") if index % 2 else task.action_accept()
            except UserError:
                return False

        done[index] = bool(transact(registry, step))

    run_in_parallel(work)
    steps = read(
        registry,
        "SELECT kind FROM key_account_task_step WHERE task_id = %s ORDER BY id",
        task_id,
    )
    # Who accepted may still be followed by one who returns, never the other way.
    kinds = [kind for (kind,) in steps]
    assert kinds in (
        ["issue", "return"],
        ["issue", "accept"],
        ["issue", "accept", "return"],
    )
    assert sum(done) == len(kinds) - 1
