# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15")
class TestKeyAccountChurn(KeyAccountCommon):
    """Churned files and what their customers were worth (FILE-03, 1.2.5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.env.ref("key_account_crm.key_account_term_churn_cause_price")
        cls.kind = cls.env.ref(
            "key_account_crm.key_account_term_churn_kind_competitive"
        )
        cls.reason = cls.env.ref("key_account_crm.key_account_term_move_request")
        cls.rival = cls.env["key.account.term"].create(
            {"name": "Rival", "code": "rival", "category": "competitor"}
        )
        cls.customer = cls._create_customer(
            "Leaver", cls.manager, key_account_date_from="2023-01-01"
        )

    def _bill_months(self, first, amounts, line=None):
        """A bill for each of the months from the first on; None is no bill."""
        for place, amount in enumerate(amounts):
            period = date.fromisoformat(first) + relativedelta(months=place)
            if amount is not None:
                self._create_bill(
                    self.customer,
                    amount,
                    line,
                    period=period,
                    date_bill=period,
                    date_due=period + relativedelta(months=1),
                )

    def _leave(self, day="2026-01-15", user=None):
        customer = self.customer.with_user(user or self.head)
        move = customer._key_account_move("churned", reason="Gone", date=day)
        return self.env["key.account.churn"].search([("move_id", "=", move.id)])

    def _months(self, since, until, line=None):
        domain = [
            ("partner_id", "=", self.customer.id),
            ("month", ">=", since),
            ("month", "<", until),
        ]
        if line:
            domain.append(("line_id", "=", line.id))
        rows = self.env["key.account.month"]._read_group(
            domain, aggregates=["amount_billed:sum"]
        )
        return rows[0][0]

    def test_the_wizard_asks_how_the_customer_leaves(self):
        self.customer.with_user(self.head)
        form = Form(
            self.env["key.account.move"]
            .with_user(self.head)
            .with_context(
                default_partner_id=self.customer.id, default_state_to="churned"
            )
        )
        self.assertTrue(form.is_departure)
        form.reason_id = self.reason
        form.date = "2026-01-10"
        with self.assertRaises(AssertionError):
            form.save()  # kind and cause are missing
        form.kind_id = self.kind
        form.cause_id = self.price
        form.competitor_id = self.rival
        form.win_back_chance = 40
        form.date_last_contact = "2026-01-08"
        form.retention = "Two visits"
        form.retention_cost = 300
        form.save().action_move()
        self.assertEqual(self.customer.key_account_state, "churned")
        self.assertRecordValues(
            self.customer.key_account_churn_ids,
            [
                {
                    "date": date(2026, 1, 10),
                    "kind_id": self.kind.id,
                    "cause_id": self.price.id,
                    "competitor_id": self.rival.id,
                    "win_back_chance": 40,
                    "date_last_contact": date(2026, 1, 8),
                    "retention": "Two visits",
                    "retention_cost": 300,
                    "former_unit_id": self.post_1.id,
                    "former_manager_id": self.manager.id,
                    "date_won_back": False,
                }
            ],
        )

    def test_a_suspension_asks_nothing_about_leaving(self):
        form = Form(
            self.env["key.account.move"]
            .with_user(self.manager)
            .with_context(
                default_partner_id=self.customer.id, default_state_to="suspended"
            )
        )
        self.assertFalse(form.is_departure)
        form.reason_id = self.reason
        form.save().action_move()
        self.assertFalse(self.customer.key_account_churn_ids)

    def test_worth_is_the_sum_of_the_months_before_leaving(self):
        self._bill_months("2024-10-01", [10 * place for place in range(1, 17)])
        churn = self._leave("2026-01-15")
        # October 2024 to January 2026 were billed; the month of leaving does not count.
        self.assertEqual(churn.amount_quarter, 130 + 140 + 150)
        self.assertEqual(churn.amount_quarter, self._months("2025-10-01", "2026-01-01"))
        self.assertEqual(churn.amount_year, self._months("2025-01-01", "2026-01-01"))
        self.assertEqual(churn.worth_ids.date_last_billed, date(2025, 12, 1))

    def test_silent_months_before_leaving_do_not_hide_the_worth(self):
        self._bill_months("2025-01-01", [100, 100, None, 100, 50])
        churn = self._leave("2026-01-15")
        self.assertEqual(churn.amount_quarter, 250)
        self.assertEqual(churn.amount_year, 350)
        self.assertEqual(churn.worth_ids.date_last_billed, date(2025, 5, 1))

    def test_a_customer_never_billed_was_worth_nothing(self):
        churn = self._leave()
        self.assertEqual((churn.amount_quarter, churn.amount_year), (0, 0))
        self.assertFalse(churn.worth_ids)

    def test_credit_notes_and_currencies_count(self):
        self._bill_months("2025-11-01", [100, -30])
        other = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "x",
                "rate_ids": [(0, 0, {"name": "2025-01-01", "rate": 2.0})],
            }
        )
        self._create_bill(
            self.customer,
            50,
            period="2025-12-01",
            date_bill="2025-12-31",
            date_due="2026-01-31",
            currency_id=other.id,
        )
        churn = self._leave()
        self.assertEqual(churn.amount_quarter, 100 - 30 + 25)

    def test_the_worth_stays_when_bills_are_corrected_later(self):
        self._bill_months("2025-12-01", [100])
        churn = self._leave()
        self._bill_months("2025-12-01", [-40])
        churn.invalidate_recordset()
        self.assertEqual(churn.amount_year, 100)
        self.assertEqual(self._months("2025-12-01", "2026-01-01"), 60)

    def test_each_company_reads_the_worth_of_its_own_line(self):
        self._create_line_file(self.customer, self.letter, self.manager)
        self._create_line_file(self.customer, self.express, self.manager_b)
        self._bill_months("2025-11-01", [100, 100], self.letter)
        self._bill_months("2025-10-01", [1, 7, None], self.express)
        churn = self._leave()
        rows = self.env["key.account.churn.worth"]
        for user, amount in (
            (self.manager, 200),
            (self.head, 200),
            (self.company, 200),
            (self.manager_b, 8),
            (self.company_b, 8),
            (self.director, 208),
            (self.office, 208),
        ):
            with self.subTest(user=user.login):
                [[total]] = rows.with_user(user)._read_group(
                    [("churn_id", "=", churn.id)], aggregates=["amount_year:sum"]
                )
                self.assertEqual(total, amount)
                if user not in (self.manager_b, self.company_b):
                    self.assertEqual(churn.with_user(user).amount_year, amount)
        self.assertRecordValues(
            churn.worth_ids.sorted("amount_year"),
            [
                {
                    "line_id": self.express.id,
                    "former_unit_id": self.parcel_1.id,
                    "former_manager_id": self.manager_b.id,
                    "amount_quarter": 8,
                },
                {
                    "line_id": self.letter.id,
                    "former_unit_id": self.post_1.id,
                    "former_manager_id": self.manager.id,
                    "amount_quarter": 200,
                },
            ],
        )
        with mute_logger(*RULE_LOGGERS), self.assertRaises(AccessError):
            churn.with_user(self.company_b).read(["amount_year"])

    def test_the_manager_at_that_time_stays(self):
        churn = self._leave()
        self.customer.with_user(self.company).write(
            {
                "key_account_unit_id": self.post_2.id,
                "key_account_manager_id": self.manager_2.id,
            }
        )
        self.assertRecordValues(
            churn,
            [
                {
                    "unit_id": self.post_2.id,
                    "manager_id": self.manager_2.id,
                    "former_unit_id": self.post_1.id,
                    "former_manager_id": self.manager.id,
                }
            ],
        )

    def test_won_back_closes_the_file_and_a_second_departure_opens_another(self):
        first = self._leave("2025-06-30")
        back = self.customer.with_user(self.head)._key_account_move(
            "won_back", reason="Came back", date="2025-09-01"
        )
        self.assertRecordValues(
            first, [{"date_won_back": date(2025, 9, 1), "won_back_move_id": back.id}]
        )
        second = self._leave("2026-01-15")
        self.assertNotEqual(first, second)
        self.assertFalse(second.date_won_back)
        self.assertEqual(self.customer.key_account_churn_count, 2)

    def test_only_what_is_learnt_later_changes(self):
        self._bill_months("2025-12-01", [100])
        churn = self._leave()
        file = churn.with_user(self.manager)
        file.write({"cause_id": self.price.id, "win_back_chance": 70, "note": "Called"})
        self.assertEqual(churn.worth_ids.cause_id, self.price)
        for vals in (
            {"date": "2025-01-01"},
            {"former_manager_id": self.colleague.id},
            {"date_won_back": "2026-01-15"},
            {"partner_id": self._create_customer("Other", self.manager).id},
        ):
            with self.subTest(**vals), self.assertRaises(AccessError):
                file.write(vals)
        with self.assertRaises(UserError):
            churn.unlink()
        with mute_logger(*RULE_LOGGERS), self.assertRaises(AccessError):
            churn.worth_ids.with_user(self.director).amount_year = 1

    def test_scope(self):
        churn = self._leave()
        for user, reads in (
            (self.manager, True),
            (self.colleague, False),
            (self.head, True),
            (self.company, True),
            (self.manager_2, False),
            (self.manager_b, False),
            (self.company_b, False),
            (self.director, True),
            (self.office, True),
        ):
            with self.subTest(user=user.login):
                found = churn.with_user(user).search_count([("id", "=", churn.id)])
                self.assertEqual(bool(found), reads)

    def test_a_departure_written_by_the_system_has_its_file(self):
        self._bill_months("2025-12-01", [100])
        self.customer.key_account_state = "churned"
        self.assertRecordValues(
            self.customer.key_account_churn_ids,
            [{"date": date(2026, 1, 15), "amount_year": 100}],
        )
