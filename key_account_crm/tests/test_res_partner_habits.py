# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import KeyAccountCommon

FORM = "key_account_crm.res_partner_view_form_key_account"


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestResPartnerHabits(KeyAccountCommon):
    """Consumption habits and demand preferences (FILE-07, FILE-08)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(manager=cls.manager)
        cls._create_line_file(cls.customer, cls.express, cls.manager_b)

    def _bill(self, month, amount, line=None, **vals):
        values = {"date_bill": "2026-01-31", "date_due": "2026-02-15", **vals}
        return self._create_bill(self.customer, amount, line, period=month, **values)

    def _as(self, user):
        return self.customer.with_user(user)

    def test_a_customer_without_bills_has_no_habits(self):
        self.assertRecordValues(
            self._as(self.head),
            [
                {
                    "key_account_month_average": 0,
                    "key_account_peak_month": False,
                    "key_account_trend": 0,
                    "key_account_line_shares": "",
                    "key_account_days_to_pay": 0,
                    "key_account_late_share": 0,
                    "key_account_days_late": 0,
                }
            ],
        )

    def test_consumption_follows_the_months_of_the_chart(self):
        self._bill("2025-09-01", 30)
        self._bill("2025-10-01", 60)
        self._bill("2026-01-01", 100, self.letter)
        self._bill("2026-02-01", 50)
        customer = self._as(self.head)
        self.assertEqual(customer.key_account_month_average, 40)  # 240 of six months
        self.assertEqual(customer.key_account_peak_month, date(2026, 1, 1))
        self.assertEqual(customer.key_account_peak_name, "Jan 2026")
        self.assertEqual(customer.key_account_peak_amount, 100)
        # December to February 150, September to November 90
        self.assertAlmostEqual(customer.key_account_trend, 60 / 90)

    def test_shares_are_those_of_the_lines_one_may_read(self):
        self._bill("2026-01-01", 60, self.letter)
        self._bill("2026-01-01", 20)
        self._bill("2026-01-01", 20, self.express)
        self.assertEqual(
            self._as(self.director).key_account_line_shares.split(" · ")[0],
            "T-Letter 60%",
        )
        self.assertEqual(
            self._as(self.head).key_account_line_shares, "T-Letter 75% · No line 25%"
        )
        self.assertEqual(
            self._as(self.manager_b).key_account_line_shares, "T-Express 100%"
        )

    def test_payment_behaviour_in_the_mean_of_the_amounts(self):
        bill = self._bill("2026-01-01", 100)
        self._pay(bill, 75, "2026-02-10")  # ten days after the bill, in time
        self._pay(bill, 25, "2026-02-25")  # 25 days after it, ten too late
        self._pay(self._bill("2026-01-01", 900, self.express), 900, "2026-03-01")
        customer = self._as(self.head)
        self.assertEqual(customer.key_account_days_to_pay, 14)  # 13.75
        self.assertEqual(customer.key_account_late_share, 0.25)
        self.assertEqual(customer.key_account_days_late, 10)
        everything = self._as(self.director)
        self.assertEqual(everything.key_account_late_share, 0.925)

    def test_what_is_no_payment_of_a_bill_does_not_count(self):
        bill = self._bill("2026-01-01", 100)
        note = self._bill("2026-01-01", -40)
        self._pay(bill, 10, "2026-02-10")
        self._pay(bill, -10, "2026-03-05")
        self.env["key.account.allocation"].with_user(self.finance).create(
            {"bill_id": bill.id, "credit_id": note.id, "amount": 40}
        )
        old = self._bill(
            "2024-01-01", 70, date_bill="2024-01-31", date_due="2024-02-15"
        )
        self._pay(old, 70, "2024-08-01")
        customer = self._as(self.head)
        self.assertEqual(customer.key_account_days_to_pay, 10)
        self.assertEqual(customer.key_account_late_share, 0)

    def test_habits_cost_the_same_for_one_customer_and_for_many(self):
        names = [
            "key_account_month_average",
            "key_account_trend",
            "key_account_line_shares",
            "key_account_days_to_pay",
            "key_account_late_share",
        ]
        many = self.customer
        for index in range(12):
            many |= self._create_customer(f"Customer {index}", manager=self.manager)
        for customer in many:
            bill = self._create_bill(customer, 10, self.letter)
            self._pay(bill, 10)
        self.env.flush_all()

        def count(customers):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            customers.with_user(self.head).read(names)
            return self.env.cr.sql_log_count - before

        count(many)
        self.assertEqual(count(self.customer), count(many))

    def test_preferences_are_noted_on_the_form_and_found(self):
        partners = self.env["res.partner"].with_user(self.manager)
        with Form(partners.browse(self.customer.id), FORM) as form:
            form.key_account_preferred_contact = "visit"
            form.key_account_preferred_time = "morning"
            form.key_account_bill_form = "paper"
            form.key_account_demand = "Parcels before the Spring Festival"
            form.key_account_interest_ids.add(self.express)
        found = partners.search([("key_account_interest_ids", "in", self.express.ids)])
        self.assertEqual(found, self.customer.with_user(self.manager))

    def test_a_merged_customer_brings_its_interests(self):
        other = self._create_customer(
            "Acme Twin",
            manager=self.manager,
            key_account_interest_ids=[Command.set(self.letter.ids)],
        )
        self.customer.with_user(self.head)._key_account_merge(
            other.with_user(self.head), reason="Twins"
        )
        self.assertEqual(self.customer.key_account_interest_ids, self.letter)
