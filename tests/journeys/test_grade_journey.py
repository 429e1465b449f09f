# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A grade rule is drafted, tried, approved; a run grades; its moves are confirmed."""

import re

import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")
LANGUAGES = ("en_US", "zh_CN")
RULES = "key_account_crm.key_account_grade_rule_action"
RUNS = "key_account_crm.key_account_grade_run_action"
MOVES = "key_account_crm.key_account_grade_move_action"
REPORT = "key_account_crm.key_account_grade_report_action"
CUSTOMERS = "key_account_crm.key_account_action"


def check_language(one):
    if one.lang == "zh_CN":
        assert one.not_chinese() == []
    else:
        assert one.labels() and not CHINESE.search(" ".join(one.labels()))


def press(one, name, confirm=False):
    """A button of the form by its method; the question it asks is answered with yes."""
    one.page.locator(f".o_form_view button[name={name}]:visible").first.click()
    if confirm:
        one.page.locator(".modal footer .btn-primary").click()
    one.settle()


def find_rule(truth, state):
    row = truth.one(
        "SELECT id FROM key_account_grade_rule WHERE kind = 'individual' "
        "AND state = %(state)s AND unit_id IS NULL ORDER BY id DESC LIMIT 1",
        state=state,
    )
    return row and row[0]


def open_record(one, action, res_id):
    one.page.goto(f"{one.server}/odoo/action-{action}/{res_id}")
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def draft_rule(one, truth):
    """The administrator asks for a longer row of months, and proposes it."""
    open_record(one, RULES, find_rule(truth, "approved"))
    one.picture("grade-rule")
    check_language(one)
    press(one, "action_new_version")
    one.page.wait_for_selector(".o_field_widget[name=up_periods] input")
    one.page.fill(".o_field_widget[name=up_periods] input", "4")
    one.page.fill(".o_field_widget[name=down_periods] input", "5")
    one.page.locator(".o_form_button_save").click()
    one.settle()
    one.picture("grade-rule-draft")
    press(one, "action_propose", confirm=True)
    assert find_rule(truth, "proposed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_drafted_tried_and_approved(person, truth, lang):
    """Drafted by the administrator, tried and approved by the centre (GRD-17)."""
    draft_rule(person("administrator", lang), truth)
    rule = find_rule(truth, "proposed")
    centre = person("centre", lang)
    open_record(centre, RULES, rule)
    press(centre, "action_try")
    centre.page.wait_for_selector(".o_action_manager .o_view_controller")
    centre.picture("grade-trial")
    open_record(centre, RULES, rule)
    press(centre, "action_approve", confirm=True)
    centre.picture("grade-rule-approved")
    assert truth.one(
        "SELECT state, up_periods FROM key_account_grade_rule WHERE id = %(r)s", r=rule
    ) == ("approved", 4)
    press(centre, "action_withdraw", confirm=True)
    assert truth.one(
        "SELECT state FROM key_account_grade_rule WHERE id = %(r)s", r=rule
    ) == ("withdrawn",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_grades_and_its_moves_are_confirmed(person, truth, lang):
    """The centre grades; the company confirms what waits for it (GRD-07)."""
    centre = person("centre", lang)
    centre.page.goto(f"{centre.server}/odoo/action-{RUNS}/new")
    centre.page.wait_for_selector(".o_form_view button[name=action_start]")
    check_language(centre)
    press(centre, "action_start")
    centre.page.wait_for_selector("button[name=action_start]", state="hidden")
    centre.picture("grade-run")
    state, examined = truth.one(
        "SELECT state, examined_count FROM key_account_grade_run "
        "ORDER BY id DESC LIMIT 1"
    )
    assert state == "done" and examined > 100
    company = person("company", lang)
    waiting = waiting_ids(company)
    assert waiting
    company.open(MOVES)
    company.page.goto(f"{company.server}/odoo/action-{MOVES}/{waiting[0]}")
    company.page.wait_for_selector("button[name=action_confirm]:visible")
    company.picture("grade-move")
    check_language(company)
    press(company, "action_confirm")
    company.page.wait_for_selector("button[name=action_confirm]", state="hidden")
    assert truth.one(
        "SELECT state FROM key_account_grade_move WHERE id = %(m)s", m=waiting[0]
    ) == ("applied",)
    assert len(waiting_ids(company)) == len(waiting) - 1


def waiting_ids(one):
    """Proposals the person may decide about."""
    rows = one.call(
        "key.account.grade.move",
        "search_read",
        [[["state", "=", "proposed"]]],
        fields=["can_decide"],
    )
    return [row["id"] for row in rows if row["can_decide"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_customer_says_why(person, truth, lang):
    """The form's sentence; each number opens its rows; the matrix of all moves."""
    one = person("manager", lang)
    one.open(CUSTOMERS)
    one.picture("grade-customers")
    customer = one.call(
        "res.partner",
        "search",
        [[["key_account_grade_id", "!=", False], ["key_account_kind", "=", "group"]]],
        limit=1,
    )[0]
    open_record(one, CUSTOMERS, customer)
    sentence = one.page.locator(".o_field_widget[name=key_account_grade_reason]")
    assert sentence.inner_text().strip()
    one.picture("grade-customer")
    check_language(one)
    one.page.locator(".o_key_account_grade_figures button").first.click()
    one.page.wait_for_selector(".o_list_view")
    one.picture("grade-figures")
    one.page.goto(f"{one.server}/odoo/action-{REPORT}")
    one.page.wait_for_selector(".o_pivot")
    one.settle()
    one.picture("grade-matrix")
