# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL


def uninstall_hook(env):
    """Let go of the working hours, or rows that are about to go would hold them."""
    models = ["key.account.standard", *env["key.account.clock.mixin"]._clock_models()]
    for name in models:
        table = SQL.identifier(env[name]._table)
        env.cr.execute(SQL("UPDATE %s SET calendar_id = NULL", table))
