# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tools import SQL

TABLES = (
    "key_account_bill",
    "key_account_month",
    "key_account_payment",
    "key_account_standing",
    "key_account_state_move",
)


def migrate(cr, version):
    """Another index of these tables begins with the customer: this one only costs."""
    for table in TABLES:
        index = SQL.identifier(f"{table}__partner_id_index")
        cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
