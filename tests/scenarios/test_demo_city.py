# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration city speaks every language of the suite, also one that comes later.

Nothing is committed: each test looks at what it changed and takes it back.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

NAMED = ("key_account_unit", "key_account_line")


@pytest.fixture
def env():
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


def read_names(env, table):
    env.cr.execute(
        f"""
        SELECT row.name->>'en_US', row.name->>'zh_CN'
          FROM {table} AS row
          JOIN ir_model_data AS data
            ON data.model = replace('{table}', '_', '.')
           AND data.res_id = row.id AND data.name LIKE %s
        """,
        ["%_demo"],
    )
    return env.cr.fetchall()


@pytest.mark.parametrize("table", NAMED)
def test_names_come_with_the_language(env, table):
    """A database that learns Chinese after its demonstration data were loaded."""
    before = read_names(env, table)
    assert before and all(before_zh for _en, before_zh in before)
    env.cr.execute(f"UPDATE {table} SET name = name - 'zh_CN'")
    assert not any(zh for _en, zh in read_names(env, table))
    env["ir.module.module"]._load_module_terms(["key_account_crm"], ["zh_CN"])
    assert sorted(read_names(env, table)) == sorted(before)
    assert all(en != zh for en, zh in before)


def test_credits_of_the_city_are_partly_allocated(env):
    """Finance finds work to do, and work that was done."""
    notes = env["key.account.bill"].search([("kind", "=", "credit")])
    assert notes.filtered("amount_open") and notes - notes.filtered("amount_open")
    entries = env["key.account.allocation"].search([]).payment_ids
    assert entries and not round(sum(entries.mapped("amount")), 2)


def test_papers_of_the_city_have_a_letterhead_in_both_languages(env):
    company = env.ref("base.main_company")
    english = str(company.company_details) + str(company.report_footer)
    company = company.with_context(lang="zh_CN")
    chinese = str(company.company_details) + str(company.report_footer)
    assert "Binjiang Post" in english and "滨江" not in english
    assert "滨江市邮政局" in chinese and "Key account" not in chinese
    assert not company.logo and "YourCompany" not in company.name


def test_customers_write_the_language_of_their_owners(env):
    """Papers are in the customer's language: most Chinese, some exporters English.

    Of the city alone: other scenarios leave customers of their own behind.
    """
    counts = dict(
        env["res.partner"]._read_group(
            [("key_account_code", "=like", "510%")], ["lang"], ["__count"]
        )
    )
    assert set(counts) == {"zh_CN", "en_US"}
    assert counts["zh_CN"] > 10 * counts["en_US"] > 0
