# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plans and tasks: a head issues both, a manager works on a phone and suggests."""

import datetime

import pytest

LANGUAGES = ("en_US", "zh_CN")
PLANS = "key_account_manager.key_account_plan_action"
RESULTS = "key_account_manager.key_account_plan_result_action"
SUGGESTIONS = "key_account_manager.key_account_plan_suggestion_action"
TASKS = "key_account_manager.key_account_task_action"
MY_TASKS = "key_account_manager.key_account_task_action_mine"
PHONE = {"width": 390, "height": 844}
# A year of its own for each language: an owner has one plan of each period.
WEEKS = {"en_US": "2031-03-03", "zh_CN": "2031-03-10"}


def form(one, action, record_id):
    one.page.goto(f"{one.server}/odoo/action-{action}/{record_id}")
    one.page.wait_for_selector(
        ".o_form_view .o_form_sheet, .o_form_view .o_form_editable"
    )
    one.settle()


def press(one, name):
    """A button above the form; on a phone it may be in the menu of actions."""
    button = one.page.locator(f".o_statusbar_buttons button[name='{name}']")
    if not button.count() or not button.first.is_visible():
        one.page.locator(
            ".o_statusbar_buttons .dropdown-toggle, .o-dropdown--more, "
            ".o_statusbar_buttons_dropdown"
        ).first.click()
        button = one.page.locator(f".dropdown-menu button[name='{name}']")
    button.first.click()
    one.settle()


def confirm(one):
    one.page.click(".modal footer .btn-primary")
    one.page.wait_for_selector(".modal", state="detached")
    one.settle()


def indicator(one, code):
    found = one.call("key.account.indicator", "search", [[["code", "=", code]]])
    return found[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_is_issued_split_and_approved(person, truth, lang):
    """PLAN-01 to PLAN-06: of a department, split among its managers, approved above."""
    head = person("head", lang)
    targets = {"revenue": 1000.01, "recovery": 95}
    [plan_id] = head.call(
        "key.account.plan",
        "create",
        [
            [
                {
                    "name": "Spring" if lang == "en_US" else "春季攻势",
                    "period": "week",
                    "date_from": WEEKS[lang],
                    "target_ids": [
                        [
                            0,
                            0,
                            {"indicator_id": indicator(head, code), "target": target},
                        ]
                        for code, target in targets.items()
                    ],
                }
            ]
        ],
    )
    wizard = head.call("key.account.plan.split", "create", [[{"plan_id": plan_id}]])
    head.call("key.account.plan.split", "action_split", [wizard])
    parts, total = truth.one(
        "SELECT COUNT(*), SUM(target)::numeric(16, 2) "
        "FROM key_account_plan_target AS t "
        "JOIN key_account_plan AS p ON p.id = t.plan_id "
        "JOIN key_account_indicator AS i ON i.id = t.indicator_id "
        "WHERE p.parent_id = %(plan)s AND i.code = 'revenue'",
        plan=plan_id,
    )
    assert parts and str(total) == "1000.01"
    form(head, PLANS, plan_id)
    head.picture("plan-split")
    if lang == "zh_CN":
        assert head.not_chinese() == []
    press(head, "action_submit")
    assert not head.page.locator("button[name=action_approve]:visible").count(), (
        "nobody approves his own"
    )
    company = person("company", lang)
    form(company, PLANS, plan_id)
    press(company, "action_approve")
    company.picture("plan-approved")
    assert truth.one(
        "SELECT state FROM key_account_plan WHERE id = %(plan)s", plan=plan_id
    ) == ("approved",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_completion_is_browsed(person, lang):
    """TRK-01 to TRK-05: list, pivot, graph; how a figure was made, the rows behind."""
    head = person("head", lang)
    head.open(PLANS)
    head.picture("plans")
    for view in ("kanban", "calendar"):
        head.page.click(f".o_switch_view.o_{view}")
        head.page.wait_for_selector(f".o_{view}_view, .o_{view}_renderer")
        head.picture(f"plans-{view}")
    head.open(RESULTS)
    assert head.count()
    head.picture("completion")
    for view in ("pivot", "graph"):
        head.page.click(f".o_switch_view.o_{view}")
        head.page.wait_for_selector(f".o_{view}_view")
        head.picture(f"completion-{view}")
    frozen = head.call(
        "key.account.plan.result",
        "search",
        [[["is_frozen", "=", True], ["indicator_id.code", "=", "revenue"]]],
        limit=1,
    )
    form(head, RESULTS, frozen[0])
    head.picture("frozen")
    if lang == "zh_CN":
        assert head.not_chinese() == []
    press(head, "action_recompute")
    head.page.wait_for_selector(".o_notification")
    head.picture("frozen-recomputed")
    press(head, "action_view_rows")
    head.page.wait_for_selector(".o_list_view .o_data_row")
    head.picture("frozen-rows")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_works_on_a_phone(person, truth, says, lang):
    """TASK-01 to TASK-06, PLAN-04: accepts, submits, suggests; is evaluated."""
    head = person("head", lang)
    manager = person("manager", lang)
    title = "Visit before the feast" if lang == "en_US" else "节前走访"
    head.open(TASKS)
    head.picture("tasks")
    due = str(datetime.date.today() + datetime.timedelta(days=6))
    wizard = head.call(
        "key.account.task.issue",
        "create",
        [[{"name": title, "date_due": due, "user_ids": [[6, 0, [manager.user_id]]]}]],
    )
    action = head.call("key.account.task.issue", "action_issue", [wizard])
    task_id = action["domain"][0][2][0]
    manager.page.set_viewport_size(PHONE)
    manager.page.goto(f"{manager.server}/odoo/action-{MY_TASKS}")
    manager.page.wait_for_selector(".o_kanban_record")
    manager.picture("my-tasks-phone")
    form(manager, MY_TASKS, task_id)
    manager.picture("task-phone")
    press(manager, "action_accept")
    manager.call("key.account.task", "read", [[task_id], ["state"]])
    assert truth.one(
        "SELECT state FROM key_account_task WHERE id = %(task)s", task=task_id
    ) == ("accepted",)
    ask = manager.call(
        "key.account.task.ask",
        "create",
        [[{"task_ids": [[6, 0, [task_id]]], "step": "submit", "note": "8 / 8"}]],
    )
    manager.call("key.account.task.ask", "action_take", [ask])
    form(manager, MY_TASKS, task_id)
    manager.picture("task-submitted-phone")
    (plan_id,) = truth.one(
        "SELECT id FROM key_account_plan WHERE manager_id = %(user)s "
        "AND state = 'running' AND period = 'month'",
        user=manager.user_id,
    )
    form(manager, "key_account_manager.key_account_plan_action_mine", plan_id)
    manager.picture("plan-phone")
    suggestion = manager.call(
        "key.account.plan.suggestion",
        "create",
        [[{"plan_id": plan_id, "subject": title, "body": title}]],
    )
    form(manager, SUGGESTIONS, suggestion[0])
    manager.picture("suggestion-phone")
    form(head, TASKS, task_id)
    head.picture("task-submitted")
    if lang == "zh_CN":
        assert head.not_chinese() == []
    head.page.click(f".o_statusbar_buttons button:has-text('{says(lang, 'Evaluate')}')")
    head.page.fill(".modal div[name=score] input", "90")
    head.page.fill(".modal div[name=note] textarea", "OK")
    head.picture("task-evaluating")
    confirm(head)
    assert truth.one(
        "SELECT state, score FROM key_account_task WHERE id = %(task)s", task=task_id
    ) == ("evaluated", 90)
    form(head, SUGGESTIONS, suggestion[0])
    head.page.click(f".o_statusbar_buttons button:has-text('{says(lang, 'Answer')}')")
    head.page.fill(".modal div[name=answer] textarea", "OK")
    confirm(head)
    head.picture("suggestion-answered")
    for view in ("kanban", "calendar", "pivot"):
        head.open(TASKS, view)
        head.picture(f"tasks-{view}")
