# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, AccessError
from odoo.tools import SQL

# System parameters and what holds without them; 0 failures: never locked.
LOCK_DEFAULTS = {"key_account_crm.lock_after": 10, "key_account_crm.lock_minutes": 30}


class ResUsers(models.Model):
    """An account whose password was wrong too often is locked for a while (ORG-20).

    Odoo makes an address wait a minute after five failures, which does not stop
    somebody who tries one account from many addresses. What counts are the refused
    logins of a day since the last login, new password or unlocking. The lock ends by
    itself, or when whoever keeps accounts ends it.
    """

    _inherit = "res.users"

    key_account_is_locked = fields.Boolean(
        string="Locked",
        compute="_compute_key_account_is_locked",
        help="The password was wrong too often: nobody logs in for a while.",
    )

    def _compute_key_account_is_locked(self):
        locked = self._key_account_get_locked(self.ids)
        for user in self:
            user.key_account_is_locked = user._origin.id in locked

    @api.model
    def _key_account_get_locked(self, user_ids):
        """Ids of those accounts that are locked at present."""
        most, minutes = self._key_account_get_lock_settings()
        if most < 1 or not user_ids:
            return set()
        query = SQL(
            """
            SELECT refused.account_id
              FROM key_account_event AS refused
             WHERE refused.account_id = ANY(%(users)s) AND refused.kind = 'refused'
               AND refused.date > %(now)s - interval '1 day'
               AND NOT EXISTS (
                    SELECT FROM key_account_event AS good
                     WHERE good.account_id = refused.account_id
                       AND good.kind IN ('login', 'password', 'unlock')
                       AND good.date > refused.date)
             GROUP BY refused.account_id
            HAVING COUNT(*) >= %(most)s
               AND MAX(refused.date) > %(now)s - %(minutes)s * interval '1 minute'
            """,
            users=list(user_ids),
            now=fields.Datetime.now(),
            most=most,
            minutes=minutes,
        )
        return {user_id for (user_id,) in self.env.execute_query(query)}

    @api.model
    def _key_account_get_lock_settings(self):
        """How many failures lock an account, and for how many minutes."""
        # sudo: how often one may fail is no secret.
        get_param = self.env["ir.config_parameter"].sudo().get_param
        try:
            return [int(get_param(*item)) for item in LOCK_DEFAULTS.items()]
        except ValueError:  # somebody wrote a word there
            return list(LOCK_DEFAULTS.values())

    @contextmanager
    def _assert_can_auth(self, user=None):
        if self._key_account_find(user).key_account_is_locked:
            raise AccessDenied(
                self.env._(
                    "The password was wrong too often: the account is locked for a "
                    "while. Try again later, or ask the administrator to unlock it."
                )
            )
        with super()._assert_can_auth(user=user):
            yield

    @api.model
    def _key_account_find(self, user):
        """The account of a login or an id, also a disabled one; maybe none."""
        # sudo: as in the login itself, nobody is logged in yet.
        users = self.sudo().with_context(active_test=False)
        if isinstance(user, int):
            return users.browse(user).exists()
        return users.search(self._get_login_domain(user or ""), limit=1)

    def _check_uid_passwd(self, uid, passwd):
        try:
            return super()._check_uid_passwd(uid, passwd)
        except AccessDenied:
            self._key_account_log_refusal(uid)
            raise

    def action_key_account_unlock(self):
        """Let people try again; what failed stays in the log."""
        is_keeper = self._key_account_is_keeper()
        if not is_keeper and not self.env.user.has_group("base.group_erp_manager"):
            raise AccessError(
                self.env._("Only the administrator unlocks accounts: ask for it.")
            )
        if is_keeper and (obstacle := self._key_account_get_obstacle()):
            raise AccessError(obstacle)
        for user in self:
            self.env["key.account.event"]._insert("unlock", user)
        self.invalidate_recordset(["key_account_is_locked"])
