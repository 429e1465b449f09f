# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .point_common import PointCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountPointRedemption(PointCommon):
    """Points redeemed, given and taken by hand (PTS-06, PTS-09, PTS-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls._give(cls.customer, 1000)
        cls.second = cls._create_user("ka_centre_2", "centre", cls.centre)

    def _redeem(self, count=1, user=None, **vals):
        return (
            self.env["key.account.point.redemption"]
            .with_user(user or self.manager)
            .create(
                {
                    "partner_id": self.customer.id,
                    "reward_id": self.reward.id,
                    "count": count,
                    **vals,
                }
            )
        )

    def _adjust(self, quantity=100, user=None, **vals):
        return (
            self.env["key.account.point.adjustment"]
            .with_user(user or self.director)
            .create(
                {
                    "partner_id": self.customer.id,
                    "kind": "adjustment",
                    "quantity": quantity,
                    "reason": "Campaign",
                    **vals,
                }
            )
        )

    def test_up_to_the_limit_it_is_ready_at_once(self):
        redemption = self._redeem(5)
        self.assertRecordValues(
            redemption,
            [
                {
                    "state": "approved",
                    "points": 500,
                    "class_id": self.goods.id,
                    "user_id": self.manager.id,
                    "manager_id": self.manager.id,
                    "decided_by_id": False,
                }
            ],
        )
        self.assertEqual(self._left(self.customer), {2026: 500})
        redemption.action_fulfil()
        self.assertRecordValues(
            redemption,
            [{"state": "fulfilled", "fulfilled_by_id": self.manager.id}],
        )
        self.assertEqual(self.reward.stock_taken, 5)

    def test_above_the_limit_another_person_approves(self):
        redemption = self._redeem(6, self.director)
        self.assertEqual(redemption.state, "requested")
        with self.assertRaises(UserError):
            redemption.action_fulfil()
        with self.assertRaisesRegex(AccessError, "own request"):
            redemption.action_approve()
        with self.assertRaisesRegex(AccessError, "by the centre"):
            redemption.with_user(self.company).action_approve()
        self.assertTrue(redemption.with_user(self.second).can_decide)
        redemption.with_user(self.second).action_approve()
        self.assertRecordValues(
            redemption, [{"state": "approved", "decided_by_id": self.second.id}]
        )

    def test_refused_and_cancelled_points_come_back(self):
        self.reward.write({"is_stocked": True, "stock_received": 10})
        waiting, ready = self._redeem(6), self._redeem(1)
        self.assertEqual(self._left(self.customer), {2026: 300})
        with self.assertRaisesRegex(UserError, "Say why"):
            waiting.with_user(self.director)._refuse(" ")
        waiting.with_user(self.director)._refuse("Too dear")
        with self.assertRaises(AccessError):
            ready.with_user(self.head)._cancel("Not mine")
        ready._cancel("Changed his mind")
        self.assertEqual(self._left(self.customer), {2026: 1000})
        self.assertEqual(self.reward.stock_left, 10)
        self.assertEqual(waiting.refusal, "Too dear")
        with self.assertRaisesRegex(UserError, "decided or done already"):
            ready._cancel("Again")

    def test_handed_out_is_cancelled_by_the_centre_only(self):
        redemption = self._redeem()
        redemption.action_fulfil()
        with self.assertRaises(AccessError):
            redemption._cancel("Broken")
        redemption.with_user(self.director)._cancel("Returned")
        self.assertEqual(self._left(self.customer), {2026: 1000})

    def test_the_stock_ends(self):
        self.reward.write({"is_stocked": True, "stock_received": 3})
        self._redeem(2)
        with self.assertRaisesRegex(UserError, "only 1 are in stock"):
            self._redeem(2)
        self.assertEqual(self._left(self.customer), {2026: 800})

    def test_what_is_not_offered_cannot_be_redeemed(self):
        self.reward.date_to = "2026-03-09"
        with self.assertRaisesRegex(UserError, "not offered today"):
            self._redeem()
        offered = self.env["key.account.point.reward"].search(
            [("is_offered", "=", True)]
        )
        self.assertNotIn(self.reward, offered)

    def test_the_price_of_that_day_stays(self):
        redemption = self._redeem()
        self.reward.points = 900
        self.env.invalidate_all()
        self.assertEqual(redemption.points, 100)
        redemption._cancel("No")
        self.assertEqual(self._left(self.customer), {2026: 1000})

    @mute_logger(*RULE_LOGGERS)
    def test_forged_values_are_of_no_avail(self):
        """Neither state, points, approver, unit nor manager are the client's to say."""
        redemption = self._redeem(
            6,
            state="approved",
            points=1,
            user_id=self.colleague.id,
            decided_by_id=self.director.id,
            unit_id=self.parcel_1.id,
            manager_id=self.manager_b.id,
            name="R-FORGED",
            month="2020-01-01",
        )
        self.assertRecordValues(
            redemption,
            [
                {
                    "state": "requested",
                    "points": 600,
                    "user_id": self.manager.id,
                    "decided_by_id": False,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                }
            ],
        )
        self.assertNotEqual(redemption.name, "R-FORGED")
        for vals in ({"state": "approved"}, {"points": 0}, {"refusal": "x"}):
            with self.assertRaises(UserError):
                redemption.write(vals)
        with self.assertRaises(UserError):
            redemption.unlink()
        with self.assertRaises(AccessError):
            self._redeem(user=self.manager_b)
        with self.assertRaises(AccessError):
            self._redeem(user=self.office)
        for model in ("entry", "balance"):
            with self.assertRaises(UserError):
                self.env[f"key.account.point.{model}"].with_user(self.director).create(
                    {"partner_id": self.customer.id, "quantity": 9, "kind": "reward"}
                )

    def test_the_form_says_what_is_available(self):
        form = Form(self.env["key.account.point.redemption"].with_user(self.manager))
        form.partner_id = self.customer
        form.reward_id = self.reward
        form.count = 6
        self.assertEqual((form.available, form.points), (1000, 600))
        self.assertTrue(form.needs_approval)
        self.assertEqual(form.save().state, "requested")

    def test_points_by_hand_are_approved_by_another_person(self):
        gift, fine = self._adjust(250, kind="reward"), self._adjust(-100)
        for row in gift | fine:
            with self.assertRaisesRegex(AccessError, "own request"):
                row.action_approve()
            row.with_user(self.second).action_approve()
        self.assertEqual(self._left(self.customer), {2026: 1150})
        self.assertEqual(gift.entry_ids.mapped("quantity"), [250])
        self.assertEqual(fine.entry_ids.mapped("kind"), ["adjustment"])
        with self.assertRaisesRegex(UserError, "decided or done"):
            gift.with_user(self.second).action_approve()

    def test_points_by_hand_are_limited_by_the_rule(self):
        with self.assertRaisesRegex(UserError, r"more than the rule allows.*1000"):
            self._adjust(1001)

    @mute_logger(*RULE_LOGGERS)
    def test_only_the_centre_asks_for_points_by_hand(self):
        for user in (self.manager, self.company, self.office, self.admin):
            with self.assertRaises(AccessError):
                self._adjust(user=user)

    def test_refused_or_withdrawn_points_are_not_booked(self):
        refused, withdrawn = self._adjust(), self._adjust()
        refused.with_user(self.second)._refuse("No campaign")
        withdrawn.action_withdraw()
        self.assertEqual(self._left(self.customer), {2026: 1000})
        with self.assertRaises(UserError):
            withdrawn.with_user(self.second).action_approve()

    def test_a_wrong_entry_is_taken_back_with_approval(self):
        """By a counter-entry that names it (PTS-10)."""
        gift = self._adjust(250, kind="reward")
        gift.with_user(self.second).action_approve()
        back = self._adjust(1, entry_id=gift.entry_ids.id)
        self.assertEqual((back.kind, back.quantity), ("reversal", -250))
        back.with_user(self.second).action_approve()
        self.assertEqual(self._left(self.customer), {2026: 1000})
        self.assertRecordValues(
            back.entry_ids,
            [{"quantity": -250, "kind": "reward", "reversed_id": gift.entry_ids.id}],
        )

    def test_a_statement(self):
        """What there was, what moved, what is left; of the rows in reach."""
        self._redeem(2)
        self._give(self.customer, 77, 2025, date="2025-07-01", month="2025-07-01")
        self._create_line_file(self.customer, self.express, self.manager_b)
        self._give(self.customer, 5000, line=self.express)
        statement = (
            self.env["key.account.point.statement"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": self.customer.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                }
            )
        )
        self.assertEqual(
            (statement.opening, statement.earned, statement.used, statement.closing),
            (77, 1000, 200, 877),
        )
        self.assertEqual(len(statement.entry_ids), 2)
