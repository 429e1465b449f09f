# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import AccessDenied


class ResUsers(models.Model):
    """Logins and passwords leave a line in the log (ORG-13, ORG-20).

    Locking after failures is in ``res_users_lock.py``.
    """

    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        try:
            info = super()._login(credential, user_agent_env)
        except AccessDenied:
            self._key_account_log_refusal(credential.get("login"))
            raise
        user = self.browse(info["uid"])
        self.env["key.account.event"]._insert("login", user)
        return info

    def _key_account_log_refusal(self, login):
        """What was typed is not kept: it may be a password in the wrong field. What is
        tried while the account is locked does not lengthen the lock."""
        user = self._key_account_find(login)
        kind = "locked" if user.key_account_is_locked else "refused"
        self.env["key.account.event"]._insert(kind, user, separately=True)

    def _set_password(self):
        result = super()._set_password()
        for user in self:
            self.env["key.account.event"]._insert("password", user)
        return result
