# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
import subprocess
import sys

from odoo.exceptions import UserError
from odoo.tests import BaseCase, TransactionCase, tagged

from .. import barcode, engine, media, sheet

BLOCKED = """
import builtins, ctypes, importlib, types
from cffi import FFI

def dlopen(self, name, *flags):
    raise OSError(f"cannot load library '{name}'")

FFI.dlopen = dlopen
package = types.ModuleType("paperless")
package.__path__ = [%r]
import sys
sys.modules["paperless"] = package
engine = importlib.import_module("paperless.engine")
try:
    engine.load()
except engine.EngineMissing as error:
    print(error.remedy)
"""


@tagged("post_install", "-at_install")
class TestModules(BaseCase):
    def test_the_examples_in_the_modules_hold(self):
        for module in (barcode, media, sheet):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed, module.__name__)

    def test_without_pango_the_command_that_brings_it_is_said(self):
        """In a process of its own, where no library can be opened."""
        folder = engine.__file__.rpartition("/")[0]
        done = subprocess.run(
            (sys.executable, "-c", BLOCKED % folder),
            capture_output=True,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        self.assertIn("apt-get install -y", done.stdout, done.stderr)
        self.assertIn("libpangoft2-1.0-0", done.stdout)


@tagged("post_install", "-at_install")
class TestEngine(TransactionCase):
    """Which engine is taken, and what the web client hears of it."""

    def _set_engine(self, name):
        self.env["ir.config_parameter"].set_param("key_account_pdf.engine", name)

    def test_the_web_client_may_download_papers(self):
        self._set_engine("weasyprint")
        demo = self.env["res.users"].create({"name": "Reader", "login": "pdf_reader"})
        report = self.env["ir.actions.report"].with_user(demo)
        self.assertEqual(report.get_wkhtmltopdf_state(), "ok")

    def test_the_parameter_can_ask_for_wkhtmltopdf(self):
        self._set_engine("wkhtmltopdf")
        self.assertFalse(self.env["ir.actions.report"]._is_weasyprint_used())

    def test_a_slip_in_the_parameter_names_the_choices(self):
        self._set_engine("weasy")
        with self.assertRaisesRegex(UserError, "auto, weasyprint, wkhtmltopdf"):
            self.env["ir.actions.report"].get_wkhtmltopdf_state()
