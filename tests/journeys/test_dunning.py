# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Dunning at the screen: a promise, a run that is previewed and confirmed, the stop."""

from datetime import date, timedelta

import pytest

LANGUAGES = ("en_US", "zh_CN")
ADDON = "key_account_arrears"
RUNS = f"{ADDON}.key_account_dunning_run_action"
PROMISES = f"{ADDON}.key_account_promise_action"
LETTER = f"{ADDON}.report_key_account_dunning_letter"
UNITS = "key_account_crm.key_account_unit_action"
DEBTOR = """
    SELECT partner.id, partner.name, SUM(bill.amount_open)
      FROM key_account_bill AS bill
      JOIN res_partner AS partner ON partner.id = bill.partner_id
     WHERE bill.manager_id = %(user)s AND bill.amount_open > 0
       AND bill.date_due < CURRENT_DATE - 1
       AND NOT EXISTS (SELECT FROM key_account_promise AS promise
                        WHERE promise.partner_id = partner.id)
     GROUP BY partner.id ORDER BY partner.id LIMIT 1
"""
COUNTS = """
    SELECT COUNT(*), COUNT(*) FILTER (WHERE reason = 'stopped'),
           COUNT(*) FILTER (WHERE state IN ('queued', 'sent', 'failed'))
      FROM key_account_dunning_line WHERE run_id = %(run)s
"""


def new_run(head):
    """A run of the head's unit, looked at."""
    head.open(RUNS)
    head.page.click(".o_list_button_add")
    head.page.wait_for_selector("button[name=action_preview]")
    head.page.locator("button[name=action_preview]").first.click()
    head.page.wait_for_selector("button[name=action_confirm]")
    head.page.wait_for_selector(".o_field_widget[name=line_ids] .o_data_row")
    head.settle()
    return int(head.page.url.rstrip("/").split("/")[-1].split("?")[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_takes_a_promise(person, truth, lang):
    """ARR-12: what is owed is proposed; the day is asked for."""
    one = person("manager", lang)
    customer_id, name, _owed = truth.one(DEBTOR, user=one.user_id)
    one.open(PROMISES)
    one.page.click(".o_list_button_add")
    one.page.wait_for_selector(".o_form_view .o_field_widget[name=partner_id] input")
    one.page.fill(".o_field_widget[name=partner_id] input", name)
    one.page.locator(".o-autocomplete--dropdown-item").first.click()
    one.settle()
    day = date.today() + timedelta(days=7)
    field = one.page.locator(".o_field_widget[name=date_due]")
    if not field.locator("input").count():
        field.locator("button").first.click()
    text = f"{day:%m/%d/%Y}" if lang == "en_US" else f"{day:%Y年%m月%d日}"
    field.locator("input").fill(text)
    field.locator("input").press("Tab")
    one.page.click(".o_form_button_save")
    one.page.wait_for_selector(".o_form_saved, .o_form_view:not(.o_form_dirty)")
    one.settle()
    one.picture("dunning-promise")
    if lang == "zh_CN":
        assert one.not_chinese() == []
    found = truth.one(
        "SELECT user_id, date_due::text, amount > 0 FROM key_account_promise "
        "WHERE partner_id = %(customer)s",
        customer=customer_id,
    )
    assert found == (one.user_id, str(day), True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_head_previews_and_confirms_a_run(person, truth, lang):
    """ARR-02, ARR-03: who gets what and who is left out and why, before anything."""
    head = person("head.parcel", lang)
    run = new_run(head)
    head.picture("dunning-preview")
    if lang == "zh_CN":
        assert head.not_chinese() == []
    total, stopped, gone = truth.one(COUNTS, run=run)
    assert total > 0 and stopped == 0 and gone == 0
    head.page.click("button[name=action_confirm]")
    head.page.click(".modal .btn-primary")
    head.page.wait_for_selector("button[name=action_confirm]", state="detached")
    head.picture("dunning-confirmed")
    ready = truth.one(
        "SELECT COUNT(*) FROM key_account_dunning_line "
        "WHERE run_id = %(run)s AND state = 'ready'",
        run=run,
    )
    assert ready == (0,)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_stop_holds_everything_back(person, truth, lang):
    """The centre stops a unit: nobody of it is dunned, and the preview says why."""
    centre, head = person("centre", lang), person("head.parcel", lang)
    [user] = centre.call(
        "res.users",
        "search_read",
        [[["id", "=", head.user_id]]],
        fields=["key_account_unit_id"],
    )
    unit = user["key_account_unit_id"][0]
    centre.page.goto(f"{centre.server}/odoo/action-{UNITS}/{unit}")
    box = centre.page.locator(".o_field_widget[name=is_dunning_stopped] input")
    box.check()
    centre.page.click(".o_form_button_save")
    centre.page.wait_for_selector(".o_form_saved, .o_form_view:not(.o_form_dirty)")
    centre.picture("dunning-stop")
    try:
        total, stopped, _gone = truth.one(COUNTS, run=new_run(head))
        assert total == stopped > 0
        head.picture("dunning-stopped")
    finally:
        centre.call(
            "key.account.unit", "write", [[unit], {"is_dunning_stopped": False}]
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_customer_at_once_a_letter_and_the_figures(person, truth, lang):
    """ARR-03 for one customer, the paper of a letter, ARR-08 by unit, a dry run."""
    company = person("company", lang)
    line, customer = truth.one(
        "SELECT line.id, line.partner_id FROM key_account_dunning_line AS line "
        "JOIN key_account_unit AS unit ON unit.id = line.unit_id "
        "WHERE line.state = 'sent' AND line.amount > 0 ORDER BY line.id LIMIT 1"
    )
    company.page.goto(
        f"{company.server}/odoo/action-key_account_crm.key_account_action/{customer}"
    )
    company.page.wait_for_selector("button[name=action_dun_now]")
    company.picture("dunning-customer")
    company.page.click("button[name=action_dun_now]")
    company.page.wait_for_selector("button[name=action_confirm]")
    company.picture("dunning-one")
    company.call("res.partner", "write", [[customer], {"lang": lang}])
    company.page.goto(f"{company.server}/report/html/{LETTER}/{line}")
    company.page.wait_for_selector(".page")
    company.page.screenshot(path=str(company.pictures / "company-dunning-letter.png"))
    centre = person("centre", lang)
    for action, view in (
        ("key_account_recovery_action", "pivot"),
        ("key_account_recovery_action", "list"),
        ("key_account_arrears_move_action", "pivot"),
        ("key_account_dunning_line_action", "list"),
    ):
        centre.open(f"{ADDON}.{action}", view)
        centre.picture(f"{action}-{view}")
        if lang == "zh_CN":
            assert centre.not_chinese() == []
