# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Dunning and promises at once: real parallel transactions.

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import run_in_parallel, transact

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

THREADS = 4


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def make_debtor(env, count=1):
    """Customers of a unit of their own, each with a bill a day late and a phone."""
    name = f"Race {uuid.uuid4()}"
    centre = env.ref("key_account_crm.key_account_unit_centre")
    unit = env["key.account.unit"].create(
        {
            "name": name,
            "code": name,
            "parent_id": centre.id,
            "level_id": env.ref("key_account_crm.key_account_unit_level_company").id,
        }
    )
    today = fields.Date.today()
    customers = env["res.partner"].create(
        [
            {
                "name": f"{name} {number}",
                "key_account_kind": "group",
                "key_account_state": "active",
                "key_account_unit_id": unit.id,
                "phone": "+8613812345678",
            }
            for number in range(count)
        ]
    )
    env["key.account.bill"].create(
        [
            {
                "name": "1",
                "partner_id": customer.id,
                "period": "2026-01-01",
                "date_bill": fields.Date.subtract(today, days=30),
                "date_due": fields.Date.subtract(today, days=2),
                "amount": 100,
            }
            for customer in customers
        ]
    )
    return unit, customers


@mute_logger("odoo.sql_db")
def test_runs_confirmed_at_once_send_one_message(registry):
    """ARR-03: two runs at once, or four, and each customer gets one SMS."""

    def prepare(env):
        unit, customers = make_debtor(env, 5)
        policy = env["key.account.dunning.policy"]
        everyday = env.ref("key_account_arrears.key_account_dunning_policy_default")
        copy = policy.search([("unit_id", "=", unit.id)]) or everyday.copy(
            {
                "unit_id": unit.id,
                "quiet_from": 0,
                "quiet_to": 0,
                "date_from": fields.Date.today(),
            }
        )
        copy._write_decision({"state": "approved", "version": 1})
        runs = env["key.account.dunning.run"].create([{"unit_id": unit.id}] * THREADS)
        runs.action_preview()
        return runs.ids, customers.ids

    run_ids, customer_ids = transact(registry, prepare)

    def work(index):
        transact(
            registry,
            lambda env: (
                env["key.account.dunning.run"].browse(run_ids[index]).action_confirm()
            ),
        )

    run_in_parallel(work, THREADS)

    def count(env):
        lines = env["key.account.dunning.line"].search([("run_id", "in", run_ids)])
        sent = lines.filtered(lambda line: line.state == "sent")
        sms = env["sms.sms"].search_count(
            [("mail_message_id", "in", sent.message_ids.ids)]
        )
        return (
            sorted(sent.partner_id.ids),
            len(sent),
            sms,
            set((lines - sent).mapped("reason")),
        )

    found = transact(registry, count)
    assert found == (sorted(customer_ids), len(customer_ids), 5, {"done"})


@mute_logger("odoo.sql_db")
def test_a_customer_promises_once_at_a_time(registry):
    """ARR-12: of promises recorded at the same moment one is."""
    customer_id = transact(registry, lambda env: make_debtor(env)[1].id)
    refused = []

    def promise(env):
        day = fields.Date.add(fields.Date.today(), days=5)
        try:
            with env.cr.savepoint():
                env["key.account.promise"].create(
                    {"partner_id": customer_id, "amount": 100, "date_due": day}
                )
        except UserError:
            return False
        return True

    def work(index):
        if not transact(registry, promise):
            refused.append(index)

    run_in_parallel(work, THREADS)
    count = transact(
        registry,
        lambda env: env["key.account.promise"].search_count(
            [("partner_id", "=", customer_id)]
        ),
    )
    assert (count, len(refused)) == (1, THREADS - 1)
