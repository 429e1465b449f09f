# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Managers: a leaver is handed over, both acknowledge, and it is taken back."""

import pytest

LANGUAGES = ("en_US", "zh_CN")
FILES = "key_account_manager.key_account_manager_action"
ORDERS = "key_account_manager.key_account_handover_action"
PARTIES = "key_account_manager.key_account_handover_party_action"
SCREENS = (
    "key_account_manager.key_account_assignment_action",
    "key_account_manager.key_account_substitution_action",
    "key_account_manager.key_account_manager_proposal_action",
    "key_account_manager.key_account_assignment_rule_action",
    "key_account_manager.key_account_handover_action",
)
OWNED = """
    SELECT COUNT(*) FROM res_partner AS partner JOIN res_users AS account
        ON account.id = partner.key_account_manager_id
     WHERE account.login = %(login)s AND partner.key_account_kind IS NOT NULL
"""


def form(one, action, record_id):
    one.page.goto(f"{one.server}/odoo/action-{action}/{record_id}")
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def press(one, name):
    one.page.locator(f".o_statusbar_buttons button[name='{name}']").click()
    one.settle()


def confirm(one):
    one.page.click(".modal footer .btn-primary")
    one.page.wait_for_selector(".modal", state="detached")
    one.settle()


def choose(one, field, text):
    box = one.page.locator(f".o_field_widget[name='{field}'] input").first
    box.fill(text)
    one.page.locator(f".o-autocomplete--dropdown-item:has-text('{text}')").first.click()
    one.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_leaver_is_handed_over(person, truth, lang):
    """ASG-07, ASG-08, MGR-08: from the leaver's file to the acknowledged hand-over."""
    company = person("company", lang)
    company.open(FILES, "kanban")
    company.picture("managers-kanban")
    company.open(FILES)
    company.picture("managers-list")
    (file_id,) = truth.one(
        "SELECT file.id FROM key_account_manager AS file JOIN res_users AS account "
        "ON account.id = file.user_id WHERE account.login = 'leaver'"
    )
    (count,) = truth.one(OWNED, login="leaver")
    assert count, "the leaver has customers"
    form(company, FILES, file_id)
    company.picture("managers-file")
    if lang == "zh_CN":
        assert company.not_chinese() == []
    press(company, "action_hand_over")
    company.page.wait_for_selector("button[name=action_prepare]")
    choose(company, "to_user_id", "周洁")
    company.picture("handover-choose")
    press(company, "action_prepare")
    company.page.wait_for_selector(".o_field_widget[name=party_ids] .o_data_row")
    company.picture("handover-preview")
    if lang == "zh_CN":
        assert company.not_chinese() == []
    assert truth.one(OWNED, login="leaver") == (count,), "nothing moves before"
    press(company, "action_confirm")
    confirm(company)
    company.page.wait_for_selector("button[name=action_take_back]")
    company.picture("handover-done")
    assert truth.one(OWNED, login="leaver") == (0,)
    (order_id,) = truth.one("SELECT MAX(id) FROM key_account_handover")
    acknowledge(person, truth, lang, order_id)
    press(company, "action_take_back")
    confirm(company)
    company.page.wait_for_selector(".o_field_widget[name=origin_id]")
    company.picture("handover-taken-back")
    assert truth.one(OWNED, login="leaver") == (count,)


def acknowledge(person, truth, lang, order_id):
    taker = person("manager.west", lang)
    taker.open(PARTIES)
    taker.picture("handover-to-acknowledge")
    (party_id,) = truth.one(
        "SELECT id FROM key_account_handover_party WHERE order_id = %(order)s "
        "AND side = 'takes'",
        order=order_id,
    )
    form(taker, PARTIES, party_id)
    press(taker, "action_acknowledge")
    taker.page.wait_for_selector("button[name=action_acknowledge]", state="detached")
    taker.picture("handover-acknowledged")
    (day,) = truth.one(
        "SELECT date_acknowledged FROM key_account_handover_party WHERE id = %(id)s",
        id=party_id,
    )
    assert day
    url = f"/report/html/key_account_manager.report_key_account_handover/{party_id}"
    taker.page.goto(f"{taker.server}{url}")
    taker.page.wait_for_selector("table")
    taker.picture("handover-sheet")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_and_his_own_file(person, truth, lang):
    """MGR-01, MGR-02: his own file alone; he keeps his phone, the rest he proposes."""
    manager = person("manager", lang)
    manager.open(FILES)
    assert manager.count() == 1
    [file_id] = manager.call(
        "key.account.manager", "search", [[["user_id", "=", manager.user_id]]]
    )
    form(manager, FILES, file_id)
    manager.picture("managers-my-file")
    assert manager.page.locator("[name=load_max] input").count() == 0
    press(manager, "action_propose")
    manager.page.wait_for_selector(".modal .o_form_view")
    manager.picture("managers-propose")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_other_screens(person, lang):
    centre = person("centre", lang)
    for action in SCREENS:
        centre.open(action)
        centre.picture(action.split(".")[1].removeprefix("key_account_"))
        if lang == "zh_CN":
            assert centre.not_chinese() == [], action
