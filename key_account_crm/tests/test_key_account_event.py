# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.key_account_event import MOST_REFUSED
from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountEvent(KeyAccountCommon, HttpCase):
    """Logins, refused ones and new passwords are found by person and time (ORG-13)."""

    def _events(self, **kwargs):
        domain = [(name, "=", value) for name, value in kwargs.items()]
        return self.env["key.account.event"].search(domain, order="id")

    def _log_in(self, login, password):
        """Through the page, as a person does."""
        self.authenticate(None, None)
        page = self.url_open("/web/login").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"login": login, "password": password, "csrf_token": token}
        return self.url_open("/web/login", data=data, allow_redirects=False)

    def test_a_login_is_found_by_person_and_time(self):
        before = Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self._log_in("ka_manager", "ka_manager").status_code, 303)
        event = self._events(user_id=self.manager.id, kind="login")
        self.assertRecordValues(
            event,
            [{"account_id": self.manager.id, "unit_id": self.post_1.id}],
        )
        self.assertTrue(event.address)
        self.assertGreaterEqual(event.date, before)
        found = self.env["key.account.event"].with_user(self.company)
        domain = [("date", ">=", before), ("kind", "=", "login")]
        self.assertEqual(found.search(domain), event)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_a_refused_login_stays_though_its_transaction_does_not(self):
        self.assertEqual(self._log_in("ka_manager", "wrong").status_code, 200)
        event = self._events(account_id=self.manager.id, kind="refused")
        self.assertRecordValues(
            event, [{"user_id": self.manager.id, "unit_id": self.post_1.id}]
        )

    @mute_logger("odoo.addons.base.models.res_users")
    def test_what_was_typed_as_a_login_is_not_kept(self):
        self._log_in("my-secret-password", "x")
        event = self._events(kind="refused")
        self.assertRecordValues(event, [{"account_id": False, "unit_id": False}])
        self.env.cr.execute("SELECT key_account_event::text FROM key_account_event")
        self.assertNotIn("secret", str(self.env.cr.fetchall()))

    @mute_logger("odoo.addons.base.models.res_users")
    def test_an_attacker_does_not_fill_the_log(self):
        users = self.env["res.users"].with_user(self.env.ref("base.public_user"))
        for _attempt in range(MOST_REFUSED + 5):
            credential = {"login": "nobody", "password": "x", "type": "password"}
            try:  # assertRaises would take the line back with its savepoint
                users._login(credential, {})
            except AccessDenied:
                continue
            self.fail("a login without user")
        self.assertEqual(len(self._events(kind="refused")), MOST_REFUSED)

    def test_a_new_password_is_logged_without_it(self):
        root = self.env.ref("base.user_admin")
        self.colleague.with_user(root).write({"password": "n3w-pass-word"})
        event = self._events(kind="password", account_id=self.colleague.id)[-1]
        self.assertEqual(event.user_id, root)
        self.env.cr.execute("SELECT key_account_event::text FROM key_account_event")
        self.assertNotIn("n3w", str(self.env.cr.fetchall()))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_reads_it(self):
        events = self.env["key.account.event"]
        for user in (self.manager, self.manager_b):
            events._insert("login", user)
        mine = events.search([("kind", "=", "login")])
        self.assertEqual(len(mine), 2)
        for user, found in (
            (self.director, mine),
            (self.admin, mine),
            (self.company, mine[1:]),
            (self.company_b, mine[:1]),
        ):
            domain = [("id", "in", mine.ids)]
            self.assertEqual(events.with_user(user).search(domain), found, user.login)
        nobody = new_test_user(self.env, "ka_nobody", "base.group_user")
        for user in (self.manager, self.head, self.office, self.operator, nobody):
            with self.assertRaises(AccessError):
                events.with_user(user).search([])
        with self.assertRaises(UserError):
            mine.unlink()
        with self.assertRaises(UserError):
            mine.write({"kind": "export"})
