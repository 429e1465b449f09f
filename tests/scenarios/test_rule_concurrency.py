# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two approvals at once never put two versions of a rule in force on one day (RULE-04).

Real parallel transactions, on a database of its own (a clone that is thrown away),
because it commits.
"""

import threading
from datetime import date

import pytest
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

RULE = "key.account.qualification.rule"
ROUNDS = 6


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def transact(registry, work):
    with registry.cursor() as cr:
        result = work(api.Environment(cr, SUPERUSER_ID, {}))
        cr.commit()
        return result


def propose(registry, *days, unit_id=False):
    """Proposed versions that begin on these days; their ids."""

    def work(env):
        rules = env[RULE]
        for day in days:
            rules |= rules.create(
                {
                    "name": f"Race {day}",
                    "date_from": day,
                    "unit_id": unit_id,
                    "component_ids": [
                        Command.create(
                            {
                                "code": "growth",
                                "name": "Growth",
                                "weight": 100,
                                "level_field": "growth",
                            }
                        )
                    ],
                }
            )
        rules._write_decision({"state": "proposed"})
        return rules.ids

    return transact(registry, work)


def approve_at_once(registry, ids):
    """Approve each version in a thread; what became of each: "approved" or the error.

    All transactions have read before the first one writes.
    """
    barrier, results = threading.Barrier(len(ids)), {}

    def target(rule_id):
        with registry.cursor() as cr:
            try:
                rule = api.Environment(cr, SUPERUSER_ID, {})[RULE].browse(rule_id)
                rule.mapped("date_from")
                barrier.wait()
                rule.action_approve()
                cr.commit()
                results[rule_id] = "approved"
            except (UserError, SerializationFailure) as error:
                cr.rollback()
                results[rule_id] = type(error).__name__

    threads = [threading.Thread(target=target, args=(rule_id,)) for rule_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def count_overlaps(registry):
    """Pairs of approved versions of one rule and unit that share a day."""

    def work(env):
        [[count]] = env.execute_query(
            SQL(
                """
                SELECT COUNT(*)
                  FROM key_account_qualification_rule AS one
                  JOIN key_account_qualification_rule AS other ON one.id < other.id
                   AND one.unit_id IS NOT DISTINCT FROM other.unit_id
                   AND daterange(one.date_from, one.date_to, '[]')
                       && daterange(other.date_from, other.date_to, '[]')
                 WHERE one.state = 'approved' AND other.state = 'approved'
                """
            )
        )
        return count

    return transact(registry, work)


@mute_logger("odoo.sql_db")
def test_two_central_versions_approved_at_once(registry):
    """They end the same version before them: one of them has to begin again, and is
    refused then or follows the other one."""
    for number in range(ROUNDS):
        year = 2100 + 2 * number
        ids = propose(registry, date(year, 1, 1), date(year, 1, 1))
        results = approve_at_once(registry, ids)
        assert sorted(results.values())[-1] == "approved", results
        assert list(results.values()).count("approved") == 1, results
        assert count_overlaps(registry) == 0


@mute_logger("odoo.sql_db")
def test_two_first_overrides_approved_at_once(registry):
    """No row is common to both: the database itself refuses the second one."""

    def create_unit(env):
        return (
            env["key.account.unit"]
            .create(
                {
                    "name": "Race",
                    "code": f"RACE-{env.cr.now()}",
                    "parent_id": env.ref("key_account_crm.key_account_unit_centre").id,
                    "level_id": env.ref(
                        "key_account_crm.key_account_unit_level_company"
                    ).id,
                }
            )
            .id
        )

    central = propose(registry, date(2200, 1, 1))
    assert approve_at_once(registry, central)[central[0]] == "approved"
    for _number in range(ROUNDS):
        unit_id = transact(registry, create_unit)
        days = date(2200, 2, 1), date(2200, 3, 1)
        ids = propose(registry, *days, unit_id=unit_id)
        results = approve_at_once(registry, ids)
        assert list(results.values()).count("approved") == 1, results
        assert count_overlaps(registry) == 0


@mute_logger("odoo.sql_db")
def test_a_change_while_it_is_approved(registry):
    """Of changing a proposal's content and approving it one fails: what is in force is
    what was looked at."""
    [rule_id] = propose(registry, date(2300, 1, 1))
    with registry.cursor() as early, registry.cursor() as late:
        author = api.Environment(late, SUPERUSER_ID, {})[RULE].browse(rule_id)
        author.mapped("state")
        api.Environment(early, SUPERUSER_ID, {})[RULE].browse(rule_id).action_approve()
        early.commit()
        with pytest.raises(SerializationFailure):
            author.action_redraft()
            author.threshold_qualify = 99
            author.flush_recordset()
        late.rollback()
