# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from itertools import product

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon

JANUARY = date(2026, 1, 1), date(2026, 1, 31)
FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)
MONTHS = (1, 2, 3)
# (customer, line or none, month, billed, part of it that is paid in the next month)
FACTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.booleans(),
        st.sampled_from(MONTHS),
        st.integers(1, 90_000),
        st.sampled_from((0, 0.25, 1)),
    ),
    max_size=8,
)


class IndicatorCommon(KeyAccountCommon):
    """Four customers of three managers in three departments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = (cls.manager, cls.colleague, cls.manager_2, cls.manager_b)
        cls.customers = [
            cls._create_customer(f"Customer {number}", person)
            for number, person in enumerate(people)
        ]
        for customer in cls.customers:
            cls._create_line_file(customer, cls.express, cls.manager_b)

    @classmethod
    def _indicator(cls, code, **vals):
        """The shipped one, or one made for the test."""
        indicators = cls.env["key.account.indicator"]
        return (
            indicators.create({"code": code, "name": code, **vals})
            if vals
            else (indicators._find(code))
        )

    def _measure(self, code, period=JANUARY, user=None, **kwargs):
        indicator = self._indicator(code)
        if user:
            indicator = indicator.with_user(user)
        [values] = indicator._measure(*period, **kwargs).values()
        return values

    def _ours(self, values, *records):
        """The values of some records, without what else the database holds."""
        return {one: values[one.id] for one in records if one.id in values}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestKeyAccountIndicator(IndicatorCommon):
    """One catalogue of figures (design 3.11, PLAN-02, TRK-01, APP-06)."""

    def test_revenue_by_manager_unit_and_customer(self):
        self._create_bill(self.customers[0], 100)
        self._create_bill(self.customers[1], 40)
        self._create_bill(self.customers[0], 7, self.express)
        values = self._measure("revenue", by="manager")
        people = self.manager, self.colleague, self.manager_b
        self.assertEqual(
            self._ours(values, *people),
            {self.manager: 100, self.colleague: 40, self.manager_b: 7},
        )
        values = self._measure("revenue", by="unit")
        self.assertEqual(
            self._ours(values, self.post_1, self.parcel_1),
            {self.post_1: 140, self.parcel_1: 7},
        )
        values = self._measure("revenue", by="customer")
        self.assertEqual(values[self.customers[0].id], 107)
        self.assertNotIn(
            self.customers[0].id, self._measure("revenue", FEBRUARY, by="customer")
        )

    def test_only_what_the_reader_may_open(self):
        """A total is the sum of the rows in his reach, whatever the catalogue says."""
        for customer, amount in zip(self.customers, (1, 20, 300, 4000), strict=True):
            self._create_bill(customer, amount)
        for user, wanted in (
            (self.manager, 1),
            (self.head, 21),
            (self.company, 321),
            (self.manager_b, 4000),
            (self.company_b, 4000),
        ):
            total = self._measure("revenue", user=user)
            self.assertEqual(total, {False: wanted}, user.login)
            by_manager = self._measure("revenue", user=user, by="manager")
            self.assertEqual(sum(by_manager.values()), wanted, user.login)
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self._measure("revenue", user=self.operator)

    def test_within_units_managers_customers(self):
        for customer, amount in zip(self.customers, (1, 20, 300, 4000), strict=True):
            self._create_bill(customer, amount)
        for within, wanted in (
            (self.post, 321),
            (self.post_1, 21),
            (self.manager | self.manager_b, 4001),
            (self.customers[2], 300),
        ):
            self.assertEqual(self._measure("revenue", within=within), {False: wanted})

    def test_a_ratio_is_made_of_sums(self):
        """Recovery of a unit is not the mean of its managers' recoveries."""
        big = self._create_bill(self.customers[0], 900)
        small = self._create_bill(self.customers[1], 100)
        self._pay(big, 90, "2026-02-10")
        self._pay(small, 100, "2026-02-10")
        values = self._measure("recovery", FEBRUARY, by="manager")
        self.assertEqual(
            self._ours(values, self.manager, self.colleague),
            {self.manager: 10, self.colleague: 100},
        )
        values = self._measure("recovery", FEBRUARY, by="unit")
        self.assertEqual(values[self.post_1.id], 19)
        recovery = self._indicator("recovery")
        sums = recovery._measure_sums(*FEBRUARY, by="manager")
        groups = {self.manager.id: "both", self.colleague.id: "both"}
        added = recovery._add_up(sums, groups)
        self.assertEqual(recovery._combine(added), {"both": 19})

    def test_nothing_to_divide_by_is_no_figure(self):
        self.assertFalse(self._ours(self._measure("recovery", by="unit"), self.post_1))

    def test_the_same_months_of_the_year_before(self):
        customer = self.customers[0]
        self._create_bill(customer, 100, period="2025-02-01")
        self._create_bill(customer, 150, period="2026-02-01")
        values = self._measure("revenue_growth", FEBRUARY, by="manager")
        self.assertEqual(values[self.manager.id], 50)
        leap = self._indicator("revenue_year_before")
        self.assertEqual(
            leap._get_period(date(2025, 2, 1), date(2025, 2, 28)),
            (date(2024, 2, 1), date(2024, 2, 29)),
        )

    def test_churn_by_the_ledger_of_moves(self):
        person = self._create_user("ka_new", "manager", self.post_2)
        with freeze_time("2025-06-01"):
            customers = [
                self._create_customer(f"Old {number}", person, key_account_state=state)
                for number, state in enumerate(("active", "active", "potential"))
            ]
        self.env["key.account.state.move"].create(
            {
                "partner_id": customers[1].id,
                "state_from": "active",
                "state_to": "churned",
                "date": "2026-01-20",
            }
        )
        for code, period, wanted in (
            ("customers_at_start", JANUARY, 2),
            ("churned_customers", JANUARY, 1),
            ("churn_rate", JANUARY, 50),
            ("customers_at_start", FEBRUARY, 1),
            ("churn_rate", FEBRUARY, 0),
        ):
            values = self._measure(code, period, by="manager")
            self.assertEqual(values[person.id], wanted, (code, period))

    def test_a_moment_counts_on_the_day_of_the_reader(self):
        """23:30 UTC of 31 January is February in Shanghai."""
        visits = self._indicator(
            "test_moments", res_model="key.account.change", date_field="create_date"
        )
        change = self.env["key.account.change"].create(
            {
                "partner_id": self.customers[0].id,
                "field_name": "street",
                "state": "refused",
            }
        )
        self.env.cr.execute(
            "UPDATE key_account_change SET create_date = '2026-01-31 23:30' "
            "WHERE id = %s",
            [change.id],
        )
        for zone, wanted in (("UTC", 1), ("Asia/Shanghai", 0)):
            found = visits.with_context(tz=zone)._measure(*JANUARY, by="customer")
            self.assertEqual(found[visits].get(self.customers[0].id, 0), wanted, zone)

    def test_amounts_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        other = self.env.ref("base.EUR")
        own = self.env.company.currency_id
        foreign = other if own == dollar else dollar
        foreign.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2026-01-01", "rate": 4}
        )
        self._create_bill(self.customers[0], 100)
        self._create_bill(self.customers[0], 20, currency_id=foreign.id)
        self.assertAlmostEqual(
            self._measure("revenue", by="manager")[self.manager.id], 105
        )

    def test_queries_do_not_grow_with_managers_or_indicators(self):
        catalogue = self.env["key.account.indicator"].search([])

        def count(indicators):
            self.env.flush_all()
            self.env.invalidate_all()
            indicators.mapped("kind")
            (indicators.first_id | indicators.second_id).mapped("kind")
            before = self.env.cr.sql_log_count
            values = indicators._measure(*JANUARY, by="manager")
            return self.env.cr.sql_log_count - before, values

        count(catalogue)
        few, _values = count(catalogue)
        for number in range(12):
            person = self._create_user(f"ka_more_{number}", "manager", self.post_1)
            self._create_bill(self._create_customer(f"More {number}", person), 10)
        count(catalogue)  # new users empty caches that have nothing to do with it
        many, values = count(catalogue)
        self.assertEqual(many, few)
        self.assertGreaterEqual(len(values[self._indicator("revenue")]), 12)
        vals = {"res_model": "key.account.month", "measure": "amount_billed:sum"}
        for number in range(12):
            catalogue |= self._indicator(
                f"more_{number}", **vals, domain=f"[('bill_count', '>', {number})]"
            )
        count(catalogue)
        self.assertEqual(count(catalogue)[0], few)

    def test_the_rows_behind_a_figure(self):
        for customer, amount in ((0, 100), (0, 11), (1, 40)):
            self._create_bill(
                self.customers[customer], amount, period=f"2026-0{1 + amount % 2}-01"
            )
        revenue = self._indicator("revenue").with_user(self.head)
        for period, key in product((JANUARY, FEBRUARY), (self.manager, self.colleague)):
            action = revenue._get_rows_action(*period, by="manager", key=key.id)
            rows = self.env[action["res_model"]].with_user(self.head)
            found = sum(rows.search(action["domain"]).mapped("amount_billed"))
            values = revenue._measure(*period, by="manager")[revenue]
            self.assertEqual(found, values.get(key.id, 0))
        action = self._indicator("recovery")._get_rows_action(*FEBRUARY)
        self.assertEqual(action["name"], "Collected")

    def test_how_it_was_made(self):
        text = self._indicator("recovery")._describe(*JANUARY)
        self.assertIn("Collected ÷ Receivable × 100", text)
        self.assertIn("Version 1", text)
        text = self._indicator("new_customers").formula
        self.assertIn("To = Active", text)


@tagged("post_install", "-at_install")
class TestKeyAccountIndicatorProperties(IndicatorCommon):
    """Any bills and payments: the same figures as counted one by one (TRK-01)."""

    def _naive(self, code, facts, period, key_of):
        """What a person with a pencil gets; an indicator of sums only."""
        first, last = (day.month for day in period)
        totals = {}

        def add(fact, amount):
            key = key_of(fact)
            totals[key] = totals.get(key, 0) + amount

        for fact in facts:
            _customer, _express, month, amount, share = fact
            paid = round(amount * share) / 100
            if code == "revenue" and first <= month <= last:
                add(fact, amount / 100)
            if code == "billed_until" and month <= last:
                add(fact, amount / 100)
            if code == "collected" and first <= month + 1 <= last and paid:
                add(fact, paid)
            if code == "paid_before" and month + 1 < first and paid:
                add(fact, paid)
        return totals

    def _load(self, facts):
        for customer, is_express, month, amount, share in facts:
            bill = self._create_bill(
                self.customers[customer],
                amount / 100,
                self.express if is_express else None,
                period=f"2026-{month:02}-01",
                date_bill=f"2026-{month:02}-28",
                date_due=f"2026-{month + 1:02}-15",
            )
            if share:
                paid = round(amount * share) / 100
                if paid:
                    self._pay(bill, paid, f"2026-{month + 1:02}-10")

    def _get_keys(self):
        managers = (self.manager, self.colleague, self.manager_2, self.manager_b)

        def manager(fact):
            return self.manager_b if fact[1] else managers[fact[0]]

        return {
            "customer": lambda fact: self.customers[fact[0]].id,
            "manager": lambda fact: manager(fact).id,
            "unit": lambda fact: manager(fact).key_account_unit_id.id,
        }

    @given(facts=FACTS, months=st.sampled_from(((1, 1), (2, 2), (1, 3), (3, 4))))
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_the_same_as_counted_one_by_one(self, facts, months):
        first, last = months
        period = date(2026, first, 1), date(2026, last, 28)
        with self.env.cr.savepoint(flush=False) as point:
            self._load(facts)
            self._compare(facts, period)
            point.rollback()
            self.env.invalidate_all(flush=False)

    def _compare(self, facts, period):
        everybody = self.env["res.partner"].union(*self.customers)
        for by, key_of in self._get_keys().items():
            naive = {
                code: self._naive(code, facts, period, key_of)
                for code in ("revenue", "collected", "billed_until", "paid_before")
            }
            for code, wanted in naive.items():
                values = self._measure(code, period, by=by, within=everybody)
                found = {key: round(value, 2) for key, value in values.items() if value}
                wanted = {key: round(value, 2) for key, value in wanted.items()}
                self.assertEqual(found, {k: v for k, v in wanted.items() if v})
            recovery = self._measure("recovery", period, by=by, within=everybody)
            billed, paid = naive["billed_until"], naive["paid_before"]
            for key, value in recovery.items():
                due = billed.get(key, 0) - paid.get(key, 0)
                if round(due, 2):
                    wanted = 100 * naive["collected"].get(key, 0) / due
                    self.assertAlmostEqual(value, wanted, 4)


@tagged("post_install", "-at_install")
class TestKeyAccountIndicatorDefinition(IndicatorCommon):
    """Definitions are data of the centre; what would deceive or reveal is refused."""

    def test_who_defines(self):
        vals = {"code": "mine", "name": "Mine", "res_model": "key.account.month"}
        indicators = self.env["key.account.indicator"]
        self.assertTrue(indicators.with_user(self.director).create(vals))
        for user in (self.manager, self.head, self.company, self.office, self.agent):
            with self.assertRaises(AccessError):
                indicators.with_user(user).create({**vals, "code": f"x{user.id}"})
            found = self._indicator("revenue").with_user(user)
            with self.assertRaises(AccessError):
                found.measure = "amount_paid:sum"

    def test_bad_definitions(self):
        rows = {"res_model": "key.account.month", "date_field": "month"}
        for vals in (
            {"res_model": "res.users"},
            {"res_model": "key.account.person"},
            {"res_model": "key.account.audit"},
            {"res_model": "ir.config_parameter"},
            {"res_model": "key.account.nothing"},
            {"res_model": "key.account.indicator.preview"},
            {"res_model": "key.account.fact.mixin"},
            {"res_model": False},
            {**rows, "measure": "amount_billed:avg"},
            {**rows, "measure": "amount_billed"},
            {**rows, "measure": "1); DROP TABLE res_users; --:sum"},
            {**rows, "measure": "id:sum"},
            {**rows, "measure": "unit_id:sum"},
            {**rows, "measure": False},
            {**rows, "date_field": "amount_billed"},
            {**rows, "date_field": "month; --"},
            {**rows, "manager_path": "create_uid.id"},
            {**rows, "manager_path": "partner_id"},
            {**rows, "unit_path": "id"},
            {**rows, "domain": "__import__('os').system('x')"},
            {**rows, "domain": "[('month', '=', context_today())]"},
            {**rows, "domain": "[(1, '=', 1), ('nothing', '=', 1)]"},
            {**rows, "domain": "('month', '=', 1)"},
            {**rows, "domain": "[('month', '==!', 1)]"},
            {**rows, "domain": "[('manager_id.password', 'like', 'a')]"},
            {**rows, "domain": "[('manager_id.login', '=', 'a')]"},
            {**rows, "domain": "[('partner_id.user_ids.login', '=', 'a')]"},
            {**rows, "domain": "[('partner_id', 'any', [('name', '=', 'a')])]"},
            {**rows, "domain": "[" * 500},
            {"kind": "ratio", "first_id": self._indicator("revenue").id},
            {"kind": "method"},
            {"kind": "method", "method": "_unlink"},
            {
                "kind": "ratio",
                "first_id": self._indicator("churn_rate").id,
                "second_id": self._indicator("revenue").id,
            },
            {
                "kind": "ratio",
                "first_id": self._indicator("revenue").id,
                "second_id": self._indicator("collected").id,
                "factor": 0,
            },
            {**rows, "code": "Bad Code"},
        ):
            vals = {"code": "bad", "name": "Bad", **vals}
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.env["key.account.indicator"].create(vals)

    def test_the_error_says_what_to_do(self):
        rows = {"res_model": "key.account.month"}
        with self.assertRaisesRegex(ValidationError, "write it as .*state"):
            self._indicator("bad", **rows, domain="nonsense")
        with self.assertRaisesRegex(ValidationError, "A mean is the ratio"):
            self._indicator("worse", **rows, measure="amount_paid:avg")

    def test_a_change_is_another_version(self):
        revenue = self._indicator("revenue")
        revenue.description = "Something else"
        self.assertEqual(revenue.version, 1)
        revenue.with_user(self.director).domain = "[('bill_count', '>', 0)]"
        self.assertEqual(revenue.version, 2)
        revenue.version = 9
        self.assertEqual(revenue.version, 2)
        with self.assertRaisesRegex(UserError, "The code stays"):
            revenue.code = "other"

    def test_what_others_are_made_of_stays(self):
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self._indicator("collected").unlink()
        self._indicator("alone", res_model="key.account.month").unlink()

    def test_every_shipped_one_is_sound(self):
        for indicator in self.env["key.account.indicator"].search([]):
            self.assertFalse(indicator._get_problem(), indicator.code)
            self.assertTrue(indicator.formula, indicator.code)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-15")
class TestKeyAccountIndicatorPreview(IndicatorCommon):
    """Measure now: figures of everybody, and the pivot's totals (TRK-01)."""

    def _preview(self, user, *codes, **vals):
        indicators = self.env["key.account.indicator"].union(
            *(self._indicator(code) for code in codes)
        )
        form = Form(
            self.env["key.account.indicator.preview"]
            .with_user(user)
            .with_context(active_ids=indicators.ids)
        )
        form.date_from, form.date_to = "2026-01-01", "2026-02-28"
        preview = form.save()
        preview.write(vals)
        return preview, self.env["key.account.indicator.figure"].with_user(user).search(
            preview.action_measure()["domain"]
        )

    def test_figures_of_the_reader(self):
        self._create_bill(self.customers[0], 100)
        self._create_bill(self.customers[3], 70)
        _preview, figures = self._preview(self.head, "revenue")
        self.assertRecordValues(
            figures, [{"manager_id": self.manager.id, "value": 100.0}]
        )
        self.assertIn("Revenue from", figures.explanation)
        action = figures.action_view_rows()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.mapped("amount_billed"), [100])
        _preview, figures = self._preview(
            self.company, "revenue", by="unit", is_by_month=True
        )
        self.assertEqual(figures.mapped("unit_id"), self.post_1)
        self.assertEqual(figures.mapped("date_from"), [date(2026, 1, 1)])

    def test_the_pivot_divides_sums(self):
        big = self._create_bill(self.customers[0], 900)
        small = self._create_bill(self.customers[1], 100)
        self._pay(big, 90, "2026-02-10")
        self._pay(small, 100, "2026-02-10")
        preview, figures = self._preview(self.head, "recovery", "collected")
        groups = dict(
            figures._read_group(
                [("preview_id", "=", preview.id)], ["indicator_id"], ["value:sum"]
            )
        )
        self.assertEqual(groups[self._indicator("recovery")], 19)
        self.assertEqual(groups[self._indicator("collected")], 190)

    def test_a_period_that_makes_no_sense(self):
        for first, last in (("2026-02-01", "2026-01-01"), ("2000-01-01", "2026-01-01")):
            with self.assertRaisesRegex(UserError, "choose other days"):
                self.env["key.account.indicator.preview"].create(
                    {
                        "indicator_ids": self._indicator("revenue").ids,
                        "date_from": first,
                        "date_to": last,
                    }
                )
