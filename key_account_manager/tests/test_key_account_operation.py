# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2.errors import UniqueViolation

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestKeyAccountOperation(TransactionCase):
    """The dictionary of operations (ORG-12)."""

    def test_codes_are_unique(self):
        vals = {"name": "Again", "code": "request"}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["key.account.operation"].create(vals)
