# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every menu that a role is given opens, in both languages, with its first rows.

As the web client does it, without the browser: the views of the action, then the rows
and the columns of its list. What a view says is Chinese for who works in Chinese.
"""

import csv
import re
from pathlib import Path

import pytest
from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools.safe_eval import safe_eval

ROOT = Path(__file__).resolve().parents[2]
LOGINS = [
    row["login"]
    for row in csv.DictReader((ROOT / "config/dev/logins.csv").open())
    if row["login"] != "customer"
]
SAID = ("string", "placeholder", "confirm", "title", "data-tooltip", "sum", "help")
CHINESE = re.compile("[\u4e00-\u9fff]")
# Names of things that are called so in Chinese too.
NAMES = re.compile(r"\b([A-Z0-9]{2,}|Odoo|JSON|Excel|Email|WeChat|[a-z_.]+@[a-z.]+)\b")


@pytest.fixture(scope="module")
def registry():
    return Registry(get_db_name())


def env_of(cr, login, lang):
    env = api.Environment(cr, SUPERUSER_ID, {})
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user, context={"lang": lang, "tz": "Asia/Shanghai"})


def menu_actions(env):
    """(menu, window action) of each menu of the suite that the person is given."""
    menus = env["ir.ui.menu"].load_menus(False)
    for menu in menus.values():
        name, kind = menu.get("xmlid") or "", menu.get("action_model")
        if name.startswith("key_account") and kind == "ir.actions.act_window":
            # sudo: the web client is given an action by its id, not by right
            yield name, env[kind].sudo().browse(menu["action_id"])


def open_action(env, action):
    """The views the client gets, after the rows of a list could be read."""
    context = dict(env.context, active_model=False, active_id=False)
    values = {"uid": env.uid, "context": context, "active_id": False}
    context |= safe_eval(action.context or "{}", dict(values))
    model = env[action.res_model].with_context(context)
    views = [*action.views, (action.search_view_id.id, "search")]
    answer = model.get_views([list(view) for view in views])
    shown = answer["views"]
    domain = safe_eval(action.domain or "[]", dict(values))
    if "list" in shown:
        names = {
            node.get("name")
            for node in etree.fromstring(shown["list"]["arch"]).iter("field")
        }
        names &= model._fields.keys()
        model.web_search_read(domain, {name: {} for name in names}, limit=5)
    return answer


def said(env, answer):
    """Texts of the views and of the fields they show, choices included.

    Not that of a whole view: the client shows the name of the action in its place.
    """
    for view in answer["views"].values():
        for node in etree.fromstring(view["arch"]).iterdescendants(etree.Element):
            yield from (node.get(name) for name in SAID if node.get(name))
            yield from (text for text in (node.text, node.tail) if text)
    for model, shown in answer["models"].items():
        for name, field in shown["fields"].items():
            if is_ours(env[model]._fields[name]):
                yield field["string"]
                yield field.get("help") or ""
                yield from (label for _value, label in field.get("selection") or ())


def is_ours(field):
    """First defined by the suite, not an extension of what Odoo brings."""
    return "".join(field._modules[:1]).startswith("key_account")


def untranslated(env, answer):
    texts = {text.strip() for text in said(env, answer)}
    return {
        text
        for text in texts
        if not CHINESE.search(text) and re.search("[A-Za-z]{3}", NAMES.sub("", text))
    }


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
@pytest.mark.parametrize("login", LOGINS)
def test_every_menu_opens(registry, login, lang):
    with registry.cursor() as cr:
        env = env_of(cr, login, lang)
        found, english = 0, {}
        for name, action in menu_actions(env):
            answer = open_action(env, action)
            found += 1
            if lang == "zh_CN" and (texts := untranslated(env, answer)):
                english[name] = texts
        cr.rollback()
    assert found
    assert not english


@pytest.mark.parametrize("login", LOGINS)
def test_every_list_helps_when_it_is_empty(registry, login):
    with registry.cursor() as cr:
        env = env_of(cr, login, "en_US")
        silent = [
            name
            for name, action in menu_actions(env)
            if action.target != "new" and action.view_mode != "form" and not action.help
        ]
    assert not silent
