# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessDenied, AccessError, ValidationError
from odoo.http import get_session_max_inactivity
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestResUsersLock(KeyAccountCommon, HttpCase):
    """Wrong passwords lock an account for a while; the administrator unlocks it, and
    says when (ORG-20)."""

    def setUp(self):
        super().setUp()
        self.enter_registry_test_mode()  # refused logins are saved separately
        self.env["ir.config_parameter"].set_param("key_account_crm.lock_after", 3)

    def _log_in(self, password="ka_manager"):
        credential = {"login": "ka_manager", "password": password, "type": "password"}
        return self.env["res.users"]._login(credential, {})["uid"]

    @mute_logger("odoo.addons.base.models.res_users")
    def _fail(self, times, log_in=None):
        """Without a savepoint, which would take the events away again."""
        for _time in range(times):
            self.env.invalidate_all()
            try:
                (log_in or self._log_in)("wrong")
            except AccessDenied:
                continue
            self.fail("a wrong password was taken")
        self.env.invalidate_all()

    def _kinds(self):
        events = self.env["key.account.event"]
        mine = [("account_id", "=", self.manager.id)]
        return events.search(mine, order="id").mapped("kind")

    @mute_logger("odoo.addons.base.models.res_users")
    def test_the_right_password_is_refused_while_locked(self):
        self._fail(2)
        self.assertEqual(self._log_in(), self.manager.id, "twice does not matter")
        self._fail(3)
        self.assertTrue(self.manager.key_account_is_locked)
        self._fail(1, lambda _wrong: self._log_in())
        self.assertEqual(self._kinds()[-4:], ["refused"] * 3 + ["locked"])
        with self.assertRaisesRegex(AccessDenied, "is locked for a while"):
            self._log_in()
        self.assertFalse(self.colleague.key_account_is_locked)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_a_client_with_a_password_is_refused_too(self):
        users = self.env["res.users"]
        self._fail(3, lambda wrong: users._check_uid_passwd(self.manager.id, wrong))
        with self.assertRaisesRegex(AccessDenied, "is locked for a while"):
            users._check_uid_passwd(self.manager.id, "ka_manager")

    @mute_logger("odoo.addons.base.models.res_users")
    def test_the_lock_ends_by_itself(self):
        self._fail(3)
        with freeze_time(datetime.now() + timedelta(minutes=31)):
            self.assertEqual(self._log_in(), self.manager.id)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_the_administrator_unlocks(self):
        self._fail(3)
        for user in (self.manager, self.director, self.head):
            with self.assertRaises(AccessError):
                self.manager.with_user(user).action_key_account_unlock()
        self.manager.with_user(self.admin).action_key_account_unlock()
        self.assertFalse(self.manager.key_account_is_locked)
        self.assertEqual(self._log_in(), self.manager.id)
        self.assertEqual(self._kinds()[-2:], ["unlock", "login"])

    @mute_logger("odoo.addons.base.models.res_users")
    def test_zero_locks_nobody(self):
        self.env["ir.config_parameter"].set_param("key_account_crm.lock_after", 0)
        self._fail(12)
        self.assertEqual(self._log_in(), self.manager.id)

    def test_the_administrator_says_when(self):
        settings = self.env["key.account.security"].with_user(self.admin)
        one = settings.create({"lock_minutes": 5, "session_hours": 12})
        self.assertEqual(one.lock_after, 3)
        one.action_apply()
        self.assertEqual(self.env["res.users"]._key_account_get_lock_settings(), [3, 5])
        self.assertEqual(get_session_max_inactivity(self.env), 12 * 3600)
        event = self.env["key.account.event"].search([("kind", "=", "settings")])
        self.assertEqual(event.user_id, self.admin)
        self.assertIn("lock_minutes = 5", event.condition)
        for vals in ({"session_hours": 1}, {"lock_minutes": 0}, {"lock_after": -1}):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "a number"),
            ):
                settings.create(vals)
        for user in (self.director, self.manager):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                self.env["key.account.security"].with_user(user).create({})
