# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No cost is lost when several people log contacts with one customer at once.

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import uuid

import pytest
from parallel import THREADS, run_in_parallel, transact

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

ROUNDS = 5
EVENT = "key.account.contact.event"


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


@pytest.fixture
def customer_id(registry):
    def work(env):
        if EVENT not in env:
            pytest.skip("needs key_account_service")
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


def read_figures(registry, customer_id):
    def work(env):
        mine = [("partner_id", "=", customer_id)]
        months = env["key.account.month"].search(mine)
        standing = env["key.account.contact.standing"].search(mine)
        return (
            sum(months.mapped("contact_count")),
            round(sum(months.mapped("amount_cost")), 2),
            [str(day) for day in standing.mapped("date_last")],
        )

    return transact(registry, work)


@mute_logger("odoo.sql_db")
def test_contacts_logged_at_once_all_cost(registry, customer_id):
    """Design 3.9: months and freshness are those of a rebuild, to the cent."""

    def log(env, hour):
        kind = env.ref("key_account_service.key_account_term_contact_kind_call")
        return env[EVENT].create(
            {
                "partner_id": customer_id,
                "kind_id": kind.id,
                "date": f"2026-01-05 0{hour % 10}:00:00",
                "cost": 0.07,
            }
        )

    def work(index):
        for number in range(ROUNDS):
            transact(registry, lambda env, hour=index + number: log(env, hour))

    run_in_parallel(work)
    count = THREADS * ROUNDS
    kept = read_figures(registry, customer_id)
    assert kept == (count, round(count * 0.07, 2), ["2026-01-05"])

    def rebuild(env):
        env["key.account.month"]._refresh()
        env["key.account.contact.standing"]._refresh()

    transact(registry, rebuild)
    assert read_figures(registry, customer_id) == kept
