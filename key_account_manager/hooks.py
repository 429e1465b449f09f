# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Command


def post_init_hook(env):
    """What stands today is where the ledger begins, and managers get their files."""
    env["key.account.assignment"]._sync_all(origin="standing")
    users = env["res.users"].search([("key_account_role", "=", "manager")])
    operations = env["key.account.operation"].search([])
    files = env["key.account.manager"].with_context(tracking_disable=True)
    known = files.with_context(active_test=False).search([]).user_id
    files.create(
        [
            {
                "user_id": user.id,
                "date_from": False,
                "operation_ids": [Command.set(operations.ids)],
            }
            for user in users - known
        ]
    )
