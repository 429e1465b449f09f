# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The data operator's file and the clerk's credit note, in both languages."""

from datetime import date, timedelta

import pytest
from test_journeys import CUSTOMERS, FEEDS, check_language

LANGUAGES = ("en_US", "zh_CN")
UPLOAD = "key_account_feed.key_account_feed_upload_action"
ALLOCATIONS = "key_account_crm.key_account_allocation_action"
# Record C (readme/FORMAT.md): up to the unit; the other 28 of its 37 fields are empty.
ROW = "C|I|{day}120000|{code}|G|{name}|A|01001|{unit}" + 28 * "|"
FIGURES = ["key_account_overdue", "key_account_open", "key_account_credit"]


def upload(one, name, content):
    """The window: choose the file, confirm that there is no control file, check."""
    one.page.goto(f"{one.server}/odoo/action-{UPLOAD}")
    one.page.wait_for_selector(".o_field_widget[name=file_ids]")
    chosen = {"name": name, "mimeType": "text/plain", "buffer": content}
    one.page.set_input_files(".o_field_widget[name=file_ids] input[type=file]", chosen)
    one.page.wait_for_selector(".o_field_widget[name=is_confirmed] input")
    one.page.check(".o_field_widget[name=is_confirmed] input")
    one.picture("feed-upload")
    one.page.click("button[name=action_check]")
    one.page.wait_for_selector(".o_form_view .o_field_widget[name=row_count]")
    one.settle()


def press_download(one):
    """The button of the refused rows: where the window it opens finds them."""
    method = "action_download_refused"
    with one.page.expect_response(lambda answer: method in answer.url) as answer:
        one.page.click(f"button[name={method}]")
    return answer.value.json()["result"]["url"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_tried_mended_and_loaded(person, truth, lang):
    """DX-01, DX-05: nothing is written before; the refused rows come back mended."""
    one = person("operator", lang)
    # A day of its own for each language, the later one last: older days are refused.
    day = date.today() - timedelta(days=1 - LANGUAGES.index(lang))
    stamp = day.strftime("%Y%m%d")
    code = f"J{lang[:2]}"
    rows = [
        ROW.format(day=stamp, code=f"{code}{n}", name=f"Journey {n} {lang}", unit=unit)
        for n, unit in enumerate(("101", "NONE", "102"), 1)
    ]
    name = f"a_01001_{stamp}_01001_00_001.dat"
    upload(one, name, "".join(f"{row}\n" for row in rows).encode())
    one.picture("feed-refused")
    check_language(one)
    loaded = "SELECT count(*) FROM res_partner WHERE key_account_code LIKE %(code)s"
    assert truth.one(loaded, code=f"{code}%") == (0,)
    url = press_download(one)
    refused = one.page.request.get(f"{one.server}{url}").text()
    assert refused.count("|#!|") == 1 and "NONE" in refused
    upload(one, url.split("filename=")[1], refused.replace("NONE", "103").encode())
    one.picture("feed-checked")
    check_language(one)
    assert truth.one(loaded, code=f"{code}%") == (0,)
    one.page.click(".o_form_view button[name=action_load]")
    one.page.wait_for_selector("button[name=action_load]", state="hidden")
    one.settle()
    one.picture("feed-loaded")
    assert truth.one(loaded, code=f"{code}%") == (3,)
    one.open(FEEDS)
    one.picture("feeds-loaded")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_credit_note_is_allocated(person, lang):
    """ARR-01: the clerk sets a credit against a bill; what is overdue is less by it."""
    one = person("finance", lang)
    [before] = one.call(
        "res.partner",
        "search_read",
        [[["key_account_credit", ">", 10], ["key_account_overdue", ">", 10]]],
        fields=FIGURES,
        limit=1,
    )
    one.page.goto(f"{one.server}/odoo/action-{CUSTOMERS}/{before['id']}")
    one.page.wait_for_selector("button[name=action_allocate_key_account_credits]")
    one.page.click("button[name=action_allocate_key_account_credits]")
    one.page.wait_for_selector(".modal .o_data_row")
    one.picture("allocate")
    check_language(one)
    while one.page.locator(".modal .o_data_row").count() > 1:
        one.page.locator(".modal .o_data_row .o_list_record_remove").last.click()
        one.settle()
    one.page.click(".modal .o_data_row td[name=amount]")
    one.page.fill(".modal .o_data_row td[name=amount] input", "1.25")
    one.page.keyboard.press("Tab")
    one.page.click(".modal footer button[name=action_allocate]")
    one.page.wait_for_selector(".modal", state="detached")
    one.settle()
    one.picture("allocated")
    [after] = one.call("res.partner", "read", [[before["id"]], FIGURES])
    for name in FIGURES:
        wanted = before[name] - (1.25 if name != "key_account_open" else 0)
        assert round(after[name], 2) == round(wanted, 2), name
    one.open(ALLOCATIONS)
    one.picture("allocations")
    check_language(one)
    assert one.page.locator(".o_data_row", has_text="1.25").count() >= 1
