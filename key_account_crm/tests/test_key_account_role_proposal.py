# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountRoleProposal(KeyAccountCommon):
    """More rights wait for the centre, fewer take effect at once (ORG-09, ORG-20,
    domain 3.2: units, accounts, roles)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_user("ka_centre_2", "centre", cls.centre)
        cls.customer = cls._create_customer("Acme", cls.manager)
        # Odoo's own administrator, as the first user of an installation.
        cls.system = cls._create_user("ka_system", "admin", cls.centre)
        cls.system.group_ids += cls.env.ref("base.group_system")

    def _make(self, role="manager", user=None, **vals):
        vals = {
            "name": "Li",
            "login": "li",
            "key_account_role": role,
            "key_account_unit_id": self.post_1.id,
            **vals,
        }
        # As the list of accounts opens the form: with disabled ones.
        users = self.env["res.users"].with_context(active_test=False)
        return users.with_user(user or self.admin).create(vals)

    def _waiting(self, account):
        return self.env["key.account.role.proposal"]._get_waiting(account)

    def _reads(self, user):
        partners = self.env["res.partner"].with_user(user)
        return self.customer in partners.search([("key_account_kind", "!=", False)])

    def test_a_new_account_has_nothing_before_the_centre_approves(self):
        account = self._make("head")
        self.assertRecordValues(
            account,
            [{"active": False, "key_account_role": False, "login_date": False}],
        )
        self.assertFalse(account.key_account_unit_id)
        credential = {"login": "li", "password": "li", "type": "password"}
        account.sudo().password = "li"
        with self.assertRaises(AccessDenied), mute_logger("odoo.addons.base"):
            self.env["res.users"]._login(credential, {})
        proposal = self._waiting(account)
        self.assertRecordValues(
            proposal,
            [
                {
                    "kind": "new",
                    "role_from": False,
                    "role": "head",
                    "unit_id": self.post_1.id,
                    "proposed_by_id": self.admin.id,
                }
            ],
        )
        proposal.with_user(self.director).action_approve()
        account.invalidate_recordset()
        self.assertRecordValues(
            account,
            [
                {
                    "active": True,
                    "key_account_role": "head",
                    "key_account_unit_id": self.post_1.id,
                }
            ],
        )
        self.assertTrue(self._reads(account))
        self.assertRecordValues(
            proposal, [{"state": "applied", "decided_by_id": self.director.id}]
        )

    def test_the_old_role_stays_until_a_change_is_approved(self):
        account = self.colleague.with_user(self.admin)
        account.write(
            {"key_account_role": "head", "key_account_unit_id": self.post_2.id}
        )
        self.assertRecordValues(
            account,
            [{"key_account_role": "manager", "key_account_unit_id": self.post_1.id}],
        )
        self.assertIn("Department Head", account.key_account_waiting)
        self._waiting(account).with_user(self.second).action_approve()
        account.invalidate_recordset()
        self.assertRecordValues(
            account,
            [{"key_account_role": "head", "key_account_unit_id": self.post_2.id}],
        )
        self.assertFalse(account.key_account_waiting)

    def test_a_move_to_another_unit_waits_too(self):
        """Through the account, and through the list of users of the unit."""
        units = self.post_2.with_user(self.admin)
        # As in a request: the ORM falls back to this one where it gives up sudo.
        self.addCleanup(setattr, self.env.transaction, "default_env", self.env)
        self.env.transaction.default_env = units.env
        units.write({"user_ids": [Command.link(self.colleague.id)]})
        self.env.invalidate_all()
        self.assertEqual(self.colleague.key_account_unit_id, self.post_1)
        self.assertEqual(self._waiting(self.colleague).unit_id, self.post_2)

    def test_fewer_rights_take_effect_at_once(self):
        account = self.colleague.with_user(self.admin)
        account.key_account_role = "company"
        account.key_account_role = False
        self.assertFalse(account.key_account_role)
        self.assertFalse(self._waiting(account), "what waited is overtaken")
        head = self.head.with_user(self.admin)
        head.action_archive()
        self.assertFalse(head.active)
        head.action_unarchive()
        self.assertFalse(head.active)
        self.assertEqual(self._waiting(head).kind, "enable")
        self._waiting(head).with_user(self.director).action_approve()
        self.assertTrue(head.active)

    def test_neither_the_proposer_nor_the_person_concerned_decides(self):
        """ORG-09: no one approves his own request."""
        account = self.second.with_user(self.admin)
        account.key_account_unit_id = self.post
        proposal = self._waiting(account)
        self.assertEqual(proposal.activity_ids.user_id, self.director)
        for user in (self.second, self.admin, self.office, self.company, self.head):
            own = proposal.with_user(user)
            self.assertFalse(
                own.sudo(False).can_decide if own.has_access("read") else 0
            )
            with self.subTest(user.login), self.assertRaises(AccessError):
                with mute_logger("odoo.addons.base.models.ir_rule"):
                    own.action_approve()
        self.admin.key_account_role = "centre"  # meanwhile, as superuser
        with self.assertRaisesRegex(AccessError, "his own proposal"):
            proposal.with_user(self.admin).action_approve()
        self.assertTrue(proposal.with_user(self.director).can_decide)
        proposal.with_user(self.director).action_approve()
        self.assertEqual(self.second.key_account_unit_id, self.post)

    def test_a_refusal_says_why_and_changes_nothing(self):
        account = self._make()
        proposal = self._waiting(account).with_user(self.director)
        with self.assertRaisesRegex(UserError, "Say why"):
            proposal._refuse(" ")
        wizard = (
            self.env["key.account.refuse"]
            .with_user(self.director)
            .with_context(active_model=proposal._name, active_ids=proposal.ids)
            .create({"reason": "Has left already"})
        )
        wizard.action_refuse()
        self.assertRecordValues(
            proposal, [{"state": "refused", "refusal": "Has left already"}]
        )
        self.assertEqual(proposal.sudo().activity_ids.user_id, self.admin)
        self.assertRecordValues(account, [{"active": False, "key_account_role": False}])
        with self.assertRaisesRegex(UserError, "decided already"):
            proposal.action_approve()
        account.write(
            {"key_account_role": "manager", "key_account_unit_id": self.post_1.id}
        )
        self.assertEqual(self._waiting(account).kind, "new", "it may be asked again")

    def test_what_is_entered_later_replaces_what_waits(self):
        account = self.colleague.with_user(self.admin)
        account.key_account_role = "head"
        first = self._waiting(account)
        account.key_account_unit_id = self.post_2
        self.assertEqual(first.state, "withdrawn")
        second = self._waiting(account)
        self.assertEqual((second.role, second.unit_id), ("head", self.post_2))
        account.write({"key_account_role": "head"})
        self.assertEqual(self._waiting(account), second, "the very same stays")
        account.write(
            {"key_account_role": "manager", "key_account_unit_id": self.post_1.id}
        )
        self.assertFalse(self._waiting(account), "as it is: nothing to decide")
        second.invalidate_recordset()
        self.assertEqual(second.state, "withdrawn")

    def test_a_role_needs_an_open_unit(self):
        with self.assertRaisesRegex(ValidationError, "but no unit"):
            self._make(key_account_unit_id=False)
        closed = self._create_unit("T-OLD", self.centre, "company", active=False)
        with self.assertRaisesRegex(ValidationError, "is closed"):
            self._make(key_account_unit_id=closed.id, login="zhao")

    def test_odoos_own_administrator_asks_too_once_there_is_a_centre(self):
        account = self._make(user=self.system)
        self.assertFalse(account.key_account_role)
        group = self.env.ref("key_account_crm.group_key_account_centre")
        head = self.head.with_user(self.system)
        head_group = self.env.ref("key_account_crm.group_key_account_head")
        for attempt in (
            lambda: head.write(
                {"group_ids": [Command.unlink(head_group.id), Command.link(group.id)]}
            ),
            lambda: head.create(
                {
                    "name": "Zhao",
                    "login": "zhao",
                    "key_account_unit_id": self.centre.id,
                    "group_ids": [Command.link(group.id)],
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "field of that name"):
                with self.env.cr.savepoint():
                    attempt()
        centre = self.env["res.users"].search([("key_account_role", "=", "centre")])
        centre.active = False
        first = self._make("centre", self.system, login="first")
        self.assertEqual(first.key_account_role, "centre", "somebody has to begin")
        again = self._make("centre", self.admin, login="again")
        self.assertFalse(again.key_account_role, "not so the suite's administrator")

    def test_what_waits_is_read_by_those_who_read_accounts(self):
        proposal = self._waiting(self._make())
        for user, may in (
            (self.director, True),
            (self.office, True),
            (self.head, True),
            (self.head_b, False),
            (self.manager, False),
        ):
            with self.subTest(user.login), mute_logger("odoo.addons.base.models"):
                self.assertEqual(proposal.with_user(user).has_access("read"), may)

    @users("ka_admin")
    def test_it_stays_in_the_log(self):
        account = self._make()
        proposal = self._waiting(account)
        with self.assertRaisesRegex(UserError, "a log"):
            proposal.sudo().unlink()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            proposal.with_user(self.env.user).write({"role": "centre"})
        proposal.with_user(self.director).action_approve()
        self.env.flush_all()
        logs = self.env["key.account.audit"].sudo()
        of_account = logs.search(
            [("model", "=", "res.users"), ("res_id", "=", account.id)]
        )
        self.assertIn(self.director, of_account.user_id)
        of_proposal = logs.search(
            [("model", "=", proposal._name), ("res_id", "=", proposal.id)]
        )
        self.assertEqual(of_proposal.mapped("user_id"), self.admin | self.director)
