# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A running Odoo between a mail gateway and a mail server, all of them real."""

import subprocess
import sys
import uuid
import xmlrpc.client
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from sink import Sink

DOMAIN = "keyaccounts.example.com"
TO = f"service@{DOMAIN}"
# The technical user of a new database, who holds no role of the suite.
ADMIN = 2


class Office:
    """The suite as mail sees it: mails go in by the gateway, come out at the sink."""

    def __init__(self, suite, server, sink):
        self.suite, self.url, self.sink = suite, server, sink
        self.models = xmlrpc.client.ServerProxy(
            f"{server}/xmlrpc/2/object", allow_none=True
        )
        self.script = self._find_script()
        self.users = {}

    def _find_script(self):
        code = "from odoo.tools import file_path; print(file_path('mail'))"
        python = [sys.executable, "-c", code]
        folder = subprocess.run(python, capture_output=True, text=True, check=True)
        return f"{folder.stdout.strip().splitlines()[-1]}/static/scripts"

    def ask(self, login, model, method, *args, **kwargs):
        """Call a method as a user of the demonstration city."""
        if login not in self.users:
            common = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/common")
            given = self.suite.database, login, login
            self.users[login] = common.authenticate(*given, {})
        given = self.suite.database, self.users[login], login
        return self.models.execute_kw(*given, model, method, args, kwargs)

    def call(self, model, method, *args, **kwargs):
        """Ask as somebody of the centre, who reads every request."""
        return self.ask("centre", model, method, *args, **kwargs)

    def search(self, model, domain, *names, **kwargs):
        kwargs.setdefault("order", "id")
        return self.call(model, "search_read", domain, list(names), **kwargs)

    def receive(self, mail):
        """Hand a mail to Odoo's own gateway script; its exit code."""
        data = mail.as_bytes() if isinstance(mail, EmailMessage) else mail
        command = [sys.executable, f"{self.script}/odoo-mailgate.py"]
        command += [f"--database={self.suite.database}", f"--userid={ADMIN}"]
        command += ["--password=admin", "--host=127.0.0.1"]
        command += [f"--port={urlsplit(self.url).port}"]
        done = subprocess.run(command, input=data, capture_output=True, timeout=120)
        return done.returncode

    def requests(self, *names):
        names = ("name", "subject", "partner_id", "contact_id", "state", *names)
        return self.search("key.account.request", [], *names)

    def new_requests(self, mail, *names):
        """The requests that a mail opens."""
        known = {row["id"] for row in self.requests()}
        assert self.receive(mail) == 0
        return [row for row in self.requests(*names) if row["id"] not in known]

    def messages(self, request_id):
        return self.search(
            "mail.message",
            [("model", "=", "key.account.request"), ("res_id", "=", request_id)],
            "body",
            "message_type",
            "message_id",
            "author_id",
            "is_internal",
            "subtype_id",
            "attachment_ids",
        )

    def run(self, cron):
        """Start a scheduled action, as the clock would."""
        module, name = cron.split(".")
        [row] = self.ask(
            "admin",
            "ir.model.data",
            "search_read",
            [("module", "=", module), ("name", "=", name)],
            ["res_id"],
        )
        self.ask("admin", "ir.cron", "method_direct_trigger", [row["res_id"]])


def write_mail(sender, subject="No tone", text="Since this morning.", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, TO, subject
    mail["Message-Id"] = f"<{uuid.uuid4()}@mail.example.com>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.fixture(scope="session")
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def office(suite, server, sink):
    """Mail goes out to the sink, and comes in at an alias of our domain."""
    office = Office(suite, server, sink)
    server = {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
    office.ask("admin", "ir.mail_server", "create", server)
    office.ask("admin", "mail.alias.domain", "create", {"name": DOMAIN})
    return office


@pytest.fixture
def contact(office):
    """A contact of a customer with an address nobody else has, in Chinese."""
    [customer] = office.search(
        "res.partner",
        [("key_account_kind", "=", "group"), ("key_account_manager_id", "!=", False)],
        "name",
        limit=1,
    )
    address = f"ada.{uuid.uuid4().hex[:8]}@customer.example.com"
    vals = {"name": "Ada", "parent_id": customer["id"], "email": address}
    contact_id = office.call("res.partner", "create", {**vals, "lang": "zh_CN"})
    return {"id": contact_id, "email": address, "customer_id": customer["id"]}
