# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .point_common import PointCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountPointEntry(PointCommon):
    """The ledger of points: append-only, oldest used first (PTS-07, PTS-10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Acme", cls.manager)

    def test_the_oldest_year_is_used_first(self):
        for year, quantity in ((2026, 50), (2024, 100), (2025, 70)):
            self._give(self.customer, quantity, year)
        self.entries._use("redemption", self.customer, 120)
        self.assertEqual(self._left(self.customer), {2025: 50, 2026: 50})
        used = self.entries.search([("kind", "=", "redemption")], order="origin_year")
        self.assertEqual(
            used.mapped(lambda e: (e.origin_year, e.quantity)),
            [(2024, -100), (2025, -20)],
        )

    def test_more_than_there_is_is_refused(self):
        self._give(self.customer, 50)
        with self.assertRaisesRegex(UserError, "50 points left there, 51 are needed"):
            self.entries._use("redemption", self.customer, 51)
        self.entries._use("redemption", self.customer, 50)
        self.assertEqual(self._left(self.customer), {})

    def test_points_of_another_line_or_number_stay(self):
        number = self.env["key.account.number"].create(
            {"name": "0077", "partner_id": self.customer.id, "line_id": self.letter.id}
        )
        self._give(self.customer, 10)
        self._give(self.customer, 20, line=self.letter)
        self._give(self.customer, 40, line=self.letter, number=number)
        with self.assertRaises(UserError):
            self.entries._use("redemption", self.customer, 41, self.letter, number)
        self.entries._use("redemption", self.customer, 35, self.letter, number)
        self.entries._use("redemption", self.customer, 25, self.letter)
        self.assertEqual(self._left(self.customer), {2026: 10})

    def test_expired_points_are_used_no_more(self):
        """At the end of the year T+2, also before the entry is written."""
        self._give(self.customer, 100, 2023)
        self._give(self.customer, 5, 2024)
        with self.assertRaises(UserError):
            self.entries._use("redemption", self.customer, 6)
        self.assertEqual(self.entries._expire(), 1)
        self.assertEqual(self._left(self.customer), {2024: 5})
        expiry = self.entries.search([("kind", "=", "expiry")])
        self.assertRecordValues(
            expiry,
            [
                {
                    "quantity": -100,
                    "origin_year": 2023,
                    "date": expiry.date.replace(2025, 12, 31),
                    "month": expiry.date.replace(2025, 12, 1),
                    "rule_id": self.rule.id,
                }
            ],
        )
        self.assertEqual(self.entries._expire(), 0)

    def test_expiry_can_be_switched_off(self):
        self._retire_rules()
        self._create_rule(expires=False)
        self._give(self.customer, 100, 2001)
        self.assertEqual(self.entries._expire(), 0)
        self.entries._use("redemption", self.customer, 100)

    def test_a_use_taken_back_restores_the_years(self):
        self._give(self.customer, 30, 2024)
        self._give(self.customer, 30, 2026)
        self.entries._use("adjustment", self.customer, 40)
        uses = self.entries.search([("kind", "=", "adjustment")])
        uses._reverse("mistaken")
        self.assertEqual(self._left(self.customer), {2024: 30, 2026: 30})
        self.assertEqual(self._earned(self.customer), {"reward": 60})
        with self.assertRaisesRegex(UserError, "taken back already"):
            uses._reverse("again")

    def test_used_points_cannot_be_taken_back(self):
        entry = self._give(self.customer, 30)
        self.entries._use("redemption", self.customer, 20)
        with self.assertRaisesRegex(UserError, "only 10 are left, 30 would"):
            entry._reverse("late")

    def test_computed_points_are_corrected_by_the_bill(self):
        entry = self._give(self.customer, 30, kind="consumption")
        with self.assertRaisesRegex(UserError, "correct the bill"):
            entry._reverse("no")

    def test_nobody_changes_or_deletes_an_entry(self):
        entry = self._give(self.customer, 30)
        with self.assertRaises(UserError):
            entry.write({"quantity": 3000})
        with self.assertRaises(UserError):
            entry.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_refuses(self):
        entry = self._give(self.customer, 30)
        for statement in (
            "UPDATE key_account_point_entry SET quantity = 3000 WHERE id = %s",
            "UPDATE key_account_point_entry SET origin_year = 2030 WHERE id = %s",
            "DELETE FROM key_account_point_entry WHERE id = %s",
        ):
            with self.assertRaises(psycopg2.errors.RestrictViolation):
                with self.env.cr.savepoint():
                    self.env.cr.execute(SQL(statement, entry.id))

    @mute_logger("odoo.sql_db")
    def test_no_statement_makes_a_year_negative(self):
        """Not even SQL that knows nothing of balances."""
        self._give(self.customer, 30)
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with self.env.cr.savepoint():
                self._give(self.customer, -31)
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with self.env.cr.savepoint():
                self._give(self.customer, -1, 2025)
        self.assertEqual(self._left(self.customer), {2026: 30})

    def test_summing_anew_changes_nothing(self):
        self._give(self.customer, 30, 2025)
        self._give(self.customer, 12, line=self.letter)
        self.entries._use("redemption", self.customer, 7)
        columns = ["partner_id", "line_id", "number_id", "origin_year", "quantity"]
        columns += ["earned", "consumption", "redeemed", "unit_id", "manager_id"]
        kept = self.balances.search([]).read(columns, load=None)
        self.balances._rebuild()
        again = self.balances.search([]).read(columns, load=None)
        for row in kept + again:
            row.pop("id")
        self.assertCountEqual(again, kept)

    def test_balances_follow_the_assignment(self):
        self._give(self.customer, 30)
        self.customer.key_account_manager_id = self.colleague
        rows = self.balances.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(rows.manager_id, self.colleague)

    def test_who_leaves_loses_the_points(self):
        self._give(self.customer, 30, 2025)
        self._give(self.customer, 12, line=self.letter)
        self.customer._key_account_move("churned", reason="Gone")
        self.assertEqual(self._left(self.customer), {})
        self.assertEqual(self._earned(self.customer), {"reward": 42, "leaving": -42})

    def test_a_closed_or_rebranded_number_loses_its_points(self):
        brands = self.env["key.account.term"].create(
            [
                {"category": "brand", "code": f"T{name}", "name": name}
                for name in ("Red", "Blue")
            ]
        )
        numbers = self.env["key.account.number"].create(
            [
                {
                    "name": name,
                    "partner_id": self.customer.id,
                    "brand_id": brands[0].id,
                }
                for name in ("0001", "0002", "0003")
            ]
        )
        for number in numbers:
            self._give(self.customer, 10, number=number)
        numbers[0].state = "closed"
        numbers[1].brand_id = brands[1]
        self.assertEqual(
            self._earned(self.customer),
            {"reward": 30, "leaving": -10, "brand": -10},
        )
        self.assertEqual(numbers.mapped("points"), [0, 0, 10])

    def test_points_go_with_their_number(self):
        other = self._create_customer("Other", self.manager)
        number = self.env["key.account.number"].create(
            {"name": "0077", "partner_id": self.customer.id}
        )
        self._give(self.customer, 10, 2025, number=number)
        self._give(self.customer, 5, number=number)
        self._give(self.customer, 7)
        number.partner_id = other
        self.assertEqual(self._left(self.customer), {2026: 7})
        self.assertEqual(self._left(other), {2025: 10, 2026: 5})

    def test_a_merge_conserves_points(self):
        other = self._create_customer("Acme Ltd", self.manager)
        for customer, quantity, year in (
            (self.customer, 10, 2025),
            (other, 20, 2025),
            (other, 5, 2026),
        ):
            self._give(customer, quantity, year, month="2026-02-01")
        self._run_month(2)
        self.customer.with_user(self.company)._key_account_merge(other, "One firm")
        self.assertEqual(self._left(self.customer), {2025: 30, 2026: 5})
        snapshot = self.env["key.account.point.month"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertRecordValues(
            snapshot, [{"left": 35, "left_year": 5, "total_earned": 35}]
        )

    def test_what_the_customer_shows(self):
        """The balance is the sum of the rows its reader may open (PTS-04)."""
        self._create_line_file(self.customer, self.express, self.manager_b)
        self._give(self.customer, 30, 2024)
        self._give(self.customer, 12, line=self.express)
        for user, points, expiring in (
            (self.manager, 30, 30),
            (self.manager_b, 12, 0),
            (self.director, 42, 30),
        ):
            customer = self.customer.with_user(user)
            self.assertEqual(customer.key_account_points, points)
            self.assertEqual(customer.key_account_points_expiring, expiring)
            found = customer.search([("key_account_points", ">=", 30)])
            self.assertEqual(customer in found, points >= 30)
            found = customer.search([("key_account_points_expiring", ">", 0)])
            self.assertEqual(customer in found, expiring > 0)
