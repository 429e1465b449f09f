# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A VIP card's day: applied for, opened, authenticated, used, lost and replaced."""

import pytest

LANGUAGES = ("en_US", "zh_CN")
CARDS = "key_account_crm.key_account_card_action"
CHECK = "key_account_crm.key_account_card_check_action"
USES = "key_account_crm.key_account_card_use_action"
SCREENS = (
    "key_account_crm.key_account_card_move_action",
    "key_account_crm.key_account_card_blank_action",
    "key_account_crm.key_account_card_batch_action",
    "key_account_crm.key_account_card_place_action",
    "key_account_crm.key_account_card_benefit_action",
    "key_account_crm.key_account_card_kind_action",
    "key_account_crm.key_account_card_rule_action",
    "key_account_crm.key_account_card_client_action",
    "key_account_crm.key_account_card_attempt_action",
)
WANTED = """
    SELECT number.id, number.name, partner.name
      FROM key_account_number AS number
      JOIN res_partner AS partner ON partner.id = number.partner_id
      JOIN key_account_standing AS standing ON standing.partner_id = partner.id
      JOIN key_account_grade AS grade
        ON grade.id = standing.grade_id AND grade.card_kind <> ''
     WHERE number.state = 'in_service' AND number.manager_id = %(user)s
       AND partner.key_account_state IN ('active', 'won_back')
       AND NOT EXISTS (
            SELECT FROM key_account_card AS card WHERE card.number_id = number.id)
     ORDER BY number.id LIMIT 1
"""


def step(one, action, reason=None):
    """Press the button of a step on the card's form and fill its window."""
    buttons = one.page.locator(".o_statusbar_buttons button")
    buttons.get_by_text(action, exact=True).first.click()
    one.page.wait_for_selector(".modal footer button[name=action_step]")
    if reason:
        one.page.fill(".modal .o_field_widget[name=reason] textarea", reason)
    one.picture("card-step")
    one.page.click(".modal footer button[name=action_step]")
    one.page.wait_for_selector(".modal", state="detached")
    one.settle()


def open_card(one, card_id):
    one.page.goto(f"{one.server}/odoo/action-{CARDS}/{card_id}")
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def authenticate(one, way, value, says, picture):
    """The window of the counter: the answer's text."""
    one.page.goto(f"{one.server}/odoo/action-{CHECK}")
    one.page.wait_for_selector(".o_field_widget[name=value] input")
    if way != "card":
        one.page.get_by_label(says(one.lang, "Service Number")).check()
    one.page.fill(".o_field_widget[name=value] input", value)
    one.page.click("button[name=action_check]")
    one.page.wait_for_selector(".alert")
    one.settle()
    one.picture(picture)
    return one.page.locator(".alert").first.inner_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_card_is_opened_authenticated_lost_and_replaced(person, truth, says, lang):
    """CARD-01, CARD-02, CARD-05, CARD-08, CARD-09."""
    manager = person("manager", lang)
    found = truth.one(WANTED, user=manager.user_id)
    assert found, "the demonstration city has a number without a card"
    number_id, number, customer = found
    manager.open(CARDS)
    manager.picture("cards")
    assert not manager.not_chinese() or lang != "zh_CN"
    kind = manager.call("key.account.card.kind", "search", [[["code", "=", "2"]]])[0]
    partner = manager.call("key.account.number", "read", [[number_id], ["partner_id"]])
    card_id = manager.call(
        "key.account.card",
        "create",
        [
            {
                "partner_id": partner[0]["partner_id"][0],
                "number_id": number_id,
                "kind_id": kind,
            }
        ],
    )

    centre = person("centre", lang)
    open_card(centre, card_id)
    centre.picture("card-requested")
    step(centre, says(lang, "Open Card"))
    state, name = truth.one(
        "SELECT state, name FROM key_account_card WHERE id = %(id)s", id=card_id
    )
    assert state == "active" and name
    if lang == "zh_CN":
        assert centre.not_chinese() == []

    agent = person("agent", lang)
    valid = authenticate(agent, "card", name, says, "card-valid")
    assert valid.strip() == says(lang, "The card is valid.")
    shown = agent.page.locator(".o_form_view, .modal").first.inner_text()
    assert customer not in shown and number not in shown
    assert says(lang, "The card is valid.") in authenticate(
        agent, "number", number, says, "card-valid-number"
    )

    open_card(centre, card_id)
    step(centre, says(lang, "Report Lost"), f"lost {lang}")
    lost = authenticate(agent, "card", name, says, "card-lost")
    assert says(lang, "Reported Lost") in lost

    open_card(centre, card_id)
    step(centre, says(lang, "Replace"), f"replaced {lang}")
    centre.page.wait_for_selector(".o_form_view .o_form_sheet")
    centre.picture("card-replaced")
    [new, chain] = truth.one(
        "SELECT max(new.name), count(*) FROM key_account_card AS new "
        "WHERE predecessor_id = %(id)s AND state = 'active'",
        id=card_id,
    )
    assert chain == 1 and new != name
    assert says(lang, "Replaced") in authenticate(agent, "card", name, says, "card-old")
    assert says(lang, "The card is valid.") in authenticate(
        agent, "card", new, says, "card-new"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screens_of_cards(person, lang):
    """Stock, steps, uses, dictionaries, allowances, systems: what the centre sees."""
    one = person("centre", lang)
    one.open(USES)
    assert one.count() > 0
    one.picture("card-uses")
    if lang == "zh_CN":
        assert one.not_chinese() == []
    for action in SCREENS:
        one.open(action)
        one.picture(action.split(".")[1])
        if lang == "zh_CN":
            assert one.not_chinese() == [], action
