# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Care: a head makes a list and plans it, a manager does it, a customer opts out."""

import pytest

LANGUAGES = ("en_US", "zh_CN")
CARE = "key_account_service.key_account_care_action"
LISTS = "key_account_service.key_account_care_run_action"
SCREENS = (
    "key_account_service.key_account_care_plan_action",
    "key_account_service.key_account_festival_action",
    "key_account_service.key_account_gift_action",
    "key_account_service.key_account_gift_stock_action",
    "key_account_service.key_account_gift_move_action",
    "key_account_service.key_account_optout_action",
    "key_account_service.key_account_activity_action",
    "key_account_service.key_account_activity_guest_action",
    "key_account_service.key_account_outlet_action",
)


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_is_looked_through_and_planned(person, truth, says, lang):
    """SVC-06, SVC-12: previewed with who is left out, then planned, then done."""
    head = person("head", lang)
    values = {"date": "2026-09-18", "date_until": "2026-09-25", "occasion": "festival"}
    run_id = head.call("key.account.care.run", "create", [values])
    form(head, LISTS, run_id)
    press(head, "action_preview")
    head.page.wait_for_selector(".o_field_widget[name=proposal_ids] .o_data_row")
    head.picture("care-list-previewed")
    if lang == "zh_CN":
        assert head.not_chinese() == []
    asked = "SELECT COUNT(*) FROM key_account_care WHERE run_id = %(run)s"
    assert truth.one(asked, run=run_id) == (0,), "nothing is planned before"
    press(head, "action_confirm")
    confirm(head)
    head.page.wait_for_selector("button[name=action_view_cares]")
    head.picture("care-list-confirmed")
    (planned,) = truth.one(asked, run=run_id)
    [row] = head.call("key.account.care.run", "read", [[run_id], ["proposed_count"]])
    assert planned == row["proposed_count"] or lang == "zh_CN"
    head.open(CARE)
    head.picture("care")
    for view in ("calendar", "kanban", "pivot"):
        head.page.click(f".o_switch_view.o_{view}")
        head.page.wait_for_selector(f".o_{view}_view, .o_{view}_renderer")
        head.picture(f"care-{view}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_care_is_done_by_the_manager(person, truth, says, lang):
    """SVC-07 to SVC-11: planned, done with an outcome, seen in the time line."""
    manager = person("manager", lang)
    (partner_id,) = truth.one(
        "SELECT id FROM res_partner WHERE key_account_manager_id = %(user)s "
        "AND key_account_state = 'active' AND key_account_kind IS NOT NULL "
        "AND id NOT IN (SELECT partner_id FROM key_account_optout) "
        "ORDER BY id LIMIT 1",
        user=manager.user_id,
    )
    values = {"name": "Bill", "partner_id": partner_id, "means": "bill_delivery"}
    care_id = manager.call("key.account.care", "create", [values])
    form(manager, CARE, care_id)
    manager.picture("care-planned")
    if lang == "zh_CN":
        assert manager.not_chinese() == []
    buttons = manager.page.locator(".o_statusbar_buttons button")
    buttons.get_by_text(says(lang, "Done"), exact=True).first.click()
    manager.page.wait_for_selector(".modal button[name=action_done]")
    manager.page.fill(".modal .o_field_widget[name=outcome] textarea", "OK")
    manager.picture("care-done-window")
    manager.page.click(".modal button[name=action_done]")
    manager.page.wait_for_selector(".modal", state="detached")
    manager.settle()
    manager.picture("care-done")
    assert truth.one(
        "SELECT state, outcome FROM key_account_care WHERE id = %(id)s", id=care_id
    ) == ("done", "OK")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_screens_of_care(person, lang):
    """Plans, festivals, gifts, opt-outs, outlets and activities, in both languages."""
    head = person("head", lang)
    for action in SCREENS:
        head.open(action)
        head.picture(action.split("key_account_")[-1].removesuffix("_action"))
        if lang == "zh_CN":
            assert head.not_chinese() == [], action
        row = head.page.locator(".o_data_row:not(.o_selected_row) .o_data_cell").first
        if row.count() and "guest" not in action and "stock" not in action:
            row.click()
            head.page.wait_for_selector(".o_form_view .o_form_sheet")
            head.picture(
                action.split("key_account_")[-1].removesuffix("_action") + "-form"
            )
            if lang == "zh_CN":
                assert head.not_chinese() == [], action


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contact_says_how_not_to_be_contacted(person, truth, browser, lang):
    """The portal's page, and what it leaves in the ledger."""
    page = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale=lang.replace("_", "-")
    ).new_page()
    head = person("head", lang)
    page.goto(f"{head.server}/web/login?redirect=/my/contact-choices")
    page.fill("input[name=login]", "customer")
    page.fill("input[name=password]", "customer")
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector("input[name=care-gift]")
    page.check("input[name=care-gift]")
    page.check("input[name=marketing-all]")
    page.click("form[action='/my/contact-choices'] button[type=submit]")
    page.wait_for_selector(".alert-success")
    head.pictures.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(head.pictures / "customer-contact-choices.png"))
    assert truth.one(
        "SELECT COUNT(*) > 1 FROM key_account_optout WHERE source = 'portal'"
    ) == (True,)
    page.context.close()
