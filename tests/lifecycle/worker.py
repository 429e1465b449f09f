# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Odoo that works on the databases of these tests, one after the other, as the
server of a hoster does: what it takes to start Odoo is paid once, not in every test.

Each line of the input asks for something (`{"do": "install", "database": …}`), each
line of the output answers with what Odoo logged meanwhile and, when it failed, why.
"""

import io
import json
import logging
import os
import sys
import threading
import traceback

import werkzeug.test
from werkzeug.wrappers import Response

from odoo import SUPERUSER_ID, api, http
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config


def install(database, addons):
    """As `-i … --skip-auto-install`."""
    config["skip_auto_install"] = True
    try:
        Registry.new(database, update_module=True, install_modules=addons)
    finally:
        config["skip_auto_install"] = False


def update(database, addons):
    """As `-u …`."""
    Registry.new(database, update_module=True, upgrade_modules=addons)


def uninstall(database, addons):
    """As the button of the list of addons."""
    with Registry(database).cursor() as cr:
        modules = api.Environment(cr, SUPERUSER_ID, {})["ir.module.module"]
        modules.search([("name", "in", addons)]).button_immediate_uninstall()
        cr.commit()


def page(database, path):
    """What a server that finds the database like this answers."""
    Registry.delete(database)
    config["dbfilter"] = f"^{database}$"
    config["db_name"] = [database]
    client = werkzeug.test.Client(http.root, Response)
    answer = client.get(path, base_url="http://localhost")
    return answer.get_data(as_text=True)


def close(database):
    """Nothing is kept of a database that is about to be dropped or cloned."""
    Registry.delete(database)
    close_db(database)


COMMANDS = {"install": install, "update": update, "uninstall": uninstall}
COMMANDS |= {"page": page, "close": close}


def answer(question, handler):
    command = COMMANDS[question.pop("do")]
    handler.setStream(io.StringIO())
    threading.current_thread().dbname = question["database"]
    found = {}
    try:
        found["result"] = command(**question)
    except BaseException:  # noqa: BLE001 whatever ends a command is its answer
        found["error"] = traceback.format_exc()
    close(question["database"])
    return found | {"log": handler.stream.getvalue()}


def main():
    # What Odoo prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    options = ["--no-http", "--max-cron-threads=0", "--log-level=info"]
    config.parse_config(options, setup_logging=True)
    http.root.initialize()
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    logging.getLogger().addHandler(handler)
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line), handler)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
