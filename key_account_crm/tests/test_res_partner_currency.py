# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import KeyAccountCommon


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestResPartnerCurrency(KeyAccountCommon):
    """Amounts of different currencies are never one figure (design 3.4, 3.13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.company.currency_id
        known = cls.env.ref("base.USD") | cls.env.ref("base.EUR")
        cls.foreign = (known - cls.home)[0]
        cls.foreign.active = True
        cls.customer = cls._create_customer(manager=cls.manager)
        cls._create_bill(cls.customer, 100, cls.letter)
        cls._create_bill(cls.customer, 7, cls.letter, currency_id=cls.foreign.id)
        cls._create_bill(cls.customer, -2, cls.letter, currency_id=cls.foreign.id)
        cls.plain = cls._create_customer("Plain", manager=cls.manager)
        cls._create_bill(cls.plain, 50)

    def _put_in_a_foreign_ledger(self, unit):
        unit.company_id = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": self.foreign.id}
        )

    def test_figures_are_those_of_the_currency_of_the_ledger(self):
        customer = self.customer.with_user(self.head)
        self.assertEqual(customer.key_account_currency_id, self.home)
        self.assertRecordValues(
            customer,
            [
                {
                    "key_account_year": 100,
                    "key_account_open": 100,
                    "key_account_total": 100,
                    "key_account_overdue": 100,
                    "key_account_credit": 0,
                }
            ],
        )
        self.assertEqual(
            sum(bar["amount"] for bar in customer.key_account_revenue_chart), 100
        )

    def test_other_currencies_stand_beside(self):
        text = self.customer.with_user(self.head).key_account_other_money
        self.assertTrue(text.startswith(self.foreign.name), text)
        for amount in ("5.00", "7.00", "2.00"):
            self.assertIn(amount, text)
        self.assertFalse(self.plain.with_user(self.head).key_account_other_money)

    def test_other_currencies_of_a_line_out_of_reach_are_not_told(self):
        self._create_line_file(self.customer, self.letter, self.manager_2)
        text = self.customer.with_user(self.head).key_account_other_money
        self.assertFalse(text)

    def test_a_filter_finds_who_has_other_currencies(self):
        partners = self.env["res.partner"].with_user(self.head)
        mine = [("id", "in", (self.customer | self.plain).ids)]
        for operator, expected in (("!=", self.customer), ("=", self.plain)):
            found = partners.search(
                [*mine, ("key_account_other_money", operator, False)]
            )
            self.assertEqual(found, expected)

    def _assert_search_and_sums_agree(self, partners, customers):
        mine = [("id", "in", customers.ids)]
        for name in (
            "key_account_year",
            "key_account_open",
            "key_account_total",
            "key_account_overdue",
            "key_account_credit",
            "key_account_overdue_net",
        ):
            values = {one.id: one[name] for one in partners.browse(customers.ids)}
            with self.subTest(name=name):
                found = partners.search([*mine, (name, ">", 50)])
                self.assertEqual(
                    set(found.ids), {one for one, v in values.items() if v > 50}
                )
                groups = partners._read_group(mine, ["id"], [f"{name}:sum"])
                self.assertEqual(
                    {key if isinstance(key, int) else key.id: v for key, v in groups},
                    values,
                )
                ordered = partners.search(mine, order=f"{name} desc")
                amounts = [values[one] for one in ordered.ids]
                self.assertEqual(amounts, sorted(amounts, reverse=True))

    def test_search_sort_and_sum_agree_with_what_is_shown(self):
        partners = self.env["res.partner"].with_user(self.head)
        self._assert_search_and_sums_agree(partners, self.customer | self.plain)

    def test_each_company_has_a_ledger_in_a_currency_of_its_own(self):
        abroad = self._create_customer("Abroad", manager=self.manager_2)
        self._put_in_a_foreign_ledger(self.post_2)
        self._create_bill(abroad, 80, currency_id=self.foreign.id)
        self._create_bill(abroad, 300, currency_id=self.home.id)
        self.env.invalidate_all()
        partners = self.env["res.partner"].with_user(self.company)
        record = partners.browse(abroad.id)
        self.assertEqual(record.key_account_currency_id, self.foreign)
        self.assertEqual(record.key_account_open, 80)
        self.assertIn("300.00", record.key_account_other_money)
        self._assert_search_and_sums_agree(
            partners, self.customer | self.plain | abroad
        )
