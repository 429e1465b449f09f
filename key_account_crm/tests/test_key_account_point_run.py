# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .point_common import PointCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 08:00:00")
class TestKeyAccountPointRun(PointCommon):
    """What the bills of a month earn, and what becomes of it afterwards (PTS-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            "Acme", cls.manager, key_account_date_from="2025-03-02"
        )

    def test_consumption_is_what_was_paid_on_time(self):
        """Fractions are dropped; what was paid late or not earns nothing."""
        late = self._create_customer("Late", self.manager)
        part = self._create_customer("Part", self.manager)
        self._bill_month(self.customer, 1, 99.99)
        self._bill_month(late, 1, 99.99, day=16)
        self._bill_month(part, 1, 99.99, paid=40.5)
        run = self._run_month(1)
        self.assertEqual(self._earned(self.customer), {"consumption": 99})
        self.assertEqual(self._earned(late), {})
        self.assertEqual(self._earned(part), {"consumption": 40})
        self.assertEqual((run.state, run.earned, run.entry_count), ("done", 139, 2))

    def test_the_basis_is_in_the_rule(self):
        for basis, grace, points in (
            ("on_time", 0, {}),
            ("on_time", 1, {"consumption": 50}),
            ("paid", 0, {"consumption": 50}),
            ("billed", 0, {"consumption": 80}),
        ):
            with self.subTest(basis=basis, grace=grace):
                self._retire_rules()
                self._create_rule([], basis=basis, grace_days=grace)
                customer = self._create_customer(f"{basis} {grace}", self.manager)
                self._bill_month(customer, 1, 80, paid=50, day=16)
                self._run_month(1)
                self.assertEqual(self._earned(customer), points)

    def test_tenure_by_full_months(self):
        """13 months are full at the end of the month in which the 13th ends."""
        for since, points in (
            ("2025-02-01", 0),
            ("2025-01-02", 0),
            ("2025-01-01", 10),
            ("2024-01-02", 10),
            ("2024-01-01", 21),
            ("2001-01-01", 21),
        ):
            with self.subTest(since=since):
                customer = self._create_customer(
                    since, self.manager, key_account_date_from=since
                )
                self._bill_month(customer, 1, 109)
                self._run_month(1)
                wanted = {"consumption": 109, "tenure": points}
                if not points:
                    wanted.pop("tenure")
                self.assertEqual(self._earned(customer), wanted)

    def test_a_number_has_its_own_age(self):
        number = self.env["key.account.number"].create(
            {
                "name": "0077",
                "partner_id": self.customer.id,
                "date_opened": "2020-05-05",
            }
        )
        self._bill_month(self.customer, 1, 100, number_id=number.id)
        self._bill_month(self.customer, 1, 50)
        self._run_month(1)
        self.assertEqual(
            self._earned(self.customer, number_id=number.id),
            {"consumption": 100, "tenure": 20},
        )
        self.assertEqual(
            self._earned(self.customer, number_id=False), {"consumption": 50}
        )

    def test_credit_needs_months_on_time_in_a_row(self):
        """An open, a late or a missing month begins the count anew."""
        months = {
            "all": (100, 100, 100, 100),
            "gap": (100, None, 100, 100),
            "late": (100, -100, 100, 100),
        }
        credit = {"all": 20, "gap": 0, "late": 0}
        for name, amounts in months.items():
            customer = self._create_customer(name, self.manager)
            for month, amount in enumerate(amounts, 1):
                if amount:
                    day = 10 if amount > 0 else 20
                    self._bill_month(customer, month, abs(amount), day=day)
        for month in (1, 2, 3, 4):
            self._run_month(month)
        for name, points in credit.items():
            customer = self.env["res.partner"].search([("name", "=", name)])
            self.assertEqual(self._earned(customer).get("credit", 0), points, name)

    def test_data_service_lines(self):
        self._bill_month(self.customer, 1, 10, line=self.data)
        self._bill_month(self.customer, 1, 9, line=self.letter)
        self._bill_month(self.customer, 2, 9.99, line=self.data)
        self._run_month(1)
        self._run_month(2)
        self.assertEqual(
            self._earned(self.customer, line_id=self.data.id),
            {"consumption": 19, "data": 30},
        )

    def test_excluded_lines_and_multipliers(self):
        self._retire_rules()
        self._create_rule([], rate=1.5, excluded_line_ids=[(6, 0, self.letter.ids)])
        self._bill_month(self.customer, 1, 101)
        self._bill_month(self.customer, 1, 500, line=self.letter)
        self._run_month(1)
        self.assertEqual(self._earned(self.customer), {"consumption": 151})

    def test_the_grade_of_the_month_multiplies_consumption(self):
        """PTS-02: the grade the customer had at the month's end, not today's."""
        gold, plain = self.env["key.account.grade"].create(
            [{"code": "T-GOLD", "name": "Gold"}, {"code": "T-PLAIN", "name": "Plain"}]
        )
        self._retire_rules()
        multiplier = {"grade_code": "T-GOLD", "factor": 2}
        self._create_rule([], multiplier_ids=[(0, 0, multiplier)])
        moves = {"direction": "new", "state": "applied", "partner_id": self.customer.id}
        self.env["key.account.grade.move"].create(
            [
                {**moves, "grade_to_id": gold.id, "date_effective": "2026-02-28"},
                {**moves, "grade_to_id": plain.id, "date_effective": "2026-03-01"},
            ]
        )
        earned = []
        for month in (1, 2, 3):
            self._bill_month(self.customer, month, 100)
            self._run_month(month)
            earned.append(sum(self._earned(self.customer).values()))
        self.assertEqual(earned, [100, 300, 400])

    def test_a_second_run_writes_nothing(self):
        for month in (1, 2):
            self._bill_month(self.customer, month, 100)
            self._run_month(month)
        last = self.entries.search([], order="id desc", limit=1)
        snapshots = self.env["key.account.point.month"].search([])
        before = snapshots.read()
        for month in (2, 1, 2):
            run = self._run_month(month)
            self.assertEqual(run.run_id.created_count, 0)
        self.assertEqual(self.entries.search([], order="id desc", limit=1), last)
        self.env.invalidate_all()
        self.assertEqual(snapshots.read(), before)

    def test_a_credit_note_takes_points_back(self):
        bill = self._bill_month(self.customer, 1, 100.5)
        self._run_month(1)
        self._create_bill(
            self.customer,
            -30.6,
            name=bill.name,
            revision=1,
            period="2026-01-01",
            date_bill="2026-03-01",
            date_due="2026-03-01",
        )
        run = self._run_month(2)
        self.assertEqual(self._earned(self.customer), {"consumption": 69})
        self.assertEqual((run.corrected, run.entry_count), (-31, 1))
        correction = self.entries.search([("quantity", "<", 0)])
        self.assertRecordValues(
            correction,
            [{"period": date(2026, 1, 1), "month": date(2026, 2, 1), "quantity": -31}],
        )
        self.assertEqual(correction.reversed_id, self.entries)

    def test_a_payment_entered_after_the_run_is_added(self):
        bill = self._bill_month(self.customer, 1, 100, paid=0)
        self._run_month(1)
        self.assertEqual(self._earned(self.customer), {})
        self._pay(bill, 60, "2026-02-15")
        self._pay(bill, 40, "2026-02-16")
        self._run_month(2)
        self.assertEqual(self._earned(self.customer), {"consumption": 60})

    def test_a_change_of_an_old_month_is_found_too(self):
        """The three last months are looked at anyway, older ones where they changed."""
        bill = self._bill_month(self.customer, 1, 100)
        for month in (1, 2, 3, 4, 5, 6):
            self._run_month(month)
        self._pay(bill, -30, "2026-02-10")
        self._run_month(7)
        self.assertEqual(self._earned(self.customer), {"consumption": 70})

    def test_points_used_meanwhile_are_taken_from_the_next(self):
        """What is to be taken back was used already: never below zero."""
        bill = self._bill_month(self.customer, 1, 100)
        self._run_month(1)
        self.entries._use("redemption", self.customer, 90)
        self._create_bill(
            self.customer,
            -100,
            name=bill.name,
            revision=1,
            period="2026-01-01",
            date_bill="2026-03-01",
            date_due="2026-03-01",
        )
        run = self._run_month(2)
        self.assertEqual((run.owed, self._left(self.customer)), (90, {}))
        self.assertIn("90 points", run.message)
        self._bill_month(self.customer, 3, 200)
        run = self._run_month(3)
        self.assertEqual(self._left(self.customer), {2026: 110})
        self.assertEqual((run.owed, run.earned, run.corrected), (0, 200, -90))

    def test_a_bill_given_to_another_line_moves_its_points(self):
        bill = self._bill_month(self.customer, 1, 100)
        self._run_month(1)
        bill.line_id = self.letter
        self._run_month(2)
        self.assertEqual(
            self._earned(self.customer, line_id=self.letter.id), {"consumption": 100}
        )
        self.assertEqual(self._earned(self.customer, line_id=False), {})

    def test_a_month_keeps_its_version(self):
        """Whom a newer rule would give more keeps what was computed (GRD-17)."""
        self._bill_month(self.customer, 1, 100)
        self._bill_month(self.customer, 2, 100)
        self._run_month(1)
        self._retire_rules()
        double = self._create_rule([], rate=2)
        self._run_month(2)
        self.assertEqual(
            self._earned(self.customer, period=date(2026, 1, 1)), {"consumption": 100}
        )
        self.assertEqual(
            self._earned(self.customer, period=date(2026, 2, 1)), {"consumption": 200}
        )
        self.assertEqual(
            self.entries.search([("rule_id", "=", double.id)]).period, date(2026, 2, 1)
        )

    def test_without_a_rule_nothing_is_earned(self):
        self._retire_rules()
        self._bill_month(self.customer, 1, 100)
        run = self._run_month(1)
        self.assertEqual((run.state, run.entry_count), ("done", 0))

    def test_who_left_keeps_nothing(self):
        bill = self._bill_month(self.customer, 1, 100, paid=0)
        self._run_month(1)
        self.customer._key_account_move("churned", reason="Gone")
        self._pay(bill, 100, "2026-02-10")
        self._run_month(2)
        self.assertEqual(
            self._earned(self.customer), {"consumption": 100, "leaving": -100}
        )
        self.assertEqual(self._run_month(2).run_id.created_count, 0)

    def test_chunks_are_complete_and_go_on(self):
        """A computation that was killed goes on behind its last complete chunk."""
        customers = [self._create_customer(f"C{i}", self.manager) for i in range(5)]
        for customer in customers:
            self._bill_month(customer, 1, 100)
        run = self.env["key.account.point.run"].create({"month": "2026-01-01"})
        run._open_batch(6)
        run._begin()
        self.patch(type(run), "_get_chunk_size", lambda self: 2)
        before = run.last_partner_id
        while run.last_partner_id < customers[1].id:
            run._step()
        self.assertGreater(run.last_partner_id, before)
        points = [bool(self._earned(customer)) for customer in customers]
        self.assertEqual(points, sorted(points, reverse=True))
        run.state = "failed"
        run.action_start()
        self.assertEqual(run.state, "done")
        for customer in customers:
            self.assertEqual(self._earned(customer), {"consumption": 100})

    def test_the_centre_alone_computes(self):
        runs = self.env["key.account.point.run"]
        run = runs.with_user(self.director).create({"month": "2026-01-31"})
        self.assertEqual(run.month, date(2026, 1, 1))
        run.action_start()
        self.assertEqual(run.state, "done")
        with self.assertRaises(AccessError):
            run.write({"state": "draft"})
        with self.assertRaises(UserError):
            run.unlink()
        with self.assertRaises(AccessError):
            run.with_user(self.company).action_start()

    def test_snapshots_at_month_end(self):
        """The columns of the monthly upload, by year of origin (PTS-05, 02006)."""
        for year, quantity in ((2023, 7), (2024, 20), (2025, 300)):
            self._give(self.customer, quantity, year, month="2025-12-01")
        self._bill_month(self.customer, 1, 100)
        self._run_month(1)
        self.entries._use("redemption", self.customer, 25, month=date(2026, 2, 1))
        self._bill_month(self.customer, 2, 50)
        self._run_month(2)
        snapshots = self.env["key.account.point.month"].search(
            [("partner_id", "=", self.customer.id)], order="month"
        )
        self.assertRecordValues(
            snapshots,
            [
                {
                    "month": date(2026, 1, 1),
                    "earned_consumption": 100,
                    "redeemed": 0,
                    "left_year": 100,
                    "left_year_1": 300,
                    "left_year_2": 20,
                    "left_older": 7,
                    "left": 427,
                    "expiring": 27,
                    "total_earned": 427,
                    "total_consumption": 100,
                    "total_redeemed": 0,
                },
                {
                    "month": date(2026, 2, 1),
                    "earned_consumption": 50,
                    "redeemed": 25,
                    "left_year": 150,
                    "left_year_1": 295,
                    "left_year_2": 0,
                    "left_older": 7,
                    "left": 452,
                    "expiring": 7,
                    "total_earned": 477,
                    "total_consumption": 150,
                    "total_redeemed": 25,
                },
            ],
        )

    def test_snapshots_taken_anew_are_the_same(self):
        for month in (1, 2, 3):
            self._bill_month(self.customer, month, 100 * month)
            self._run_month(month)
        months = self.env["key.account.point.month"]
        columns = ["partner_id", "month", "left", "total_earned", "earned_tenure"]
        kept = months.search([], order="month").read(columns, load=None)
        self.env.cr.execute("DELETE FROM key_account_point_month")
        self.env.invalidate_all()
        months._refresh_for(self.customer.ids)
        again = months.search([], order="month").read(columns, load=None)
        for row in kept + again:
            row.pop("id")
        self.assertEqual(again, kept)
        self.assertEqual(len(again), 3)
