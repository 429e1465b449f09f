# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountHandover(ManagerCommon):
    """Customers change hands: preview, day, stand-in, acknowledgement, and back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].browse()
        for number in range(3):
            cls.customers |= cls._create_customer(f"C{number}", cls.manager)
        cls.bill = cls._create_bill(cls.customers[0])
        cls.lent = cls._create_customer("Lent", cls.manager_b)
        cls.file = cls._create_line_file(cls.lent, cls.letter, cls.manager)
        cls.line_bill = cls._create_bill(cls.lent, line=cls.letter)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Person", "parent_id": cls.customers[0].id}
        )

    def test_everything_changes_hands(self):
        """ASG-07: customers, their contacts, facts, files of lines, reminders; scope is
        right at once in both directions."""
        reminder = self.customers[0].activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        )
        rows = (*self.customers, self.contact, self.bill, self.file, self.line_bill)
        self.assertEqual(self._sees(self.manager, *rows), set(rows))
        order = self._hand_over(self.manager, self.colleague)
        self.assertRecordValues(
            order, [{"state": "done", "moved_count": 4, "skipped_count": 0}]
        )
        self.assertEqual(self._sees(self.manager, *rows, self.lent), set())
        self.assertEqual(self._sees(self.colleague, *rows), set(rows))
        self.assertEqual(reminder.user_id, self.colleague)
        self.assertEqual(self.lent.key_account_manager_id, self.manager_b)
        self.assertEqual(self._ledger(self.lent, self.letter)[-1][0], self.colleague)
        origins = self.customers.key_account_assignment_ids.filtered("order_id")
        self.assertEqual(set(origins.mapped("origin")), {"handover"})

    def test_open_tasks_go_along(self):
        """Who takes over everything takes over the tasks too, and accepts them."""
        tasks = self.env["key.account.task"].with_user(self.head)
        task, draft = tasks.create(
            [
                {
                    "name": name,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                }
                for name in ("Call them", "Later")
            ]
        )
        task.action_issue()
        order = self._hand_over(self.manager, self.colleague)
        takes = order.party_ids.filtered(lambda party: party.side == "takes")
        self.assertIn("1 tasks", takes.travel_text)
        self.assertEqual((task.manager_id, task.state), (self.colleague, "issued"))
        self.assertEqual(draft.manager_id, self.manager)

    def test_the_preview_says_what_it_means(self):
        """ASG-08: load before and after against the limit, and what he may not do."""
        card = self.env.ref("key_account_manager.key_account_operation_card")
        self.files[self.colleague].operation_ids -= card
        self._create_customer("Old", self.colleague)
        order = self._order(
            kind="handover",
            from_user_id=self.manager.id,
            to_user_id=self.colleague.id,
        )
        gives, takes = order.party_ids.sorted("side")
        self.assertRecordValues(
            gives | takes,
            [
                {
                    "user_id": self.manager.id,
                    "customer_count": 3,
                    "line_count": 1,
                    "load_before": 4,
                    "load_after": 0,
                    "is_over": False,
                },
                {
                    "user_id": self.colleague.id,
                    "customer_count": 3,
                    "line_count": 1,
                    "load_before": 1,
                    "load_after": 5,
                    "is_over": True,
                },
            ],
        )
        self.assertIn("Applications for VIP cards", takes.warning)
        self.assertEqual(order.state, "prepared")
        self.assertEqual(self.customers.key_account_manager_id, self.manager)

    def test_a_later_day_is_done_in_the_night(self):
        with freeze_time("2026-04-01 04:00:00"):
            order = self._hand_over(
                self.manager, self.colleague, date_effective="2026-04-03"
            )
            self.assertEqual(order.state, "planned")
        with freeze_time("2026-04-02 23:00:00"):
            self._night()
            self.assertEqual(order.state, "planned")
        with freeze_time("2026-04-03 01:00:00"):
            self._night()
        self.assertEqual(order.state, "done")
        self.assertEqual(self.customers.key_account_manager_id, self.colleague)
        self.assertEqual(
            self._ledger(self.customers[0])[-1], (self.colleague, "2026-04-03", None)
        )

    def test_a_stand_in_goes_back_by_itself(self):
        with freeze_time("2026-04-01 04:00:00"):
            order = self._hand_over(self.manager, self.colleague, date_end="2026-04-05")
        with freeze_time("2026-04-02 04:00:00"):  # meanwhile one is given to another
            taken = self.customers[2].with_user(self.head)
            taken.key_account_manager_id = self.manager_2
        for day in ("2026-04-05", "2026-04-06", "2026-04-06"):
            with freeze_time(f"{day} 04:00:00"):
                self._night()
                if day == "2026-04-05":
                    self.assertFalse(order.reversal_ids)
        back = order.reversal_ids
        self.assertRecordValues(
            back, [{"state": "done", "moved_count": 3, "skipped_count": 1}]
        )
        self.assertEqual(self.customers[:2].key_account_manager_id, self.manager)
        self.assertEqual(self.customers[2].key_account_manager_id, self.manager_2)
        self.assertEqual(
            self._ledger(self.customers[0])[-2:],
            [
                (self.colleague, "2026-04-01", "2026-04-05"),
                (self.manager, "2026-04-06", None),
            ],
        )

    def test_one_click_takes_it_back(self):
        rows = (*self.customers, self.contact, self.bill, self.file, self.line_bill)
        order = self._hand_over(self.manager, self.manager_2, user=self.company)
        self.assertEqual(self.customers.key_account_unit_id, self.post_2)
        self.assertEqual(self._sees(self.head, *self.customers), set())
        order.action_take_back()
        self.assertTrue(order.is_taken_back)
        self.assertEqual(self._sees(self.manager, *rows), set(rows))
        self.assertEqual(self._sees(self.manager_2, *rows), set())
        self.assertEqual(self.customers.key_account_unit_id, self.post_1)
        with self.assertRaises(UserError):
            order.action_take_back()

    def test_units_and_scopes_follow(self):
        """To another unit: home unit, serving units, contacts; a shared customer keeps
        its other units."""
        shared = self._create_customer("Shared", self.manager)
        self._create_line_file(shared, self.express, self.manager_b)
        self._hand_over(self.manager, self.manager_2, user=self.company)
        for customer in (*self.customers, shared, self.contact):
            expected = self.post_2 | (
                self.parcel_1 if customer == shared else self.post_2
            )
            self.assertEqual(customer.key_account_scope_id.unit_ids, expected)
        self.assertEqual(self._sees(self.head_b, shared), {shared})
        self.assertEqual(self.bill.unit_id, self.post_2)

    def test_swap(self):
        """ASG-02."""
        other = self._create_customer("Other", self.colleague)
        order = self._order(
            kind="swap", from_user_id=self.manager.id, to_user_id=self.colleague.id
        )
        order.action_confirm()
        self.assertEqual(other.key_account_manager_id, self.manager)
        self.assertEqual(self.customers.key_account_manager_id, self.colleague)

    def test_reclaim(self):
        """ASG-03: back to the unit, line files too."""
        order = self._order(kind="reclaim", from_user_id=self.manager.id)
        order.action_confirm()
        self.assertFalse(self.customers.key_account_manager_id)
        self.assertFalse(self.file.manager_id)
        self.assertEqual(self._sees(self.head, *self.customers), set(self.customers))

    def test_assistants(self):
        """ASG-05: A develops, B supports; the assistant reads the basic file."""
        order = self._order(
            kind="assign",
            role="assistant",
            to_user_id=self.colleague.id,
            partner_ids=self.customers.ids,
        )
        order.action_confirm()
        self.assertEqual(self.customers.key_account_manager_id, self.manager)
        self.assertEqual(self.customers[0].key_account_assistant_ids, self.colleague)
        seen = self._sees(self.colleague, self.customers[0], self.bill)
        self.assertEqual(seen, {self.customers[0]})
        self._order(
            kind="assign",
            role="release",
            to_user_id=self.colleague.id,
            partner_ids=self.customers[0].ids,
        ).action_confirm()
        self.assertEqual(self._sees(self.colleague, self.customers[0]), set())
        self.assertIn(self.customers[1], self._sees(self.colleague, self.customers[1]))

    def test_who_developed_may_stay_as_assistant(self):
        self._hand_over(self.manager, self.colleague, is_former_assistant=True)
        self.assertEqual(self.customers[0].key_account_assistant_ids, self.manager)
        self.assertEqual(
            self._sees(self.manager, self.customers[0], self.bill), {self.customers[0]}
        )

    def test_what_was_given_otherwise_meanwhile_is_left_out(self):
        order = self._order(
            kind="handover",
            from_user_id=self.manager.id,
            to_user_id=self.colleague.id,
        )
        self.customers[0].key_account_manager_id = self.manager_2
        order.action_confirm()
        self.assertRecordValues(order, [{"moved_count": 3, "skipped_count": 1}])
        self.assertEqual(self.customers[0].key_account_manager_id, self.manager_2)
        left = order.line_ids.filtered(lambda row: row.state == "skipped")
        self.assertEqual(left.problem, "overtaken")

    def test_each_acknowledges_for_himself(self):
        order = self._hand_over(self.manager, self.colleague)
        gives, takes = order.party_ids.sorted("side")
        with self.assertRaises(AccessError):
            gives.with_user(self.head).action_acknowledge()
        self.env.invalidate_all()
        self.assertTrue(gives.sudo().activity_ids)
        for party, user in ((gives, self.manager), (takes, self.colleague)):
            party.with_user(user).action_acknowledge()
            self.assertTrue(party.date_acknowledged)
        self.assertFalse((gives | takes).sudo().activity_ids)
        with self.assertRaises(UserError):
            gives.with_user(self.manager).action_acknowledge()

    def test_the_sheet_of_both(self):
        """The giver reads those customers no more, and has the evidence."""
        order = self._hand_over(self.manager, self.colleague, reason="Leaves")
        gives, takes = order.party_ids.sorted("side")
        for party, user in ((gives, self.manager), (takes, self.colleague)):
            html = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html(
                    "key_account_manager.key_account_handover_report", party.ids
                )[0]
                .decode()
            )
            for customer in self.customers:
                self.assertIn(customer.key_account_code, html)
            self.assertIn(order.name, html)
        with self.assertRaises(AccessError):
            gives.with_user(self.colleague)._get_sheet()

    def test_whose_units(self):
        """Between departments the company, between companies the centre (3.2)."""
        for user, taker, is_allowed in (
            (self.head, self.colleague, True),
            (self.head, self.manager_2, False),
            (self.company, self.manager_2, True),
            (self.company, self.manager_b, False),
            (self.director, self.manager_b, True),
            (self.head_b, self.colleague, False),
        ):
            with self.subTest(user=user.login, taker=taker.login):
                vals = {"from_user_id": self.manager.id, "to_user_id": taker.id}
                orders = self.env["key.account.handover"].with_user(user)
                if is_allowed:
                    self.assertEqual(self._order(user, **vals).state, "prepared")
                else:
                    with self.assertRaises(AccessError):
                        orders.create(vals)
        with self.assertRaises(AccessError):
            self.env["key.account.handover"].with_user(self.manager).create(
                {"from_user_id": self.manager.id, "to_user_id": self.colleague.id}
            )

    def test_customers_out_of_reach_are_not_taken(self):
        """A head takes what is in his units: what a colleague keeps of another unit's
        customers stays."""
        elsewhere = self._create_customer("Elsewhere", self.manager, unit=self.post_2)
        self._hand_over(self.manager, self.colleague)
        self.assertEqual(elsewhere.key_account_manager_id, self.manager)

    def test_what_is_missing_is_said(self):
        orders = self.env["key.account.handover"].with_user(self.head)
        for vals in (
            {"kind": "handover", "to_user_id": self.colleague.id},
            {"kind": "handover", "from_user_id": self.manager.id},
            {"kind": "assign", "partner_ids": self.customers.ids},
            {"from_user_id": self.manager.id, "to_user_id": self.manager.id},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                orders.create(vals)

    def test_given_orders_stay(self):
        order = self._hand_over(self.manager, self.colleague)
        with self.assertRaises(UserError):
            order.to_user_id = self.manager_2
        with self.assertRaises(UserError):
            order.unlink()
        with self.assertRaises(UserError):
            order.action_confirm()
        with self.assertRaises(UserError):
            order.action_cancel()

    def test_the_past_is_not_handed_over(self):
        order = self._order(
            kind="handover",
            from_user_id=self.manager.id,
            to_user_id=self.colleague.id,
            date_effective="2020-01-01",
        )
        with self.assertRaises(UserError):
            order.action_confirm()

    def _night(self):
        self.env.flush_all()
        orders = self.env["key.account.handover"]
        with self.enter_registry_test_mode():
            self.env.ref(
                "key_account_manager.ir_cron_handover_day"
            ).method_direct_trigger()
        orders.invalidate_model()
