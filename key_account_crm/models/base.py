# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from threading import current_thread
from urllib.parse import urlsplit

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL

INTERFACES = ("/json", "/xmlrpc", "/jsonrpc")
ACTOR = "key_account_crm.actor"
# Rebuildable at any time from what is logged itself: their rows are nobody's decision.
DERIVED = {
    "key.account.line.standing",
    "key.account.month",
    "key.account.point.balance",
    "key.account.point.month",
    "key.account.scope",
    "key.account.standing",
}
OTHERS = {"res.partner", "res.users"}


class Base(models.AbstractModel):
    """Tells the change log who works and from where; triggers do the rest.

    All stored models named ``key.account.…``, of whatever addon, are logged, with
    customers, their contacts, and the users' units and roles. A model of derived rows
    says ``_key_account_logged = False``; columns that follow from others are named in
    ``_key_account_untracked``.
    """

    _inherit = "base"
    _key_account_logged = True
    _key_account_untracked = ()

    @api.model
    def _key_account_is_logged(self):
        return (
            (self._name.startswith("key.account.") or self._name in OTHERS)
            and self._key_account_logged
            and self._auto
            and not self._abstract
            and not self._transient
            and self._name not in DERIVED
        )

    def init(self):
        super().init()
        if self._key_account_is_logged():
            self.env["key.account.audit"]._sync_triggers([self._name])

    @api.model
    def _create(self, data_list):
        self._key_account_say_who()
        return super()._create(data_list)

    def write(self, vals):
        self._key_account_say_who()  # many2many are written before the columns
        return super().write(vals)

    def _write_multi(self, vals_list):
        # Whoever flushes is not always who wrote: the rows know that.
        if ACTOR not in self.env.cr.precommit.data:
            self._key_account_say_who()
        return super()._write_multi(vals_list)

    def unlink(self):
        # The row cannot say who deletes it: never trust what was said before.
        self._key_account_say_who(again=True)
        return super().unlink()

    def _key_account_say_who(self, again=False):
        """Set user and origin of the transaction, once unless they change.

        What was said is remembered where a savepoint that is rolled back, a commit
        and a rollback forget it too.
        """
        if not self._key_account_is_logged():
            return
        said = self.env.cr.precommit.data
        actor = str(self.env.uid), self._key_account_get_origin()
        if again or said.get(ACTOR) != actor:
            self.env.cr.execute(
                SQL(
                    "SELECT set_config('key_account.uid', %s, true), "
                    "set_config('key_account.origin', %s, true)",
                    *actor,
                )
            )
            said[ACTOR] = actor

    @api.model
    def _key_account_get_origin(self):
        # XML-RPC and JSON-RPC put the request aside while they work: the thread still
        # knows its address, and no context says otherwise.
        url = (
            request.httprequest.url if request else getattr(current_thread(), "url", "")
        )
        if urlsplit(url or "").path.startswith(INTERFACES):
            return "rpc"
        if request:
            return "import" if self.env.context.get("import_file") else "screen"
        return "cron" if self.env.context.get("cron_id") else "system"
