# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

RULES = (
    "key_account_service.key_account_contact_rule_default",
    "key_account_service.key_account_cost_rule_default",
)


def migrate(cr, version):
    """The shipped rules are in force as in a new database, what was entered as the cost
    of a request stays, months and freshness are drawn from what there is."""
    for table in ("key_account_request", "key_account_complaint"):
        cr.execute(
            SQL(
                "UPDATE %s SET is_cost_entered = TRUE WHERE cost <> 0",
                SQL.identifier(table),
            )
        )
    # sudo: the superuser may approve what the installation proposed.
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in RULES:
        rule = env.ref(name, raise_if_not_found=False)
        if rule and rule.state == "draft":
            rule.action_approve()
    env["key.account.month"]._refresh_months()
    env["key.account.contact.standing"]._refresh()
