# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Arrears at the screen: lists by age, a statement, a promise in instalments."""

import pytest
from test_journeys import choose

LANGUAGES = ("en_US", "zh_CN")
ADDON = "key_account_arrears"
ITEMS = f"{ADDON}.key_account_arrears_action"
PAPER = f"{ADDON}.report_key_account_arrears_statement"
PROMISES = f"{ADDON}.key_account_promise_action"
SCREENS = (
    f"{ADDON}.key_account_arrears_action_customers",
    f"{ADDON}.key_account_dispute_action",
    f"{ADDON}.key_account_dunning_exemption_action",
    f"{ADDON}.key_account_late_fee_rule_action",
    f"{ADDON}.key_account_ageing_bucket_action",
)
OVERDUE = """
    SELECT count(*) FROM key_account_bill
     WHERE manager_id = %(user)s AND amount_open <> 0
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_looks_at_arrears_and_prints_a_statement(person, truth, lang):
    """ARR-01: the manager's own open bills; a row of them gives the statement."""
    one = person("manager", lang)
    one.open(ITEMS)
    assert one.count() == truth.one(OVERDUE, user=one.user_id)[0] > 0
    one.picture("arrears")
    if lang == "zh_CN":
        assert one.not_chinese() == []
    one.page.locator(".o_data_row button[name=action_statement]").first.click()
    one.page.wait_for_selector(".modal .o_form_view")
    one.settle()
    one.picture("arrears-statement")
    if lang == "zh_CN":
        assert one.not_chinese() == []
    customer_id, name, code = truth.one(
        """
        SELECT partner.id, partner.name, partner.key_account_code
          FROM key_account_bill AS bill
          JOIN res_partner AS partner ON partner.id = bill.partner_id
         WHERE bill.manager_id = %(user)s AND bill.amount_open > 0 LIMIT 1
        """,
        user=one.user_id,
    )
    statement = one.call(
        "key.account.arrears.statement", "create", [{"partner_id": customer_id}]
    )
    one.page.goto(f"{one.server}/report/html/{PAPER}/{statement}")
    paper = one.page.locator("main, .page").first.inner_text()
    assert name in paper and code in paper
    one.page.screenshot(path=str(one.pictures / f"{one.role}-arrears-paper.png"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_in_instalments_is_entered_and_approved(person, truth, lang):
    """ARR-12: a manager enters it row by row, finance approves it."""
    one = person("manager", lang)
    customer_id, name = truth.one(
        """
        SELECT partner.id, partner.name FROM res_partner AS partner
         WHERE key_account_manager_id = %(user)s AND key_account_kind = 'group'
           AND NOT EXISTS (SELECT FROM key_account_promise AS promise
                            WHERE promise.partner_id = partner.id)
         ORDER BY partner.id LIMIT 1
        """,
        user=one.user_id,
    )
    one.open(PROMISES)
    one.picture("promises")
    one.page.click(".o_list_button_add")
    one.page.wait_for_selector(".o_form_view .o_field_widget[name=partner_id] input")
    choose(one, "partner_id", name)
    one.page.locator(".o_field_widget[name=kind] input").nth(1).check()
    for place, day in enumerate(("2030-01-10", "2030-02-10"), 1):
        one.page.click(".o_field_x2many_list_row_add a")
        # The row before it is the selected one until the new one is there.
        row = one.page.locator(f".o_data_row:nth-child({place}).o_selected_row")
        field = row.locator(".o_field_widget[name=date_due]")
        field.locator("button, input").first.wait_for()
        # An empty day is an input; the calendar of the row before may lie over it, so
        # that it is typed into, not clicked.
        if not field.locator("input").count():
            field.locator("button").first.click()
        field.locator("input").fill(shown(day, lang))
        field.locator("input").press("Tab")
        row.locator(".o_field_widget[name=amount] input").fill("45")
    with one.page.expect_response(lambda answer: "web_save" in answer.url):
        one.page.click(".o_form_button_save")
    one.settle()
    one.picture("promise-plan")
    if lang == "zh_CN":
        assert one.not_chinese() == []
    plan = truth.one(
        "SELECT id, amount, date_due::text FROM key_account_promise "
        "WHERE partner_id = %(customer)s AND kind = 'plan'",
        customer=customer_id,
    )
    assert plan and plan[1:] == (90, "2030-02-10")
    finance = person("finance", lang)
    finance.page.goto(f"{finance.server}/odoo/action-{PROMISES}/{plan[0]}")
    finance.page.click("button[name=action_approve]")
    finance.page.wait_for_selector("button[name=action_approve]", state="detached")
    finance.picture("promise-approved")
    assert truth.one(
        "SELECT approver_id FROM key_account_promise WHERE id = %(id)s", id=plan[0]
    ) == (finance.user_id,)


def shown(day, lang):
    year, month, date = day.split("-")
    return f"{month}/{date}/{year}" if lang == "en_US" else f"{year}年{month}月{date}日"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screens_of_arrears(person, lang):
    one = person("centre", lang)
    for action in SCREENS:
        one.open(action)
        one.picture(action.split(".")[1])
        if lang == "zh_CN":
            assert one.not_chinese() == [], action
