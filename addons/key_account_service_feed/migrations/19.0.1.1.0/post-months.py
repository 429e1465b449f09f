# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL


def migrate(cr, version):
    """No service log was uploaded before: the months count none."""
    cr.execute(SQL("UPDATE key_account_month SET log_count = 0"))
