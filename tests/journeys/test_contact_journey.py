# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Out and about: a contact logged in two taps on a phone, a customer of another unit
served by his card, and the figures of it all."""

import pytest
from conftest import LANGUAGES
from test_service import pick, press, search_user, term

CUSTOMERS = "key_account_crm.key_account_action"
CONTACTS = "key_account_service.key_account_contact_event_action_mine"
LOG = "key_account_service_feed.key_account_service_log_action"
PHONE = {"width": 390, "height": 844}


def close_chats(one):
    """A new colleague is greeted by a chat, which fills the screen of a phone."""
    one.page.wait_for_timeout(1500)
    buttons = one.page.locator(".o-mail-ChatWindow-header button")
    while buttons.count():
        buttons.last.click()
        one.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contact_is_logged_in_two_taps_on_a_phone(person, truth, says, lang):
    """SVC-14, COL-08: the customer is tapped, then what it was; nothing is typed."""
    one = person("manager", lang)
    user_id, _name = search_user(truth, "manager")
    one.page.set_viewport_size(PHONE)
    count = (
        "SELECT COUNT(*) FROM key_account_contact_event "
        "WHERE user_id = %(user)s AND state = 'done'"
    )
    (before,) = truth.one(count, user=user_id)
    one.page.goto(f"{one.server}/odoo/action-{CUSTOMERS}")
    one.page.wait_for_selector(".o_kanban_record:not(.o_kanban_ghost)")
    close_chats(one)
    one.picture("phone-customers")
    one.page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.click()
    visit = one.page.locator(".o_key_account_contact_kind").first
    visit.wait_for()
    one.picture("phone-customer")
    assert not one.not_chinese() or lang != "zh_CN"
    box = visit.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    visit.click()
    one.page.wait_for_selector(".o_notification")
    one.picture("phone-logged")
    (after,) = truth.one(count, user=user_id)
    assert after == before + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_service_log_of_the_branch(person, lang):
    """LOG-05: what the file brought, as the manager's own and by class."""
    one = person("manager", lang)
    for view in ("list", "pivot"):
        one.open(LOG, view)
        one.picture(f"service-log-{view}")
        assert not one.not_chinese() or lang != "zh_CN"
    one.open(LOG)
    assert one.count()
    one.page.locator(".o_data_row").first.click()
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.picture("service-log")
    assert not one.not_chinese() or lang != "zh_CN"


# A card that is open, of a customer whom another unit than the manager's serves.
CARD = """
    SELECT card.id, card.name, card.partner_id FROM key_account_card AS card
     WHERE card.state = 'active' AND card.date_to > CURRENT_DATE
       AND card.manager_id <> %(user)s
       AND card.unit_id <> (SELECT key_account_unit_id FROM res_users
                             WHERE id = %(user)s)
     ORDER BY card.id LIMIT 1
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_visitor_is_identified_by_his_card(person, truth, says, lang):
    """SVC-03: a wrong card is told, the right one opens the way to what he asks for."""
    manager_id, _name = search_user(truth, "manager")
    found = truth.one(CARD, user=manager_id)
    assert found, "the demonstration city has an open card elsewhere"
    _card_id, number, customer_id = found
    one = person("manager", lang)
    one.page.goto(
        f"{one.server}/odoo/action-key_account_service.key_account_request_visit_action"
    )
    one.page.wait_for_selector(".o_field_widget[name=code] input")
    one.page.fill(".o_field_widget[name=code] input", f"wrong {lang}")
    one.page.click("button[name=action_authenticate]")
    one.page.wait_for_selector(".modal .alert-danger")
    one.picture("service-visit-unknown")
    one.page.fill(".o_field_widget[name=code] input", number)
    one.page.click("button[name=action_authenticate]")
    one.page.wait_for_selector(".modal .alert-success")
    one.settle()
    pick(one, "kind_id", term(one, "request_kind", "fault")[1])
    one.page.fill(".modal .o_field_widget[name=subject] input", f"Visit {lang}")
    one.picture("service-visit-valid")
    one.page.click("button[name=action_register]")
    one.page.wait_for_selector(".o_form_view .o_form_sheet .oe_title")
    one.picture("service-visit-registered")
    assert truth.one(
        "SELECT partner_id FROM key_account_request WHERE subject = %(subject)s",
        subject=f"Visit {lang}",
    ) == (customer_id,)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_indicators_are_measured_now(person, truth, says, lang):
    """Design 3.11: the figures of the head's managers, and where they come from."""
    one = person("head", lang)
    one.open("key_account_crm.key_account_indicator_action")
    one.picture("indicators")
    assert not one.not_chinese() or lang != "zh_CN"
    [revenue] = one.call(
        "key.account.indicator", "search", [[["code", "=", "revenue"]]]
    )
    one.page.goto(
        f"{one.server}/odoo/action-key_account_crm.key_account_indicator_action/{revenue}"
    )
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.picture("indicator")
    assert not one.not_chinese() or lang != "zh_CN"
    press(one, says(lang, "Measure Now"))
    one.page.wait_for_selector(".modal button[name=action_measure]")
    one.picture("indicator-measure")
    one.page.click(".modal button[name=action_measure]")
    one.page.wait_for_selector(".o_list_view")
    one.settle()
    if one.page.locator(".o_group_header").count():
        one.page.locator(".o_group_header").first.click()
    one.picture("indicator-figures")
    assert not one.not_chinese() or lang != "zh_CN"
    one.page.click(".o_switch_view.o_pivot")
    one.page.wait_for_selector(".o_pivot_view")
    one.picture("indicator-pivot")
