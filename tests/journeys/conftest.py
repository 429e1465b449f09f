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


class Person:
    """One role's day at the screen, in one language."""

    def __init__(self, browser, server, role, lang, login, password, pictures):
        self.server, self.role, self.lang = server, role, lang
        self.pictures = pictures / lang
        self.context = browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale=lang.replace("_", "-"),
            timezone_id="Asia/Shanghai",
        )
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
        self.page.goto(f"{self.server}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("form.oe_login_form button[type=submit]")
        # The first page of a database builds its asset bundles.
        self.page.wait_for_selector(".o_main_navbar", timeout=4 * WAIT)
        self.user_id = self.call("res.users", "search", [[["login", "=", login]]])[0]
        self.call("res.users", "write", [[self.user_id], {"lang": self.lang}])

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
        """Open a window action; nothing is filtered beforehand."""
        self.page.goto(f"{self.server}/odoo/action-{action}")
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

    def settle(self):
        """The client has nothing more to load."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(
            "() => !document.querySelector('.o_loading_indicator, .o_blockUI')"
        )

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
        self.page.screenshot(path=str(path))

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
        self.context.close()


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


@pytest.fixture
def person(browser, server, suite, logins, request):
    """Opens sessions: person("manager", "zh_CN"); afterwards nothing may be red."""
    opened = []

    def open_session(login, lang):
        if lang == "zh_CN" and not list(suite.root.glob("*/i18n/zh_CN.po")):
            pytest.skip("no zh_CN.po yet")
        role = "admin" if login == "administrator" else login
        pictures = suite.root / ".dev" / "screenshots"
        one = Person(browser, server, role, lang, login, logins[login], pictures)
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
