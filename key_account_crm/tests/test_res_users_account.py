# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon

LOGGERS = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
)
SYSTEM = ("base.group_system", "base.group_erp_manager")


@tagged("post_install", "-at_install")
class TestResUsersAccount(KeyAccountCommon, HttpCase):
    """The suite's administrator keeps accounts, and gains nothing by it (ORG-17,
    ORG-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = cls.env.ref("base.user_admin")
        cls.system = cls._create_user("ka_system", "office", cls.centre)
        cls.system.group_ids += cls.env.ref("base.group_system")
        cls.rights = cls.env["res.users"].with_context(active_test=False)

    def _accounts(self):
        """Groups, units, logins, addresses and passwords of everybody."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT id, login, active, password, partner_id, key_account_unit_id,
                   ARRAY(SELECT gid FROM res_groups_users_rel
                          WHERE uid = res_users.id ORDER BY gid)
              FROM res_users ORDER BY id
            """
        )
        return self.env.cr.fetchall()

    def _approve(self, accounts):
        """As the centre does with what waits of these accounts."""
        self.env["key.account.role.proposal"]._get_waiting(accounts).with_user(
            self.director
        ).action_approve()
        accounts.invalidate_recordset()

    # -- what he may

    @users("ka_admin")
    def test_an_account_is_made_on_the_screen(self):
        form = Form(
            self.env["res.users"].with_context(no_reset_password=False),
            view="key_account_crm.res_users_view_form_key_account",
        )
        form.name, form.login, form.email = "Li", "li", "li@example.com"
        form.key_account_role = "manager"
        form.key_account_unit_id = self.post_1
        sent = (
            "odoo.addons.auth_signup.models.res_users.ResUsers._action_reset_password"
        )
        with patch(sent) as mail:
            user = form.save()
            self.assertFalse(mail.called, "nobody logs in before he has a role")
            self._approve(user)
        self.assertTrue(mail.called, "a new user is told how to set a password")
        self.assertRecordValues(
            user,
            [
                {
                    "key_account_role": "manager",
                    "key_account_unit_id": self.post_1.id,
                    "login_date": False,
                    "company_id": self.admin.company_id.id,
                    "share": False,
                }
            ],
        )
        self.assertFalse(any(user.sudo().has_group(group) for group in SYSTEM))
        form = Form(user, view="key_account_crm.res_users_view_form_key_account")
        form.key_account_role, form.key_account_unit_id = "head", self.post_2
        form.save()
        self.assertEqual(user.key_account_role, "manager")
        self._approve(user)
        self.assertEqual(user.key_account_role, "head")

    @users("ka_admin")
    def test_accounts_are_disabled_and_enabled(self):
        user = self.colleague.with_env(self.env)
        user.action_archive()
        self.assertFalse(user.active)
        user.action_unarchive()
        self.assertFalse(user.active)
        self._approve(user)
        self.assertTrue(user.active)

    @users("ka_admin")
    def test_roles_are_imported(self):
        result = self.env["res.users"].load(
            ["name", "login", "key_account_role", "key_account_unit_id"],
            [
                ["New", "new.one", "Finance", "T-Post"],
                ["Ka_Colleague", "ka_colleague2", "Account Manager", "T-Post-2"],
            ],
        )
        self.assertFalse(result["messages"])
        made = self.rights.browse(result["ids"])
        self.assertEqual(made.mapped("key_account_role"), [False, False])
        self._approve(made)
        self.assertEqual(made.mapped("key_account_role"), ["finance", "manager"])

    @users("ka_admin")
    def test_a_password_mail_is_sent_and_logged(self):
        self.colleague.email = "colleague@example.com"
        user = self.colleague.with_env(self.env)
        sent = []
        with patch(
            "odoo.addons.mail.models.mail_mail.MailMail.send",
            lambda mails, **_kwargs: sent.extend(mails.mapped("email_to")),
        ):
            user.action_reset_password()
        event = self.env["key.account.event"].search(
            [("kind", "=", "reset"), ("account_id", "=", self.colleague.id)]
        )
        self.assertEqual(event.user_id, self.admin)
        self.assertEqual(sent, ["colleague@example.com"])

    def test_accounts_are_kept_by_a_client(self):
        """The same calls as the screen makes, in a request of its own."""
        self.authenticate("ka_admin", "ka_admin")
        vals = {
            "name": "Li",
            "login": "li",
            "key_account_role": "manager",
            "key_account_unit_id": self.post_1.id,
        }
        spec = {"key_account_role": {}, "active": {}}
        [made] = self._call("web_save", [[], vals, spec])
        self.assertEqual((made["key_account_role"], made["active"]), (False, False))
        self._approve(self.rights.browse(made["id"]))
        vals = {"key_account_role": False, "active": False}
        [changed] = self._call("web_save", [[made["id"]], vals, spec])
        self.assertEqual(
            (changed["key_account_role"], changed["active"]), (False, False)
        )

    def _call(self, method, args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/res.users/{method}",
            {"model": "res.users", "method": method, "args": args, "kwargs": {}},
        )

    @users("ka_admin")
    def test_his_own_preferences_stay_his(self):
        self.env.user.write({"tz": "Asia/Shanghai", "signature": "<p>A</p>"})
        self.assertEqual(self.env.user.tz, "Asia/Shanghai")

    def test_last_login_is_shown(self):
        self.assertFalse(self.colleague.with_user(self.admin).login_date)
        self.colleague.with_user(self.colleague)._update_last_login()
        self.colleague.invalidate_recordset()
        self.assertTrue(self.colleague.with_user(self.admin).login_date)
        action = self.colleague.with_user(self.admin).action_key_account_events()
        self.env["key.account.event"]._insert("login", self.colleague)
        events = self.env["key.account.event"].with_user(self.admin)
        self.assertIn("login", events.search(action["domain"]).mapped("kind"))

    # -- what he may not

    def _attacks(self):
        """(name, call as a user) of every way to more rights."""
        centre = self.env.ref("key_account_crm.group_key_account_centre").id
        system = self.env.ref("base.group_system").id
        manager = self.env.ref("base.group_erp_manager").id
        unit = self.post.id
        yield "own role", lambda u: u.write({"key_account_role": "centre"})
        yield "own unit", lambda u: u.write({"key_account_unit_id": unit})
        yield "own group", lambda u: u.write({"group_ids": [Command.link(centre)]})
        yield "own system", lambda u: u.write({"group_ids": [Command.link(system)]})
        yield (
            "own and another's role",
            lambda u: (u + self.colleague.with_env(u.env)).write(
                {"key_account_role": "head"}
            ),
        )
        yield (
            "own unit through the unit",
            lambda u: u.env["key.account.unit"]
            .browse(unit)
            .write({"user_ids": [Command.link(u.id)]}),
        )
        yield (
            "groups through the unit",
            lambda u: u.env["key.account.unit"]
            .browse(self.post_1.id)
            .write(
                {
                    "user_ids": [
                        Command.update(
                            self.colleague.id, {"group_ids": [Command.link(system)]}
                        )
                    ]
                }
            ),
        )
        for group in (system, manager, centre):
            yield (
                f"group {group}",
                lambda u, group=group: self.colleague.with_env(u.env).write(
                    {"group_ids": [Command.link(group)]}
                ),
            )
            yield (
                f"from the group {group}",
                lambda u, group=group: u.env["res.groups"]
                .browse(group)
                .write({"user_ids": [Command.link(u.id)]}),
            )
            yield (
                f"implied by a group {group}",
                lambda u, group=group: u.env.ref(
                    "key_account_crm.group_key_account_admin"
                ).write({"implied_ids": [Command.link(group)]}),
            )
        for victim in (self.root, self.system, self.env.ref("base.user_root")):
            victim = victim.id
            for vals in (
                {"active": False},
                {"login": "taken"},
                {"email": "me@example.com"},
                {"key_account_role": "admin", "key_account_unit_id": unit},
                {"password": "taken"},
            ):
                yield (
                    f"{vals} of {victim}",
                    lambda u, v=victim, vals=vals: u.browse(v).write(vals),
                )
            yield (
                f"mail of {victim}",
                lambda u, v=victim: u.browse(v).action_reset_password(),
            )
        for vals in (
            {"password": "taken"},
            {"new_password": "taken"},
            {"company_ids": [Command.clear()]},
            {"partner_id": self.root.partner_id.id},
            {"login_date": "2026-01-01 00:00:00"},
            {"share": True},
            {"all_group_ids": [Command.link(system)]},
            {"signature": "<p>x</p>"},
        ):
            yield (
                f"{vals} of a colleague",
                lambda u, vals=vals: self.colleague.with_env(u.env).write(vals),
            )
        base = {"name": "X", "login": "x"}
        for vals in (
            {"group_ids": [Command.link(system)]},
            {"password": "x"},
            {"partner_id": self.root.partner_id.id},
        ):
            yield (
                f"create with {vals}",
                lambda u, vals=vals: u.create({**base, **vals}),
            )
        yield "copy", lambda u: self.system.with_env(u.env).copy({"login": "y"})
        yield "delete", lambda u: self.colleague.with_env(u.env).unlink()
        yield (
            "password wizard",
            lambda u: u.env["change.password.wizard"]
            .with_context(active_model="res.users", active_ids=self.colleague.ids)
            .create({})
            .change_password_button(),
        )
        yield (
            "load over the administrator",
            lambda u: self._must_load(
                u, ["id", "login"], [["base.user_admin", "taken"]]
            ),
        )

    def _as_in_a_request(self, user):
        """The ORM falls back to this environment where it gives up sudo."""
        transaction = self.env.transaction
        self.addCleanup(setattr, transaction, "default_env", self.env)
        transaction.default_env = user.with_user(user).env
        return user.with_user(user)

    def _must_load(self, user, names, rows):
        result = user.load(names, rows)
        if result["messages"]:
            raise AccessError(str(result["messages"]))

    @mute_logger(*LOGGERS)
    def test_nothing_leads_to_more_rights(self):
        """ORG-17: no way to system rights, nor to a business role of his own."""
        before = self._accounts()
        for name, attack in self._attacks():
            with self.subTest(name), self.assertRaises(AccessError, msg=name):
                with self.env.cr.savepoint():
                    attack(self._as_in_a_request(self.admin))
                    self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self._accounts(), before, name)

    @mute_logger(*LOGGERS)
    def test_an_address_of_somebody_at_work_is_not_taken(self):
        """Else the password mail of the centre's director would come to oneself."""
        user = self.director.with_user(self.admin)
        user.write({"email": "right@example.com"})
        self.director.with_user(self.director)._update_last_login()
        self.env.invalidate_all()
        for vals in ({"email": "me@example.com"}, {"login": "me"}):
            with self.assertRaisesRegex(AccessError, "has logged in"):
                user.write(vals)
        self.assertFalse(
            self.director.partner_id.with_user(self.admin).has_access("write")
        )

    @mute_logger(*LOGGERS)
    def test_defaults_of_the_context_grant_nothing(self):
        system = self.env.ref("base.group_system")
        user = (
            self.env["res.users"]
            .with_user(self.admin)
            .with_context(
                default_group_ids=[Command.link(system.id)],
                default_partner_id=self.root.partner_id.id,
                default_password="taken",
                default_company_ids=self.env["res.company"].search([]).ids,
                no_reset_password=True,
            )
            .create({"name": "X", "login": "x"})
        )
        self.assertFalse(user.sudo().has_group("base.group_system"))
        self.assertNotEqual(user.partner_id, self.root.partner_id)
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertFalse(self.env.cr.fetchone()[0])

    @mute_logger(*LOGGERS)
    def test_other_roles_keep_no_accounts(self):
        for role in ("manager", "head", "company", "office", "finance", "operator"):
            user = getattr(self, role)
            for attempt in (
                lambda u: u.write({"key_account_role": "centre"}),
                lambda u: self.colleague.with_env(u.env).write({"active": False}),
                lambda u: u.create({"name": "X", "login": "x"}),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    with self.env.cr.savepoint():
                        attempt(user.with_user(user))

    @mute_logger(*LOGGERS)
    def test_the_same_over_http(self):
        """As a client sends it, with a session and with an API key."""
        before = self._accounts()
        system = self.env.ref("base.group_system").id
        calls = [
            ("res.users", "write", [[self.admin.id], {"key_account_role": "centre"}]),
            ("res.users", "write", [[self.admin.id], {"group_ids": [[4, system]]}]),
            (
                "res.users",
                "web_save",
                [[self.colleague.id], {"group_ids": [[4, system]]}, {}],
            ),
            ("res.users", "web_save", [[], {"login": "x", "password": "x"}, {}]),
            ("res.users", "action_reset_password", [[self.root.id]]),
            ("res.groups", "write", [[system], {"user_ids": [[4, self.admin.id]]}]),
        ]
        self.authenticate("ka_admin", "ka_admin")
        for model, method, args in calls:
            with self.subTest(model=model, method=method, args=args):
                params = {"model": model, "method": method, "args": args, "kwargs": {}}
                answer = self.url_open(
                    f"/web/dataset/call_kw/{model}/{method}",
                    data=json.dumps({"jsonrpc": "2.0", "params": params}),
                    headers={"Content-Type": "application/json"},
                ).json()
                self.assertIn("AccessError", answer["error"]["data"]["name"])
        keys = self.env["res.users.apikeys"].with_user(self.admin).sudo()
        key = keys._generate("rpc", "test", self.env.cr.now().replace(year=2099))
        answer = self.url_open(
            "/json/2/res.users/write",
            data=json.dumps(
                {"ids": [self.admin.id], "vals": {"key_account_role": "centre"}}
            ),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {key}",
            },
        )
        self.assertEqual(answer.status_code, 403)
        self.env.invalidate_all()
        self.assertEqual(self._accounts(), before)
