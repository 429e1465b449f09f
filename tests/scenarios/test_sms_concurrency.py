# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text messages of several workers at once: real transactions, a real server.

Runs on a database of its own (a clone that is thrown away), because it commits.
"""

import json
import uuid

import pytest
from parallel import THREADS, run_in_parallel, transact

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.key_account_sms_http.dispatch import Dispatch, Item
from odoo.addons.key_account_sms_http.models.key_account_sms_gateway_report import (
    Incoming,
)
from odoo.addons.key_account_sms_http.tests.server import Gateway

SECRET = "reports"


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


@pytest.fixture
def server():
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway_id(registry, server):
    def make(env):
        gateway = env["key.account.sms.gateway"].create(
            {
                "name": f"Race {uuid.uuid4()}",
                "url": server.url,
                "is_internal": True,
                "rate_limit": 0,
                "sequence": 0,
                "profile_id": env.ref(
                    "key_account_sms_http.key_account_sms_profile_form"
                ).id,
            }
        )
        gateway.action_apply_profile()
        gateway.secret_ids.write({"value": SECRET})
        return gateway.id

    gateway_id = transact(registry, make)
    yield gateway_id
    transact(registry, lambda env: browse(env, gateway_id).action_archive())


def browse(env, gateway_id):
    return env["key.account.sms.gateway"].browse(gateway_id)


def items(count, text="您好"):
    return [Item(uuid.uuid4().hex, f"+86138{n:08}", text) for n in range(count)]


def dispatch(registry, gateway_id, batch, patience=20.0):
    def work(env):
        Dispatch(browse(env, gateway_id), patience).run(batch)

    transact(registry, work)


def test_workers_keep_the_limit_together(registry, server, gateway_id):
    """Four workers with five messages each: never more than five within a second."""
    limit, seconds = 5, 1.0
    transact(
        registry,
        lambda env: browse(env, gateway_id).write(
            {"rate_limit": limit, "rate_seconds": seconds, "batch_size": 2}
        ),
    )
    run_in_parallel(lambda index: dispatch(registry, gateway_id, items(5)), THREADS)

    def look(env):
        env.cr.execute(
            "SELECT date, messages FROM key_account_sms_attempt"
            " WHERE gateway_id = %s ORDER BY date",
            [gateway_id],
        )
        return env.cr.fetchall()

    claimed = transact(registry, look)
    moments = [moment for moment, count in claimed for _message in range(count)]
    assert len(moments) == 5 * THREADS
    gaps = [
        (late - early).total_seconds()
        for early, late in zip(moments, moments[limit:], strict=False)
    ]
    assert min(gaps) >= seconds
    assert max(moments).timestamp() - min(moments).timestamp() < 10, "no standstill"
    sent = [
        number for asked in server.asked for number in asked.form["mobile"].split(",")
    ]
    assert len(sent) == 5 * THREADS


def test_a_message_asked_for_by_all_is_sent_once(registry, server, gateway_id):
    for _round in range(5):
        server.asked.clear()
        batch = items(3)
        run_in_parallel(
            lambda index, b=batch: dispatch(registry, gateway_id, b), THREADS
        )
        assert len(server.asked) == 1
        sent = [
            number
            for asked in server.asked
            for number in asked.form["mobile"].split(",")
        ]
        assert len(sent) == len(set(sent)) == 3


def create_sms(env):
    values = {"number": "+8613812345678", "body": f"您好 {uuid.uuid4()}"}
    return env["sms.sms"].create(values)


def test_nothing_leaves_a_transaction_that_is_lost(registry, server, gateway_id):
    """What is rolled back was not sent; what is committed, knows its next try."""

    class Lost(Exception):
        pass

    def lose(env):
        create_sms(env).send()
        raise Lost

    with pytest.raises(Lost):
        transact(registry, lose)
    assert not server.asked

    def keep(env):
        sms = create_sms(env)
        sms.send(unlink_sent=False)
        assert not server.asked
        return sms.id

    server.plan.append((503, b"busy"))
    sms_id = transact(registry, keep)
    assert len(server.asked) == 1

    def look(env):
        sms = env["sms.sms"].browse(sms_id)
        delivery = env["key.account.sms.delivery"].search([("sms_uuid", "=", sms.uuid)])
        assert sms.state == "outgoing"
        assert delivery.state == "waiting"
        assert 0 < (sms.key_account_date_next - delivery.date_next).total_seconds() <= 1

    transact(registry, look)


@mute_logger("odoo.sql_db")
def test_a_report_repeated_at_once_counts_once(registry, server, gateway_id):
    for _round in range(3):
        batch = items(1)
        dispatch(registry, gateway_id, batch)

        def reference(env, key=batch[0].uuid):
            deliveries = env["key.account.sms.delivery"]
            return deliveries.search([("sms_uuid", "=", key)]).reference

        data = {
            "secret": SECRET,
            "msgid": transact(registry, reference),
            "status": "DELIVRD",
        }
        body = json.dumps(data).encode()

        def work(index, body=body):
            def receive(env):
                return browse(env, gateway_id)._receive(Incoming({}, body, ()))[0]

            assert transact(registry, receive) == 200

        run_in_parallel(work, THREADS)
        found = transact(
            registry,
            lambda env: env["key.account.sms.report"]
            .search([("gateway_id", "=", gateway_id)], limit=1)
            .applied,
        )
        assert found == 1
    total = transact(
        registry,
        lambda env: env["key.account.sms.report"].search_count(
            [("gateway_id", "=", gateway_id)]
        ),
    )
    assert total == 3
