# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountCompensation(ComplaintCommon):
    """What a customer is given: by role at once, above it by another person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._complaint(user=cls.manager)
        cls.second = cls._create_user("ka_centre_2", "centre", cls.centre)

    def _ask(self, user, amount=0, points=0, complaint=None):
        kind = self.gift_points if points else self.refund
        return (
            self.env["key.account.compensation"]
            .with_user(user)
            .create(
                {
                    "complaint_id": (complaint or self.complaint).id,
                    "kind_id": kind.id,
                    "amount": amount,
                    "points": points,
                    "reason": "Three days without connection",
                }
            )
        )

    def test_within_the_limit_of_the_role_at_once(self):
        limits = (
            (self.manager, 200),
            (self.head, 1000),
            (self.company, 5000),
            (self.director, 20000),
        )
        for user, limit in limits:
            with self.subTest(user.login):
                self.assertEqual(self._ask(user, limit).state, "granted")
                above = self._ask(user, limit + 0.01)
                self.assertEqual(above.state, "requested")
        self.assertEqual(self.complaint.compensation, 26200)
        self.assertEqual(self.complaint.cost_total, 26200)
        self.assertEqual(self._ask(self.agent, 1).state, "requested")

    def test_above_it_another_person_decides(self):
        asked = self._ask(self.manager, 900)
        for user, reason in (
            (self.manager, "own request"),
            (self.agent, "."),
            (self.head_b, "."),
        ):
            with self.assertRaisesRegex(AccessError, reason):
                asked.with_user(user).action_grant()
        self.assertTrue(asked.with_user(self.head).can_decide)
        asked.with_user(self.head).action_grant()
        self.assertRecordValues(
            asked, [{"state": "granted", "decided_by_id": self.head.id}]
        )
        self.assertEqual(self.complaint.cost_total, 900)
        with self.assertRaisesRegex(UserError, "decided or done"):
            asked.with_user(self.company).action_grant()
        more = self._ask(self.manager, 1001)
        with self.assertRaisesRegex(AccessError, "above the limit"):
            more.with_user(self.head).action_grant()
        more.with_user(self.company).action_grant()
        high = self._ask(self.director, 20001)
        with self.assertRaises(AccessError):
            high.with_user(self.director).action_grant()
        high.with_user(self.second).action_grant()
        self.assertEqual(self.complaint.compensation, 900 + 1001 + 20001)

    def test_refused_and_withdrawn_cost_nothing(self):
        asked = self._ask(self.manager, 900)
        with self.assertRaisesRegex(UserError, "Say why"):
            asked.with_user(self.head)._refuse(" ")
        asked.with_user(self.head)._refuse("Too much")
        self.assertEqual((asked.state, asked.refusal), ("refused", "Too much"))
        other = self._ask(self.manager, 900)
        with self.assertRaises(UserError):
            other.with_user(self.head).action_withdraw()
        other.with_user(self.manager).action_withdraw()
        self.assertEqual(self.complaint.cost_total, 0)

    def test_points_are_a_reward_the_centre_approves(self):
        """PTS-09: by the existing ledger of points, asked for and decided by two."""
        asked = self._ask(self.manager, points=500)
        self.assertEqual(asked.state, "requested")
        with self.assertRaisesRegex(AccessError, "centre"):
            asked.with_user(self.head).action_grant()
        asked.with_user(self.director).action_grant()
        adjustment = asked.adjustment_id
        self.assertRecordValues(
            adjustment,
            [
                {
                    "state": "approved",
                    "kind": "reward",
                    "quantity": 500,
                    "user_id": self.manager.id,
                    "decided_by_id": self.director.id,
                }
            ],
        )
        self.assertEqual(sum(adjustment.entry_ids.mapped("quantity")), 500)
        self.acme.invalidate_recordset()
        self.assertEqual(self.acme.key_account_points, 500)
        own = self._ask(self.director, points=10)
        with self.assertRaisesRegex(AccessError, "own request"):
            own.with_user(self.director).action_grant()

    def test_nothing_is_forged(self):
        """State, user and customer are the system's."""
        compensations = self.env["key.account.compensation"].with_user(self.manager)
        row = compensations.create(
            {
                "complaint_id": self.complaint.id,
                "kind_id": self.refund.id,
                "amount": 9000,
                "reason": "Forged",
                "state": "granted",
                "user_id": self.head.id,
                "partner_id": self.far.id,
            }
        )
        self.assertRecordValues(
            row,
            [
                {
                    "state": "requested",
                    "user_id": self.manager.id,
                    "partner_id": self.acme.id,
                }
            ],
        )
        with self.assertRaises(UserError):
            row.amount = 1
        with self.assertRaises(UserError):
            row.unlink()
        theirs = self._complaint(customer=self.far)
        with self.assertRaises(AccessError):
            self._ask(self.manager, 1, complaint=theirs)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._ask(self.manager)

    def test_the_form(self):
        action = self.complaint.action_compensate()
        form = Form(
            self.env["key.account.compensation"]
            .with_user(self.manager)
            .with_context(action["context"])
        )
        form.kind_id = self.refund
        form.amount = 50
        form.reason = "For the trouble"
        self.assertEqual(form.save().state, "granted")
        self.assertEqual(self.complaint.cost_total, 50)
