# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL

from . import point_trigger

FUNCTIONS = (
    "key_account_chars(text)",
    "key_account_code_key(text)",
    "key_account_name_key(text)",
    *point_trigger.FUNCTIONS,
)


def uninstall_hook(env):
    """The tables outlive the log: take its triggers away first, and whatever else the
    database holds for us that the ORM knows nothing of."""
    env["key.account.audit"]._drop_all()
    env.cr.execute("ALTER TABLE res_partner DROP COLUMN IF EXISTS key_account_name_key")
    for function in FUNCTIONS:
        name = SQL(function)  # pylint: disable=sql-injection  # one of FUNCTIONS
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", name))
