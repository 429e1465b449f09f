# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Papers of the demonstration city, rendered as PDF for the people who print them.

Nothing is committed: what a test prints and writes is taken back.
"""

import io

import pytest
from PyPDF2 import PdfReader

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name


@pytest.fixture
def env():
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


class Paper:
    """A PDF and what stands on its pages."""

    def __init__(self, content):
        assert content[:5] == b"%PDF-"
        self.content = content
        self.reader = PdfReader(io.BytesIO(content))
        self.pages = [page.extract_text() for page in self.reader.pages]
        self.text = "\n".join(self.pages)


@pytest.fixture
def render():
    """A report of records, printed by a login in a language."""

    def print_paper(name, records, login="centre", lang="zh_CN"):
        env = records.env
        user = env["res.users"].search([("login", "=", login)])
        report = env["ir.actions.report"].with_user(user)
        report = report.with_context(force_report_rendering=True, lang=lang)
        return Paper(report._render_qweb_pdf(name, records.ids)[0])

    return print_paper


@pytest.fixture
def as_login(env):
    def change(model, login, lang="zh_CN"):
        user = env["res.users"].search([("login", "=", login)])
        return env[model].with_user(user).with_context(lang=lang)

    return change
