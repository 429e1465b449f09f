# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_crm import card_number
from odoo.addons.key_account_crm.models.key_account_card_move import ACTIONS

from .common_card import KeyAccountCardCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountCard(KeyAccountCardCommon):
    """From the blank to the end of a card (CARD-01, -02, -05, -07, -09)."""

    def _states(self, card):
        return card.move_ids.sorted("id").mapped("action")

    def test_numbers_are_text_in_ranges(self):
        self.assertFalse(doctest.testmod(card_number).failed)

    # ---- stock (CARD-09) -------------------------------------------------------

    def test_a_delivery_makes_its_blanks_with_leading_zeros_and_check_digit(self):
        batch = self._supply("0098", "0101", with_check_digit=True)
        self.assertEqual(batch.row_count, 4)
        numbers = batch.blank_ids.mapped("name")
        self.assertEqual(
            [number[:4] for number in numbers], ["0098", "0099", "0100", "0101"]
        )
        self.assertTrue(all(map(card_number.has_check_digit, numbers)))
        self.assertEqual(batch.stock_count, 4)

    def test_a_number_is_never_delivered_twice(self):
        with self.assertRaisesRegex(UserError, "T0015"):
            self._supply("T0015", "T0030")
        with self.assertRaisesRegex(UserError, "never used again"):
            self.batch.blank_ids[:1].unlink()
        with self.assertRaisesRegex(UserError, "never used again"):
            self.batch.unlink()

    def test_what_is_no_range_is_refused(self):
        for first, last in (
            ("0010", "0009"),
            ("A0001", "B0002"),
            ("0001", "00010"),
            ("12", "15"),
            ("0000000", "9999999"),
        ):
            with self.subTest(first=first), self.assertRaises(UserError):
                self._supply(first, last)

    def test_the_wizard_shows_what_it_makes(self):
        with Form(self.env["key.account.card.supply"].with_user(self.head)) as form:
            form.kind_id = self.silver
            form.number_from, form.number_to = "s 0001", "S0500"
            self.assertIn("500", form.preview)
            self.assertIn("S0001, S0002, S0003", form.preview)
        form.save().action_supply()
        batch = self.env["key.account.card.batch"].search([], limit=1, order="id desc")
        self.assertRecordValues(
            batch, [{"unit_id": self.post_1.id, "user_id": self.head.id}]
        )
        self.assertEqual(len(batch.blank_ids), 500)

    def test_a_unit_hands_on_what_it_has(self):
        blanks = self.batch.blank_ids
        blanks[:1].with_user(self.company).unit_id = self.post_2
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            blanks[1].with_user(self.company).unit_id = self.parcel
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            blanks[1].with_user(self.head_b).unit_id = self.parcel_1
        with self.assertRaisesRegex(AccessError, "by hand"):
            blanks[1].with_user(self.head).write({"state": "used"})

    def test_a_spoiled_blank_is_not_given_out(self):
        blank = self.batch.blank_ids[:1].with_user(self.head)
        with self.assertRaisesRegex(UserError, "why it is taken out"):
            blank.action_spoil()
        blank.reason = "Printed askew"
        blank.action_spoil()
        self.assertEqual(self._open_card().name, "T0011")

    # ---- application and opening (CARD-01, CARD-05) ------------------------------

    def test_the_manager_applies_and_the_head_opens(self):
        card = self._apply()
        self.assertRecordValues(
            card, [{"state": "requested", "name": False, "user_id": self.manager.id}]
        )
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            card._step("activate")
        card.with_user(self.head)._open(document="OPEN-1")
        self.assertRecordValues(
            card,
            [
                {
                    "state": "issued",
                    "name": "T0010",
                    "date_from": fields.Date.to_date("2026-03-10"),
                    "date_to": fields.Date.to_date("2027-03-09"),
                }
            ],
        )
        self.assertEqual(card.sudo().blank_id.state, "used")
        card.with_user(self.head)._step("activate")
        self.assertRecordValues(
            card.move_ids.sorted("id"),
            [
                {"action": "apply", "state_from": False, "user_id": self.manager.id},
                {"action": "open", "state_from": "requested", "user_id": self.head.id},
                {"action": "activate", "state_from": "issued", "user_id": self.head.id},
            ],
        )

    def test_an_application_takes_nothing_but_what_may_be_applied_for(self):
        card = self._apply(state="active", date_to="2099-01-01", user_id=self.head.id)
        self.assertRecordValues(
            card,
            [{"state": "requested", "date_to": False, "user_id": self.manager.id}],
        )
        with self.assertRaises(AccessError):
            self._apply(name="T0010")

    def test_batch_opening_takes_the_lowest_numbers(self):
        cards = self._apply()
        for index in range(3):
            customer = self._create_member(f"Other {index}", self.manager)
            cards |= self._apply(customer=customer)
        wizard = self.env["key.account.card.step"].with_user(self.head)
        wizard = wizard.with_context(
            active_model="key.account.card", active_ids=cards.ids, card_action="open"
        )
        form = Form(wizard)
        form.is_active = False
        form.save().action_step()
        self.assertEqual(set(cards.mapped("state")), {"issued"})
        self.assertEqual(
            sorted(cards.mapped("name")), ["T0010", "T0011", "T0012", "T0013"]
        )

    def test_the_window_of_a_step_opens_as_the_browser_asks_for_it(self):
        card = self._apply()
        wizard = self.env["key.account.card.step"].with_user(self.head)
        wizard = wizard.with_context(
            active_model="key.account.card", active_ids=card.ids, card_action="open"
        )
        spec = {"card_ids": {"fields": {"name": {}}}, "action": {}, "is_giving": {}}
        value = wizard.onchange({}, [], spec)["value"]
        self.assertEqual((value["action"], value["is_giving"]), ("open", True))
        self.assertEqual(value["card_ids"][-1][1], card.id)

    def test_an_empty_stock_is_told_with_the_numbers(self):
        customer = self._create_member("Silver", self.manager)
        card = self._apply(customer=customer, kind_id=self.silver.id)
        with self.assertRaisesRegex(UserError, "Silver Card"):
            card.with_user(self.head)._open()

    def test_one_card_and_one_application_per_number(self):
        self._apply()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._apply()
        customer = self._create_member("No Number", self.manager)
        self._open_card(customer)
        again = self._apply(customer=customer)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                again.with_user(self.head)._open()

    def test_the_number_must_be_the_customers_own(self):
        other = self._create_member("Other", self.manager)
        with self.assertRaisesRegex(ValidationError, "one of its own"):
            self._apply(customer=other, number=self.number)

    def test_who_is_not_served_gets_no_card(self):
        potential = self._create_customer(
            "Maybe", self.manager, key_account_state="potential"
        )
        card = self._apply(customer=potential)
        with self.assertRaisesRegex(UserError, "cannot have the card"):
            card.with_user(self.head)._open()

    def test_the_applicant_withdraws_before_the_decision(self):
        card = self._apply()
        with self.assertRaisesRegex(UserError, "who applied"):
            card.with_user(self.head).action_withdraw()
        card.action_withdraw()
        self.assertEqual(card.state, "cancelled")
        self.assertFalse(card.name)

    # ---- the further life (CARD-02, CARD-07, CARD-09) ----------------------------

    def test_every_step_starts_only_where_it_may(self):
        """Each action in each state: done or refused as the table of steps says."""
        states = dict(self.env["key.account.card"]._fields["state"].selection)
        card = self._open_card().with_user(self.head)
        for state in states.keys() - {"requested", "refused"}:
            for action, (_label, starts, target) in ACTIONS.items():
                if action in ("apply", "open"):
                    continue
                self.env.cr.execute(
                    "UPDATE key_account_card SET state = %s WHERE id = %s",
                    [state, card.id],
                )
                self.env.invalidate_all()
                with self.subTest(state=state, action=action):
                    if state in starts:
                        card._step(action, reason="Test")
                        self.assertEqual(card.state, target or state)
                    else:
                        with self.assertRaisesRegex(UserError, "not possible"):
                            card._step(action, reason="Test")

    def test_a_step_has_a_reason(self):
        card = self._open_card().with_user(self.head)
        with self.assertRaisesRegex(UserError, "has a reason"):
            card._step("freeze")

    def test_a_lost_card_is_replaced_and_the_chain_is_kept(self):
        first = self._open_card().with_user(self.head)
        first._step("lose", reason="In the taxi")
        second = first._replace(reason="Lost")
        third = second._replace("renumber", reason="Unlucky number")
        self.assertEqual(
            [first.state, second.state, third.state], ["replaced", "replaced", "active"]
        )
        self.assertEqual(third.date_to, first.date_to)
        for card in (first, second, third):
            self.assertEqual(card.chain_ids, first | second | third)
        self.assertEqual(
            [*map(lambda c: c.name, third.chain_ids)], ["T0010", "T0011", "T0012"]
        )
        self.assertEqual(
            self._states(first), ["apply", "open", "activate", "lose", "replace"]
        )
        self.assertEqual(self._states(second)[-1], "renumber")
        with self.assertRaisesRegex(UserError, "not possible"):
            first._replace(reason="Again")

    def test_a_joining_is_reversed_on_the_first_card_only(self):
        first = self._open_card().with_user(self.head)
        second = first._replace(reason="Damaged")
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            second._reverse(reason="Mistake")
        other = self._open_card(self._create_member("Wrong", self.manager))
        other._reverse(reason="Entered for the wrong customer")
        self.assertRecordValues(
            other,
            [{"state": "reversed", "date_end": fields.Date.to_date("2026-03-10")}],
        )

    def test_steps_and_cards_stay(self):
        card = self._open_card()
        for record in (card, card.move_ids):
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaisesRegex(UserError, "stays as it was"):
            card.move_ids[:1].sudo().write({"reason": "Other"})
        for vals in ({"state": "active"}, {"name": "X"}, {"date_to": "2099-01-01"}):
            with self.assertRaisesRegex(AccessError, "by its steps only"):
                card.with_user(self.head).write(vals)
        card.with_user(self.head).write({"holder_name": "WANG XIAO", "note": "Hall 3"})

    def test_numbers_are_found_however_they_are_typed(self):
        card = self._open_card()
        for text in ("t 0010", "T-0010", "T001"):
            found = (
                self.env["key.account.card"].with_user(self.manager).name_search(text)
            )
            self.assertIn(card.id, [card_id for card_id, _name in found])

    # ---- what happens around it ---------------------------------------------------

    def test_a_closed_number_and_a_new_owner_end_the_card(self):
        for vals, reason in (
            ({"state": "closed"}, "Number Closed"),
            ({"partner_id": "other"}, "Number Changed Owner"),
        ):
            with self.subTest(reason=reason):
                number = self._create_number(self.customer, f"0571 {reason}")
                card = self._open_card(number=number)
                if "partner_id" in vals:
                    vals = {"partner_id": self._create_member("Heir", self.manager).id}
                number.with_user(self.manager).write(vals)
                self.assertEqual(card.state, "cancelled")
                move = card.move_ids.sorted("id")[-1]
                self.assertRecordValues(
                    move, [{"action": "cancel", "user_id": self.manager.id}]
                )
                self.assertEqual(move.reason_id.name, reason)

    def test_churn_cancels_cards_and_applications(self):
        card = self._open_card()
        number = self._create_number(self.customer, "0571800002")
        wanted = self._apply(number=number)
        self.customer.with_user(self.head)._key_account_move("churned", reason="Left")
        self.assertEqual((card | wanted).mapped("state"), ["cancelled", "cancelled"])
        self.assertEqual(card.move_ids.sorted("id")[-1].reason_id.name, "Customer Left")

    def test_a_merge_moves_cards_and_their_steps(self):
        card = self._open_card()
        target = self._create_member("Target", self.manager)
        own = self._open_card(target)
        target.with_user(self.head)._key_account_merge(self.customer, "The same firm")
        self.assertEqual(card.partner_id, target)
        self.assertEqual(card.state, "active")
        self.assertEqual(card.move_ids.partner_id, target)
        self.assertEqual(target.key_account_card_ids, card | own)

    def test_cards_bound_to_customers_are_settled_before_a_merge(self):
        one = self._create_member("One", self.manager)
        other = self._create_member("Other", self.manager)
        self._open_card(one)
        self._open_card(other)
        with self.assertRaisesRegex(UserError, "VIP Card"), mute_logger("odoo.sql_db"):
            one.with_user(self.head)._key_account_merge(other, "The same person")

    def test_the_unit_follows_the_assignment(self):
        card = self._open_card()
        self.customer.key_account_manager_id = self.manager_2
        self.customer.key_account_unit_id = self.post_2
        card = card.sudo()
        self.assertEqual(card.unit_id, self.post_2)
        self.assertEqual(card.move_ids.unit_id, self.post_2)
        self.assertEqual(card.move_ids.manager_id, self.manager_2)
