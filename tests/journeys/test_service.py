# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A request's day at the screen: by phone, taken up, waiting, done, called back; what
is late, escalated and closed in bulk; and what the customer's contact sees of it."""

import xmlrpc.client

import pytest
from conftest import LANGUAGES, WAIT

REQUESTS = "key_account_service.key_account_request_action"
DUE = "key_account_service.key_account_request_action_due"
SCREENS = {
    "requests": (REQUESTS, ("list", "kanban", "pivot", "graph", "calendar")),
    "due": (DUE, ("list", "kanban", "calendar")),
    "standards": ("key_account_service.key_account_standard_action", ("list",)),
    "attainment": (
        "key_account_service.key_account_attainment_action",
        ("pivot", "graph", "list"),
    ),
    "durations": (
        "key_account_service.key_account_attainment_action_duration",
        ("pivot",),
    ),
    "elsewhere": (
        "key_account_service.key_account_request_action_settle",
        ("list", "pivot"),
    ),
    "clock-steps": ("key_account_service.key_account_clock_event_action", ("list",)),
}
ROWS = 210
# A customer of the manager's, with its name as the search box finds it.
CUSTOMER = """
    SELECT id, name FROM res_partner
     WHERE key_account_manager_id = %(user)s AND key_account_kind = 'group'
       AND key_account_state = 'active'
     ORDER BY id LIMIT 1
"""


def pick(one, field, text):
    """Choose a record in a many2one by what is typed."""
    box = one.page.locator(f".o_field_widget[name={field}] input")
    box.click()
    box.fill(text)
    option = one.page.locator(".o-autocomplete--dropdown-item", has_text=text)
    option.first.wait_for()
    option.first.click()
    one.settle()


def press(one, text):
    """A button at the top of a form."""
    buttons = one.page.locator(".o_statusbar_buttons button")
    buttons.get_by_text(text, exact=True).first.click()
    one.settle()


def open_request(one, request_id):
    one.page.goto(f"{one.server}/odoo/action-{REQUESTS}/{request_id}")
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.settle()


def term(one, category, code):
    domain = [["category", "=", category], ["code", "=", code]]
    [found] = one.call(
        "key.account.term",
        "search_read",
        [domain, ["name"]],
        context={"lang": one.lang},
    )
    return found["id"], found["name"]


def search_user(truth, login):
    return truth.one(
        "SELECT u.id, p.name FROM res_users AS u JOIN res_partner AS p "
        "ON p.id = u.partner_id WHERE u.login = %(login)s",
        login=login,
    )


def register_by_phone(agent, truth, customer, manager_name, lang):
    """The agent fills the form and names who is to look after it."""
    agent.page.goto(f"{agent.server}/odoo/action-{REQUESTS}/new")
    agent.page.wait_for_selector(".o_form_view .o_form_sheet")
    subject = f"No tone {lang}"
    agent.page.fill(".o_field_widget[name=subject] input", subject)
    pick(agent, "partner_id", customer)
    pick(agent, "kind_id", term(agent, "request_kind", "fault")[1])
    pick(agent, "channel_id", term(agent, "channel", "call_centre")[1])
    pick(agent, "handler_id", manager_name)
    agent.picture("service-new")
    agent.page.click(".o_form_button_save")
    agent.page.wait_for_selector(".o_form_button_save", state="hidden")
    agent.settle()
    found = truth.one(
        "SELECT id FROM key_account_request WHERE subject = %(subject)s "
        "ORDER BY id DESC LIMIT 1",
        subject=subject,
    )
    assert found, "the request is registered"
    agent.picture("service-registered")
    return found[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_by_phone_handed_over_waiting_done_called_back(person, truth, says, lang):
    """SVC-01, SVC-17, SVC-18, SLA-07."""
    manager_id, manager_name = search_user(truth, "manager")
    _customer_id, customer = truth.one(CUSTOMER, user=manager_id)
    agent = person("agent", lang)
    request_id = register_by_phone(agent, truth, customer, manager_name, lang)
    assert not agent.not_chinese() or lang != "zh_CN"

    manager = person("manager", lang)
    open_request(manager, request_id)
    press(manager, says(lang, "Take Up"))
    press(manager, says(lang, "Wait"))
    manager.page.wait_for_selector(".modal .o_field_widget[name=reason_id] input")
    pick(manager, "reason_id", term(manager, "pause_reason", "customer_answer")[1])
    manager.picture("service-wait")
    manager.page.click(".modal footer button[name=action_wait]")
    manager.page.wait_for_selector(".modal", state="detached")
    manager.settle()
    manager.picture("service-waiting")
    press(manager, says(lang, "Go On"))
    press(manager, says(lang, "Done"))
    manager.page.wait_for_selector(".modal .o_field_widget[name=result] textarea")
    pick(manager, "result_id", term(manager, "request_result", "solved")[1])
    manager.page.fill(".modal .o_field_widget[name=result] textarea", "Line repaired")
    manager.picture("service-done")
    manager.page.click(".modal footer button[name=action_done]")
    manager.page.wait_for_selector(".modal", state="detached")
    press(manager, says(lang, "Call Back"))
    manager.page.wait_for_selector(".modal .o_field_widget[name=mark] input")
    manager.page.get_by_label(says(lang, "Very Satisfied"), exact=True).check()
    manager.picture("service-callback")
    manager.page.click(".modal footer button[name=action_call_back]")
    manager.page.wait_for_selector(".modal", state="detached")
    manager.settle()
    manager.picture("service-closed")
    row = truth.one(
        "SELECT state, mark, result, handler_id, callback_user_id, clock_outcome "
        "FROM key_account_request WHERE id = %(id)s",
        id=request_id,
    )
    assert row == ("closed", "5", "Line repaired", manager_id, manager_id, "met")
    steps = truth.one(
        "SELECT array_agg(kind ORDER BY date, id) FROM key_account_clock_event "
        "WHERE res_model = 'key.account.request' AND res_id = %(id)s",
        id=request_id,
    )
    assert steps == (["start", "pause", "resume", "stop"],)
    manager.page.get_by_role("tab", name=says(lang, "Clock")).click()
    manager.settle()
    manager.picture("service-clock")
    assert not manager.not_chinese() or lang != "zh_CN"


def make_late(agent, customer_id, subject, count, at="2026-01-05 08:00:00"):
    """What was asked long ago and lies there."""
    kind_id, _name = term(agent, "request_kind", "fault")
    vals = {"partner_id": customer_id, "kind_id": kind_id, "date_accepted": at}
    rows = [{**vals, "subject": f"{subject} {number}"} for number in range(count)]
    return agent.call("key.account.request", "create", [rows])


@pytest.fixture
def clock(server, suite):
    """Starts a scheduled action as time would: clock("key_account_service", "…")."""
    models = xmlrpc.client.ServerProxy(f"{server}/xmlrpc/2/object", allow_none=True)

    def ask(model, method, *args):
        given = suite.database, 2, "admin"
        return models.execute_kw(*given, model, method, args)

    def start(module, name):
        domain = [["module", "=", module], ["name", "=", name]]
        [row] = ask("ir.model.data", "search_read", domain, ["res_id"])
        ask("ir.cron", "method_direct_trigger", [row["res_id"]])

    return start


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_head_sees_what_is_late_and_closes_in_bulk(
    person, truth, says, clock, lang
):
    """SLA-07: escalated to him, and more than two hundred done as a batch."""
    manager_id, _name = search_user(truth, "manager")
    customer_id, _customer = truth.one(CUSTOMER, user=manager_id)
    agent = person("agent", lang)
    ids = make_late(agent, customer_id, f"Late {lang}", ROWS)
    clock("key_account_service", "ir_cron_alarm")

    head = person("head", lang)
    head.open(DUE)
    head.picture("service-due")
    [overdue] = head.call("key.account.request", "read", [ids[:1], ["clock_phase"]])
    assert overdue["clock_phase"] == "overdue"
    open_request(head, ids[0])
    head.picture("service-overdue")
    assert head.page.locator(".alert-danger").first.is_visible()
    assert not head.not_chinese() or lang != "zh_CN"

    head.open(DUE)
    head.page.fill(".o_searchview_input", f"Late {lang}")
    head.page.press(".o_searchview_input", "Enter")
    head.settle()
    head.page.locator("thead .o_list_record_selector input").check()
    head.page.locator(".o_selection_box .o_select_domain").click()
    head.settle()
    head.page.locator(".o_control_panel_actions button[name=action_done]").click()
    head.page.wait_for_selector(".modal .o_field_widget[name=result] textarea")
    head.page.fill(".modal .o_field_widget[name=result] textarea", "Power is back")
    head.picture("service-bulk-ask")
    head.page.click(".modal footer button[name=action_done]")
    head.page.wait_for_selector(".o_field_widget[name=progress]")
    head.settle()
    head.picture("service-bulk-waiting")
    clock("key_account_service", "ir_cron_close")
    head.page.reload()
    head.page.wait_for_selector(".o_field_widget[name=progress]")
    head.picture("service-bulk-done")
    assert not head.not_chinese() or lang != "zh_CN"
    done = truth.one(
        "SELECT count(*), min(result) FROM key_account_request "
        "WHERE id = ANY(%(ids)s) AND state = 'done'",
        ids=ids,
    )
    assert done == (ROWS, "Power is back")
    left = truth.one(
        "SELECT count(*) FROM mail_activity "
        "WHERE res_model = 'key.account.request' AND res_id = ANY(%(ids)s)",
        ids=ids,
    )
    assert left == (0,)


class Visitor:
    """A contact of a customer on the portal."""

    def __init__(self, browser, server, truth, lang, pictures):
        self.server, self.pictures = server, pictures / lang
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 1000},
            locale=lang.replace("_", "-"),
            timezone_id="Asia/Shanghai",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        truth.one(
            "UPDATE res_partner SET lang = %(lang)s WHERE id = (SELECT partner_id "
            "FROM res_users WHERE login = 'customer') RETURNING id",
            lang=lang,
        )
        self.page.goto(f"{server}/web/login")
        self.page.fill("input[name=login]", "customer")
        self.page.fill("input[name=password]", "customer")
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_selector(".o_portal")

    def go(self, path):
        self.page.goto(f"{self.server}{path}")

    def picture(self, step):
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"customer-{step}.png"
        self.page.screenshot(path=str(path), full_page=True)


@pytest.fixture
def visitor(browser, server, suite, truth):
    opened = []

    def open_session(lang):
        pictures = suite.root / ".dev" / "screenshots"
        opened.append(Visitor(browser, server, truth, lang, pictures))
        return opened[-1]

    yield open_session
    for one in opened:
        one.context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_contact_asks_and_marks(visitor, person, truth, says, lang):
    """SVC-18 on the portal, from the question to the mark."""
    one = visitor(lang)
    one.go("/my/home")
    one.page.wait_for_selector("a[href='/my/requests']")
    one.picture("portal-home")
    one.go("/my/requests")
    one.picture("portal-requests")
    one.go("/my/requests/new")
    one.page.fill("#subject", f"Portal {lang}")
    one.page.fill("#text", "<b>The second line</b> & the first")
    one.picture("portal-new")
    one.page.click("form button[type=submit]")
    one.page.wait_for_selector("textarea[name=text]")
    one.page.fill("textarea[name=text]", "Nobody is here at noon")
    one.picture("portal-request")
    one.page.locator("form[action$=answer] button").click()
    one.page.get_by_text("Nobody is here at noon").wait_for()
    [request_id] = truth.one(
        "SELECT id FROM key_account_request WHERE subject = %(subject)s "
        "ORDER BY id DESC LIMIT 1",
        subject=f"Portal {lang}",
    )

    agent = person("agent", lang)
    open_request(agent, request_id)
    agent.picture("service-from-portal")
    agent.call("key.account.request", "action_handle", [[request_id]])
    open_request(agent, request_id)
    press(agent, says(lang, "Done"))
    agent.page.fill(".modal .o_field_widget[name=result] textarea", "Repaired")
    agent.page.click(".modal footer button[name=action_done]")
    agent.page.wait_for_selector(".modal", state="detached")

    one.go(f"/my/requests/{request_id}")
    one.picture("portal-done")
    one.page.check("#mark_5")
    one.page.locator("form[action$=rate] button").first.click()
    one.page.wait_for_selector("form[action$=rate]", state="detached")
    one.picture("portal-marked")
    assert truth.one(
        "SELECT state, mark FROM key_account_request WHERE id = %(id)s", id=request_id
    ) == ("closed", "5")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screens_of_service(person, lang):
    """What the centre sees, each way of looking at it: all of it in the language."""
    one = person("centre", lang)
    for name, (action, views) in SCREENS.items():
        for view in views:
            one.open(action, view)
            one.picture(f"service-{name}-{view}")
            assert not one.not_chinese() or lang != "zh_CN", (name, view)
    one.open(SCREENS["standards"][0])
    one.page.locator(".o_data_row .o_data_cell").first.click()
    one.page.wait_for_selector(".o_form_view .o_form_sheet")
    one.picture("service-standard")
    assert not one.not_chinese() or lang != "zh_CN"
    one.page.goto(
        f"{one.server}/odoo/action-key_account_service.key_account_request_visit_action"
    )
    one.page.wait_for_selector(".o_field_widget[name=code] input")
    one.picture("service-visit")
