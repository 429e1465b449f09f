# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The staff's days in both languages: the agent who looks a customer up, the
administrator who makes an account, the manager whose customer leaves, his points."""

import re

import pytest
from test_cards import authenticate
from test_journeys import CUSTOMERS, check_customers, check_language, choose

LANGUAGES = ("en_US", "zh_CN")
CONTACTS = "key_account_crm.key_account_contact_action"
USERS = "key_account_crm.res_users_action_key_account"
ROLES = "key_account_crm.key_account_role_proposal_action"
STEPS = "key_account_crm.key_account_move_proposal_action"
CHURN = "key_account_crm.key_account_churn_action"
STATEMENT = "key_account_crm.key_account_point_statement_action"
PAPER = "key_account_crm.report_key_account_point_statement"
KNOWN = """
    SELECT person.partner_id, contact.name, person.mobile
      FROM key_account_person AS person
      JOIN res_partner AS contact ON contact.id = person.partner_id
     WHERE person.mobile IS NOT NULL AND contact.parent_id IS NOT NULL
     ORDER BY person.id LIMIT 1
"""
VALID = """
    SELECT name FROM key_account_card
     WHERE state = 'active' AND date_to >= CURRENT_DATE ORDER BY id LIMIT 1
"""


def open_record(one, action, res_id):
    one.page.goto(f"{one.server}/odoo/action-{action}/{res_id}")
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def agree(one):
    """Answer the question of a button with yes."""
    one.page.locator(".modal footer .btn-primary").click()
    one.page.wait_for_selector(".modal", state="detached")
    one.settle()


def choose_option(one, name, text):
    """A value of a field with a list of fixed ones."""
    one.page.click(f".o_field_widget[name={name}] input")
    one.page.locator(".o_select_menu_item", has_text=text).first.click()
    one.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_agent_looks_up_and_authenticates(person, truth, says, lang):
    """SVC-17, CARD-08, ORG-21: every customer, private fields masked."""
    agent = person("agent", lang)
    check_customers(agent, truth)
    partner_id, name, mobile = truth.one(KNOWN)
    agent.open(CONTACTS)
    agent.page.fill(".o_searchview_input", name)
    agent.page.keyboard.press("Enter")
    agent.settle()
    assert agent.count() >= 1
    open_record(agent, CONTACTS, partner_id)
    shown = agent.page.locator(".o_form_view").inner_text()
    assert name in shown
    assert mobile not in shown and "***" in shown
    agent.picture("contact")
    check_language(agent)
    [card] = truth.one(VALID)
    answer = authenticate(agent, "card", card, says, "card")
    assert says(lang, "The card is valid.") in answer


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_account_waits_for_the_centre(person, truth, says, logins, lang):
    """ORG-09, ORG-20: made by the administrator, approved by the centre, used."""
    login = f"li.{lang.lower()}"
    admin = person("administrator", lang)
    admin.open(USERS)
    admin.picture("accounts")
    admin.page.goto(f"{admin.server}/odoo/action-{USERS}/new")
    admin.page.wait_for_selector(".o_field_widget[name=login] input")
    admin.page.fill(".o_field_widget[name=name] input", f"Li {lang}")
    admin.page.fill(".o_field_widget[name=login] input", login)
    choose_option(admin, "key_account_role", says(lang, "Department Head"))
    choose(admin, "key_account_unit_id", unit_name(truth, lang))
    admin.page.locator(".o_form_button_save").click()
    admin.page.wait_for_selector(".alert-info:visible")
    admin.settle()
    admin.picture("account-waiting")
    check_language(admin)
    active = "SELECT active, key_account_unit_id FROM res_users WHERE login = %(l)s"
    assert truth.one(active, l=login) == (False, None)

    centre = person("centre", lang)
    centre.open(ROLES)
    centre.picture("roles-to-approve")
    check_language(centre)
    centre.page.locator(".o_data_row", has_text=f"Li {lang}").first.click()
    centre.page.wait_for_selector(".o_form_view button[name=action_approve]")
    centre.picture("role-to-approve")
    check_language(centre)
    centre.page.click(".o_form_view button[name=action_approve]")
    agree(centre)
    assert truth.one(active, l=login)[0] is True

    # No mail leaves this server: the password is put where its link would lead.
    truth.one(
        "UPDATE res_users SET password = %(p)s WHERE login = %(l)s RETURNING id",
        p="a-first-password",
        l=login,
    )
    logins[login] = "a-first-password"
    head = person(login, lang)
    check_customers(head, truth)


def unit_name(truth, lang):
    return truth.one(
        "SELECT COALESCE(name->>%(lang)s, name->>'en_US') FROM key_account_unit "
        "WHERE code = '101'",
        lang=lang,
    )[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_departure_is_proposed_and_approved(person, truth, says, lang):
    """FILE-03, FILE-19: the manager proposes it, the head decides, the file is among
    the churned ones."""
    manager = person("manager", lang)
    [customer] = manager.call(
        "res.partner",
        "search_read",
        [
            [
                ["key_account_state", "=", "active"],
                ["key_account_manager_id", "=", manager.user_id],
            ]
        ],
        fields=["name"],
        order="id desc",
        limit=1,
    )
    open_record(manager, CUSTOMERS, customer["id"])
    button = says(lang, "Propose Departure")
    manager.page.get_by_role("button", name=button, exact=True).click()
    manager.page.wait_for_selector(".modal button[name=action_propose]")
    manager.page.fill(".modal .o_field_widget[name=reason] textarea", f"moved {lang}")
    for name in ("reason_id", "kind_id", "cause_id"):
        manager.page.click(f".modal .o_field_widget[name={name}] input")
        manager.page.locator(".o-autocomplete--dropdown-item a").first.click()
        manager.settle()
    manager.picture("departure")
    check_language(manager)
    manager.page.click(".modal footer button[name=action_propose]")
    manager.page.wait_for_selector(".modal", state="detached")
    manager.settle()
    manager.picture("departure-proposed")
    state = "SELECT key_account_state FROM res_partner WHERE id = %(id)s"
    assert truth.one(state, id=customer["id"]) == ("active",)

    head = person("head", lang)
    head.open(STEPS)
    head.picture("steps")
    check_language(head)
    head.page.locator(".o_data_row", has_text=f"moved {lang}").first.click()
    head.page.wait_for_selector(".o_form_view button[name=action_approve]")
    head.picture("step")
    check_language(head)
    head.page.click(".o_form_view button[name=action_approve]")
    agree(head)
    assert truth.one(state, id=customer["id"]) == ("churned",)
    head.open(CHURN)
    head.picture("churned")
    assert head.page.locator(".o_data_row", has_text=customer["name"]).count() == 1
    check_language(head)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_points_statement_is_printed(person, truth, lang):
    """PTS-10: what there was, what moved and what is left, on paper."""
    one = person("manager", lang)
    customer_id, name, points = truth.one(
        "SELECT partner.id, partner.name, SUM(entry.quantity) "
        "FROM key_account_point_entry AS entry "
        "JOIN res_partner AS partner ON partner.id = entry.partner_id "
        "WHERE entry.manager_id = %(user)s GROUP BY partner.id "
        "HAVING SUM(entry.quantity) > 0 ORDER BY SUM(entry.quantity) DESC LIMIT 1",
        user=one.user_id,
    )
    one.page.goto(f"{one.server}/odoo/action-{STATEMENT}")
    one.page.wait_for_selector(".o_field_widget[name=partner_id] input")
    choose(one, "partner_id", name)
    one.page.wait_for_selector(".o_field_widget[name=entry_ids] .o_data_row")
    closing = one.page.locator(".o_field_widget[name=closing]").inner_text()
    assert int(re.sub(r"\D", "", closing)) == points
    one.picture("points-statement")
    check_language(one)
    statement = one.call(
        "key.account.point.statement", "create", [{"partner_id": customer_id}]
    )
    one.page.goto(f"{one.server}/report/html/{PAPER}/{statement}")
    paper = one.page.locator("main, .page").first.inner_text()
    assert name in paper and f"{points:,}" in paper
    one.page.screenshot(path=str(one.pictures / f"{one.role}-points-paper.png"))
