# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Unallocated credits are a new column of the figures by line."""
    # sudo: the figures of all customers are brought in line, whoever updates.
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["key.account.line.standing"]._refresh()
