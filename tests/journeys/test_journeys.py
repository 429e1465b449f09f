# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A morning of each role in the browser, in both languages, with pictures."""

import re

import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")
CUSTOMERS = "key_account_crm.key_account_action"
BILLS = "key_account_crm.key_account_bill_action"
FEEDS = "key_account_feed.key_account_feed_action"
REDEMPTIONS = "key_account_crm.key_account_point_redemption_action"
LANGUAGES = ("en_US", "zh_CN")
EVERYBODYS = {"key_account_menu_root"}
MONEY = {
    "key_account_menu_money",
    "key_account_menu_bills",
    "key_account_menu_payments",
}
# role: (menus it must have, menus it must not have)
MENUS = {
    "manager": (
        MONEY | {"key_account_menu_customers_all", "key_account_menu_changes"},
        {"key_account_menu_units", "key_account_menu_audit", "key_account_feed_menu"},
    ),
    "company": (
        MONEY | {"key_account_menu_customers_all", "key_account_menu_duplicates"},
        {"key_account_menu_terms", "key_account_menu_key_fields"},
    ),
    "centre": (
        MONEY | {"key_account_menu_units", "key_account_menu_audit"},
        {"key_account_feed_source_menu"},
    ),
    "finance": (
        MONEY | {"key_account_menu_customers_all"},
        {"key_account_menu_potential", "key_account_menu_churn"}
        | {"key_account_menu_audit", "key_account_menu_units"},
    ),
    "administrator": (
        {"key_account_menu_units", "key_account_menu_terms", "key_account_feed_menu"},
        MONEY | {"key_account_menu_potential", "key_account_menu_duplicates"},
    ),
    "operator": (
        {"key_account_feed_menu"},
        MONEY | {"key_account_menu_customers_all", "key_account_menu_units"},
    ),
}
MINE = """
    SELECT partner.id FROM res_partner AS partner
      JOIN key_account_unit AS home ON home.id = partner.key_account_unit_id
     WHERE partner.key_account_kind IS NOT NULL AND partner.active AND (%(all)s
        OR %(manager)s AND partner.key_account_manager_id = %(user)s
        OR NOT %(manager)s AND home.parent_path LIKE %(path)s
        OR EXISTS (
            SELECT FROM key_account_line_file AS file
              JOIN key_account_unit AS unit ON unit.id = file.unit_id
             WHERE file.partner_id = partner.id
               AND (%(manager)s AND file.manager_id = %(user)s
                OR NOT %(manager)s AND unit.parent_path LIKE %(path)s)))
"""
MY_BILLS = """
    SELECT count(*), COALESCE(sum(bill.amount), 0)
      FROM key_account_bill AS bill
      JOIN res_partner AS partner ON partner.id = bill.partner_id
      LEFT JOIN key_account_line_file AS file
        ON file.partner_id = bill.partner_id AND file.line_id = bill.line_id
      JOIN key_account_unit AS unit
        ON unit.id = CASE WHEN file.id IS NULL THEN partner.key_account_unit_id
                          ELSE file.unit_id END
     WHERE %(all)s OR NOT %(manager)s AND unit.parent_path LIKE %(path)s
        OR %(manager)s AND %(user)s = CASE
            WHEN file.id IS NULL THEN partner.key_account_manager_id
            ELSE file.manager_id END
"""


def scope(truth, one):
    """Parameters that say in SQL what a role reaches (domain 3.2)."""
    [path] = truth.one(
        "SELECT unit.parent_path FROM res_users JOIN key_account_unit AS unit "
        "ON unit.id = key_account_unit_id WHERE res_users.id = %(user)s",
        user=one.user_id,
    )
    return {
        "all": one.role in ("centre", "office", "agent", "admin"),
        "manager": one.role == "manager",
        "user": one.user_id,
        "path": f"{path}%",
    }


def check_menus(one, login):
    wanted, unwanted = MENUS[login]
    found = one.menus()
    assert EVERYBODYS | wanted <= found
    assert not unwanted & found


def check_customers(one, truth):
    one.open(CUSTOMERS)
    [count] = truth.one(f"SELECT count(*) FROM ({MINE}) AS mine", **scope(truth, one))
    assert one.count() == count > 0
    one.picture("customers")


def check_bills(one, truth):
    count, total = truth.one(MY_BILLS, **scope(truth, one))
    one.open(BILLS)
    assert one.count() == count > 0
    [group] = one.call(
        "key.account.bill",
        "formatted_read_group",
        [[], [], ["amount:sum", "__count"]],
    )
    assert (group["__count"], round(group["amount:sum"], 2)) == (count, float(total))
    one.picture("bills")


def open_customer(one):
    one.open(CUSTOMERS)
    one.page.locator(".o_data_row .o_data_cell").nth(1).click()
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def look_at_the_file(one):
    """The form with its chart, its pages and the time line."""
    open_customer(one)
    assert one.page.locator(".o_field_key_account_chart").first.is_visible()
    one.picture("customer")
    for name in ("lines", "money", "history"):
        tab = one.page.locator(f".o_notebook .nav-link[name={name}]")
        if tab.count():
            tab.click()
            one.settle()
            one.picture(f"customer-{name}")
    rows = one.page.locator(".o_key_account_timeline_row")
    assert rows.count() > 0


def check_language(one):
    if one.lang == "zh_CN":
        assert one.not_chinese() == []
    else:
        assert one.labels() and not CHINESE.search(" ".join(one.labels()))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("login", ("manager", "company", "centre"))
def test_who_serves_customers(person, truth, login, lang):
    """Sees the customers and bills in reach and no others; the file tells a story."""
    one = person(login, lang)
    check_menus(one, login)
    check_customers(one, truth)
    check_language(one)
    look_at_the_file(one)
    check_language(one)
    check_bills(one, truth)
    check_language(one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_finance(person, truth, lang):
    """Bills and payments of its company; the files are read only."""
    one = person("finance", lang)
    check_menus(one, "finance")
    check_bills(one, truth)
    check_customers(one, truth)
    open_customer(one)
    one.picture("customer")
    assert not one.call("res.partner", "has_access", [[], "write"])
    one.open("key_account_crm.key_account_payment_action")
    one.picture("payments")
    check_language(one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_administrator(person, truth, lang):
    """Configures; sees lists of customers, none of their money."""
    one = person("administrator", lang)
    check_menus(one, "administrator")
    check_customers(one, truth)
    assert not one.page.locator("th[data-name=key_account_year]").count()
    open_customer(one)
    one.picture("customer")
    one.open("key_account_crm.key_account_unit_action")
    one.picture("units")
    one.open("key_account_crm.key_account_term_action")
    one.picture("dictionaries")
    check_language(one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_data_operator(person, lang):
    """The daily files, and nothing else."""
    one = person("operator", lang)
    check_menus(one, "operator")
    one.page.goto(f"{one.server}/odoo/action-{FEEDS}")
    one.page.wait_for_selector(".o_action_manager .o_view_controller")
    one.picture("feeds")
    check_language(one)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_change_is_proposed_and_decided_by_another(person, truth, says, lang):
    """The manager proposes another name; the head approves it (COL-05)."""
    one = person("manager", lang)
    open_customer(one)
    one.page.get_by_role("button", name=says(lang, "Propose a Change")).click()
    one.page.click(".modal .o_field_widget[name=channel_id] input")
    one.page.locator(".o-autocomplete--dropdown-item").first.click()
    one.page.fill(".modal .o_field_widget[name=reason] textarea", lang)
    one.page.click(".modal .o_field_x2many_list_row_add a")
    one.page.click(".modal td[name=field_name] input")
    one.page.locator(".o_select_menu_item").first.click()
    one.settle()
    new = one.page.locator(".modal td[name=present]").inner_text() + f" {lang}"
    one.page.fill(".modal td[name=value_text] input", new)
    one.picture("proposal")
    one.page.click(".modal footer button[name=action_propose]")
    one.page.wait_for_selector(".modal", state="detached")
    assert not waiting_decision(one)
    head = person("head", lang)
    head.open("key_account_crm.key_account_change_action")
    head.page.locator(".o_data_row", has_text=new).first.click()
    head.page.wait_for_selector(".o_form_view")
    head.picture("decision")
    head.page.locator(".o_form_view button[name=action_approve]").click()
    head.page.wait_for_selector("button[name=action_approve]", state="detached")
    assert truth.one("SELECT count(*) FROM res_partner WHERE name = %(n)s", n=new) == (
        1,
    )


def waiting_decision(one):
    """Changes the person could decide himself: never his own."""
    waiting = one.call(
        "key.account.change",
        "search_read",
        [[["state", "=", "proposed"], ["proposed_by_id", "=", one.user_id]]],
        fields=["can_decide"],
    )
    assert waiting
    return [change for change in waiting if change["can_decide"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_points_are_redeemed_with_approval(person, truth, says, lang):
    """The manager redeems above the limit; the centre approves; it is handed out."""
    one = person("manager", lang)
    [customer] = one.call(
        "res.partner",
        "search_read",
        [[["key_account_points", ">", 6000], ["key_account_state", "=", "active"]]],
        fields=["name", "key_account_points"],
        limit=1,
    )
    one.page.goto(f"{one.server}/odoo/action-{REDEMPTIONS}/new")
    one.page.wait_for_selector(".o_form_view .o_field_widget[name=partner_id]")
    choose(one, "partner_id", customer["name"])
    choose(one, "reward_id", "D-UMBRELLA")
    one.page.fill(".o_field_widget[name=count] input", "7")
    one.page.keyboard.press("Tab")
    one.picture("redemption-new")
    one.page.click(".o_form_view button[name=action_register]")
    one.page.wait_for_selector("button[name=action_register]", state="detached")
    receipt = one.page.locator(".o_field_widget[name=name]").inner_text()
    state = "SELECT state, points FROM key_account_point_redemption WHERE name = %(n)s"
    assert truth.one(state, n=receipt) == ("requested", 5600)
    centre = person("centre", lang)
    centre.open(REDEMPTIONS)
    centre.picture("redemptions")
    centre.page.locator(".o_data_row", has_text=receipt).first.click()
    centre.page.wait_for_selector(".o_form_view button[name=action_approve]")
    check_language(centre)
    centre.page.click(".o_form_view button[name=action_approve]")
    centre.page.wait_for_selector("button[name=action_approve]", state="detached")
    one.page.reload()
    one.page.click(".o_form_view button[name=action_fulfil]")
    one.page.wait_for_selector("button[name=action_fulfil]", state="detached")
    one.picture("redemption-done")
    assert truth.one(state, n=receipt) == ("fulfilled", 5600)


def choose(one, name, text):
    """Pick the first proposal for a text in a field that names a record."""

    def answers(response):
        asked = response.request.post_data or ""
        return "name_search" in response.url and text in asked

    with one.page.expect_response(answers):
        one.page.fill(f".o_field_widget[name={name}] input", text)
    one.settle()
    one.page.locator(".o-autocomplete--dropdown-item a").first.click()
    one.settle()
