# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A person at the browser: logs in, opens menus, lists and forms, takes pictures."""

import configparser
import csv
import json
import re

import polib
import psycopg2
import pytest

LANGUAGES = ("en_US", "zh_CN")
CHINESE = re.compile("[\u4e00-\u9fff]")
# What the browser complains of and we cannot change.
HARMLESS = re.compile(r"favicon|DevTools|ERR_NETWORK_CHANGED|WebSocket|websocket|bus")
WAIT = 60_000
# Told to every page: how many questions to the server are open, and since when none is.
COUNT_REQUESTS = """
    window.asked = {open: 0, since: performance.now()};
    const begin = () => { asked.open++; };
    const end = () => { asked.open--; asked.since = performance.now(); };
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...args) {
        begin();
        this.addEventListener("loadend", end, {once: true});
        return send.apply(this, args);
    };
    const fetched = window.fetch;
    window.fetch = (...args) => {
        begin();
        return fetched(...args).finally(end);
    };
"""
# An alarm that comes meanwhile, as a notice, is not in the way of who clicks below it.
LET_THROUGH = """addEventListener("DOMContentLoaded", () => {
    const style = document.createElement("style");
    style.textContent = ".o_notification_manager { pointer-events: none; }";
    document.head.append(style);
});"""
# Nothing is asked, nor was a moment ago, nor does the client say that it is busy.
IS_QUIET = """() => asked.open <= 0 && performance.now() - asked.since > 100
    && !document.querySelector(".o_loading_indicator, .o_blockUI")"""

# What a menu does, without the filters that the action sets.
DO_ACTION = """async (xmlid) => {
    const service = odoo.__WOWL_DEBUG__.root.env.services.action;
    const action = await service.loadAction(xmlid);
    for (const key of Object.keys(action.context)) {
        if (key.startsWith("search_default_")) delete action.context[key];
    }
    await service.doAction(action, {clearBreadcrumbs: true});
}"""


class Contexts:
    """Browsers of people who come one after the other: what the client loads once it
    need not load and compile for the next one; who he was is forgotten."""

    STORED = "local_storage,indexeddb,cache_storage"

    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self.free = {}
        self.opened = set()  # (action, language): whose filters were taken off
        self.sessions = {}  # (login, language): cookies, once he has logged in

    def take(self, lang):
        free = self.free.setdefault(lang, [])
        return free.pop() if free else self._make(lang)

    def _make(self, lang):
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale=lang.replace("_", "-"),
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.add_init_script(COUNT_REQUESTS)
        context.add_init_script(LET_THROUGH)
        return context

    def give_back(self, lang, context):
        context.clear_cookies()
        forget = {"origin": self.server, "storageTypes": self.STORED}
        tools = context.new_cdp_session(context.pages[0])
        tools.send("Storage.clearDataForOrigin", forget)
        for page in context.pages:
            page.close()
        self.free[lang].append(context)


class Person:
    """One role's day at the screen, in one language."""

    def __init__(self, contexts, role, lang, login, password, pictures):
        self.server, self.role, self.lang = contexts.server, role, lang
        self.pictures = pictures / lang
        self.contexts = contexts
        self.context = contexts.take(lang)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.errors = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.log_in(login, password)

    def _note(self, message):
        url = message.location.get("url", "")
        is_harmless = HARMLESS.search(message.text) or url.endswith("favicon.ico")
        if message.type == "error" and not is_harmless:
            self.errors.append(f"{message.text} {url}")

    def log_in(self, login, password):
        """By the form, once; who did so before still is logged in."""
        sessions, key = self.contexts.sessions, (login, self.lang)
        self.context.add_cookies(sessions.get(key, []))
        if not self.is_logged_in():
            self.fill_login(login, password)
            sessions[key] = self.context.cookies()
        self.user_id = self.call("res.users", "search", [[["login", "=", login]]])[0]
        self.call("res.users", "write", [[self.user_id], {"lang": self.lang}])
        # The client that is there yet may speak another language.
        self.page.goto("about:blank")

    def is_logged_in(self):
        return self.page.request.get(f"{self.server}/odoo", max_redirects=0).ok

    def fill_login(self, login, password):
        self.page.goto(f"{self.server}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("form.oe_login_form button[type=submit]")
        # The first page of a database builds its asset bundles.
        self.page.wait_for_selector(".o_main_navbar", timeout=4 * WAIT)

    def call(self, model, method, args, **kwargs):
        """Ask the server as the client of this session would."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.page.request.post(
            f"{self.server}/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        assert "error" not in answer, answer["error"]["data"]["message"]
        return answer["result"]

    def menus(self):
        """XML ids of the menus of the suite that this person is given."""
        answer = self.page.request.get(f"{self.server}/web/webclient/load_menus")
        found = (menu.get("xmlid") or "" for menu in answer.json().values())
        return {name.split(".")[1] for name in found if name.startswith("key_account")}

    def open(self, action, view="list"):
        """Open a window action; nothing is filtered beforehand: the first time by its
        address, the filters taken off one by one, then as a menu would."""
        known, key = self.contexts.opened, (action, self.lang)
        if key in known and self.is_in_client():
            self.page.evaluate(DO_ACTION, action)
        else:
            self.page.goto(f"{self.server}/odoo/action-{action}")
        known.add(key)
        selector = f".o_{view}_view"
        self.page.wait_for_selector(".o_action_manager .o_view_controller")
        if self.page.locator(selector).count() == 0:
            self.page.click(f".o_switch_view.o_{view}")
        self.page.wait_for_selector(selector)
        if view == "list":
            self.page.wait_for_selector(
                ".o_data_row, .o_group_header, .o_view_nocontent", state="attached"
            )
        while self.page.locator(".o_searchview .o_facet_remove").count():
            self.page.locator(".o_searchview .o_facet_remove").first.click()
            self.settle()
        self.settle()

    def is_in_client(self):
        return self.page.url.startswith(f"{self.server}/odoo")

    def settle(self):
        """The client has nothing more to load."""
        # What is pressed or typed asks the server a moment later.
        self.page.wait_for_timeout(150)
        # Looked for at every frame, it would have frames drawn.
        self.page.wait_for_function(IS_QUIET, polling=50)

    def count(self):
        """How many records the list says there are."""
        pager = self.page.locator(".o_control_panel .o_pager_limit")
        if not pager.count():
            return self.page.locator(".o_data_row").count()
        if pager.first.text_content().strip().endswith("+"):
            pager.first.click()
            self.settle()
        return int(re.sub(r"\D", "", pager.first.text_content()))

    def picture(self, step):
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{self.role}-{step}.png"
        self.settle()
        # To hide the caret would have every element's style computed, twice.
        self.page.screenshot(path=str(path), caret="initial")

    def labels(self):
        """Texts of the screen that are the product's and not somebody's data."""
        selector = (
            ".o_form_view .o_form_label, .o_form_view .nav-link, "
            ".o_list_view thead th .o_column_title, .o_menu_sections .dropdown-toggle, "
            ".o_menu_sections .o_nav_entry, .o_statusbar_buttons button, "
            ".o_stat_text, .o_horizontal_separator"
        )
        texts = self.page.locator(selector).all_inner_texts()
        return sorted({text.strip() for text in texts if text.strip()})

    def not_chinese(self):
        """Labels of at least a word that hold no Chinese character."""
        return [
            text
            for text in self.labels()
            if re.search("[A-Za-z]{3}", text) and not CHINESE.search(text)
        ]

    def close(self):
        self.contexts.give_back(self.lang, self.context)


class Truth:
    """What the tables hold, asked past all rules."""

    def __init__(self, suite):
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(suite.config)
        options = settings["options"]
        self.connection = psycopg2.connect(
            dbname=suite.database,
            host=options["db_host"],
            port=options.get("db_port", "5432"),
            user=options["db_user"],
        )
        self.connection.autocommit = True

    def one(self, query, **values):
        with self.connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchone()


@pytest.fixture(scope="session")
def truth(suite):
    return Truth(suite)


@pytest.fixture(scope="session")
def logins(suite):
    with (suite.root / "config" / "dev" / "logins.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return {row["login"]: row["password"] for row in rows}


@pytest.fixture(scope="session")
def contexts(browser, server):
    return Contexts(browser, server)


@pytest.fixture
def person(contexts, suite, logins):
    """Opens sessions: person("manager", "zh_CN"); afterwards nothing may be red."""
    opened = []

    def open_session(login, lang):
        if lang == "zh_CN" and not list(suite.root.glob("*/i18n/zh_CN.po")):
            pytest.skip("no zh_CN.po yet")
        role = "admin" if login == "administrator" else login
        pictures = suite.root / ".dev" / "screenshots"
        one = Person(contexts, role, lang, login, logins[login], pictures)
        opened.append(one)
        return one

    yield open_session
    for one in opened:
        one.close()
    assert not [error for one in opened for error in one.errors]


@pytest.fixture(scope="session")
def says(suite):
    """A text of the product as a language says it: says("zh_CN", "Approve")."""
    known = {
        entry.msgid: entry.msgstr
        for path in suite.root.rglob("i18n/zh_CN.po")
        if ".dev" not in path.parts
        for entry in polib.pofile(str(path))
    }
    return lambda lang, text: known[text] if lang == "zh_CN" else text
