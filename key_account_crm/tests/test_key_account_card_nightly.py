# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_card import KeyAccountCardCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountCardNightly(KeyAccountCardCommon):
    """Cards lapse, are renewed, expire and are announced by themselves (CARD-09)."""

    def _roll(self):
        with self.enter_registry_test_mode():
            self.env.ref("key_account_crm.ir_cron_roll_cards").method_direct_trigger()
        self.env.invalidate_all()

    def _run_of_last_night(self):
        runs = self.env["key.account.run"]
        return runs.search([("kind", "=", "card")], limit=1, order="id desc")

    def test_a_due_card_is_renewed_once(self):
        card = self._open_card()
        with freeze_time("2027-03-09 20:00:00"):
            self._roll()
            self.assertEqual(card.date_to, fields.Date.to_date("2027-03-09"))
        with freeze_time("2027-03-10 20:00:00"):
            self._roll()
            self.assertRecordValues(
                card,
                [{"state": "active", "date_to": fields.Date.to_date("2028-03-09")}],
            )
            before = card.move_ids
            self._roll()
            self.assertEqual(card.move_ids, before)
        self.assertRecordValues(
            before.sorted("id")[-1],
            [{"action": "renew", "state_from": "active", "state_to": "active"}],
        )
        self.assertTrue(before.sorted("id")[-1].run_id)

    def test_a_card_lapses_with_a_grade_that_gives_none(self):
        """GRD-09, CARD-06: membership presupposes a grade with a card."""
        silver, plain = self.env["key.account.grade"].create(
            [
                {"code": "T-SILVER", "name": "Silver", "card_kind": "3"},
                {"code": "T-PLAIN", "name": "Plain"},
            ]
        )
        card = self._open_card()
        for grade, state in ((silver, "active"), (plain, "expired")):
            with self.subTest(grade=grade.code):
                self._give_grade(card.partner_id, grade)
                self._roll()
                self.assertEqual(card.state, state)
        with self.assertRaisesRegex(UserError, "gives no card"):
            self._open_card()

    def _give_grade(self, customer, grade):
        move = self.env["key.account.grade.move"].create(
            {
                "partner_id": customer.id,
                "direction": "new",
                "state": "applied",
                "grade_to_id": grade.id,
                "date_effective": fields.Date.today(),
            }
        )
        self.env["key.account.standing"]._apply_grade_moves(move)
        self.env.invalidate_all()

    def test_nights_that_were_missed_are_made_up_for(self):
        card = self._open_card()
        with freeze_time("2029-06-01 20:00:00"):
            self._roll()
        self.assertEqual(card.date_to, fields.Date.to_date("2030-03-09"))

    def test_a_card_that_was_never_found_expires_on_its_date(self):
        card = self._open_card().with_user(self.head)
        card._step("lose", reason="Lost")
        with freeze_time("2027-03-10 20:00:00"):
            self._roll()
            self.assertRecordValues(
                card,
                [{"state": "expired", "date_end": fields.Date.to_date("2027-03-10")}],
            )

    def test_what_the_feed_closed_is_cancelled_at_night(self):
        """The feed writes in sets, past the methods that cancel at once."""
        card = self._open_card()
        other = self._create_member("Other", self.manager)
        moved = self._create_number(other, "0571800009")
        given = self._open_card(other, moved)
        left = self._open_card(self._create_member("Left", self.manager))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_number SET state = 'closed' WHERE id = %s",
            [self.number.id],
        )
        self.env.cr.execute(
            "UPDATE key_account_number SET partner_id = %s WHERE id = %s",
            [self.customer.id, moved.id],
        )
        self.env.cr.execute(
            "UPDATE res_partner SET key_account_state = 'churned' WHERE id = %s",
            [left.partner_id.id],
        )
        self._roll()
        cards = card | given | left
        self.assertEqual(cards.mapped("state"), ["cancelled"] * 3)
        reasons = [one.move_ids.sorted("id")[-1].reason_id.code for one in cards]
        self.assertEqual(reasons, ["closed", "owner", "churned"])
        run = self._run_of_last_night()
        self.assertEqual(run.state, "done")
        self.assertGreaterEqual(run.changed_count, 3)

    def test_the_manager_is_told_a_month_ahead_once(self):
        card = self._open_card()
        with freeze_time("2027-02-06 20:00:00"):
            self._roll()
            self.assertFalse(card.date_notice)
        with freeze_time("2027-02-07 20:00:00"):
            self._roll()
            self._roll()
        activity = self.customer.activity_ids
        self.assertRecordValues(activity, [{"user_id": self.manager.id}])
        self.assertIn("T0010", activity.summary)
