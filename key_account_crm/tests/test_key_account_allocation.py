# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import copy
import doctest

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_crm import allocation as algorithm

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestKeyAccountAllocation(KeyAccountCommon):
    """Credits set against bills: both sides to the cent, right on any day (ARR-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(manager=cls.manager)
        cls.bill = cls._create_bill(cls.customer, 100, cls.letter)
        cls.note = cls._create_bill(
            cls.customer,
            -30.10,
            cls.letter,
            date_bill="2026-02-20",
            date_due="2026-03-01",
        )

    def _allocate(self, amount=30.10, user=None, **vals):
        values = {"bill_id": self.bill.id, "credit_id": self.note.id, "amount": amount}
        return (
            self.env["key.account.allocation"]
            .with_user(user or self.finance)
            .create({**values, **vals})
        )

    def _open_on(self, day):
        items = self.env["key.account.open.item"].with_context(key_account_as_of=day)
        rows = items.search([("partner_id", "=", self.customer.id)])
        return {row.bill_id: row.amount_open for row in rows}

    def _pay_on_account(self, amount, line=None, **vals):
        return self.env["key.account.payment"].create(
            {
                "name": f"ON-{amount}",
                "partner_id": self.customer.id,
                "line_id": (line or self.letter).id,
                "date_payment": "2026-02-25",
                "currency_id": self.bill.currency_id.id,
                "amount": amount,
                **vals,
            }
        )

    def test_the_algorithm_does_what_its_examples_say(self):
        self.assertEqual(doctest.testmod(algorithm).failed, 0)

    def test_both_sides_reconcile_to_the_cent(self):
        standing = self.customer.key_account_line_standing_ids
        self.assertEqual((standing.amount_open, standing.amount_credit), (69.90, 30.10))
        allocation = self._allocate(10.01)
        self.assertEqual(sum(allocation.payment_ids.mapped("amount")), 0)
        self.assertRecordValues(
            self.bill | self.note,
            [
                {"amount_paid": 10.01, "amount_open": 89.99},
                {"amount_paid": -10.01, "amount_open": -20.09},
            ],
        )
        standing.invalidate_recordset()
        self.assertEqual((standing.amount_open, standing.amount_credit), (69.90, 20.09))
        self.assertRecordValues(
            allocation,
            [
                {
                    "partner_id": self.customer.id,
                    "line_id": self.letter.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "state": "valid",
                }
            ],
        )

    def test_an_allocation_is_no_money_that_came_in(self):
        months = self.env["key.account.month"]
        mine = [("partner_id", "=", self.customer.id)]
        before = months.search(mine).mapped("amount_paid")
        self._allocate()
        self.assertEqual(months.search(mine).mapped("amount_paid"), before)
        self.assertFalse(self.customer.key_account_line_standing_ids.date_last_payment)
        kinds = self.env["key.account.timeline"].search(mine).mapped("kind")
        self.assertIn("allocation", kinds)
        self.assertNotIn("payment", kinds)

    def test_months_rebuilt_are_those_maintained(self):
        months = self.env["key.account.month"]
        self._allocate()
        names = ["month", "amount_billed", "amount_paid", "bill_count"]
        maintained = months.search([]).read(names)
        months._refresh()
        self.assertEqual(months.search([]).read(names), maintained)

    def test_past_days_stay_as_they_were(self):
        before = self._open_on("2026-03-09")
        self._allocate()
        self.assertEqual(self._open_on("2026-03-09"), before)
        self.assertEqual(before[self.bill], 100)
        after = self._open_on("2026-03-10")
        self.assertEqual(after, {self.bill: 69.90})  # the note is used up

    def test_a_credit_reduces_what_is_overdue(self):
        figures = self.customer.with_user(self.finance)
        self.assertEqual(figures.key_account_overdue, 100)
        self.assertEqual(figures.key_account_credit, 30.10)
        self.assertEqual(figures.key_account_overdue_net, 69.90)
        self._allocate()
        figures.invalidate_recordset()
        self.assertEqual(figures.key_account_overdue, 69.90)
        self.assertEqual(figures.key_account_credit, 0)
        self.assertEqual(figures.key_account_overdue_net, 69.90)

    def test_net_figures_are_searched_sorted_and_summed_as_shown(self):
        covered = self._create_customer("Covered", manager=self.manager)
        self._create_bill(covered, 10)
        self._create_bill(covered, -25)
        both = self.customer | covered
        partners = self.env["res.partner"].with_user(self.finance)
        mine = [("id", "in", both.ids)]
        for name, value in (
            ("key_account_overdue_net", 0),
            ("key_account_credit", 26),
            ("key_account_overdue", 50),
        ):
            for operator, compare in (
                (">", float.__gt__),
                ("<=", float.__le__),
                (">=", float.__ge__),
                ("<", float.__lt__),
            ):
                with self.subTest(name=name, operator=operator):
                    found = partners.search([*mine, (name, operator, value)])
                    expected = {
                        one.id
                        for one in partners.browse(both.ids)
                        if compare(one[name], float(value))
                    }
                    self.assertEqual(set(found.ids), expected)
        ordered = partners.search(mine, order="key_account_overdue_net desc")
        self.assertEqual(ordered[0], self.customer)
        [(net,)] = partners._read_group(mine, [], ["key_account_overdue_net:sum"])
        self.assertEqual(round(net, 2), 69.90)

    def test_more_than_is_left_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Less than .* is left of"):
            self._allocate(30.11)
        other = self._create_bill(self.customer, 20, self.letter)
        with self.assertRaisesRegex(ValidationError, "is open of bill"):
            self._allocate(20.01, bill_id=other.id)
        with self.assertRaisesRegex(ValidationError, "is left of"):
            self._allocate(5, credit_id=other.id)  # a bill is no credit

    def test_several_credits_at_once_settle_no_more_than_is_open(self):
        """Each by itself would fit: 90 of what is open, 60 and 60."""
        self._pay(self.bill, 10)
        notes = [self._create_bill(self.customer, -60, self.letter) for _n in range(2)]
        vals = [
            {"bill_id": self.bill.id, "credit_id": note.id, "amount": 60}
            for note in notes
        ]
        allocations = self.env["key.account.allocation"].with_user(self.finance)
        with self.assertRaisesRegex(ValidationError, "is open of bill"):
            with self.env.cr.savepoint():
                allocations.create(copy.deepcopy(vals))
        vals[1]["amount"] = 30
        allocations.create(vals)
        self.assertEqual(self.bill.amount_open, 0)

    def test_the_number_of_a_credit_out_of_reach_is_not_shown(self):
        """ORG-21: the finance of all units allocates a credit of parcels; the head who
        reads the allocation of letters may not open that credit."""
        self._create_line_file(self.customer, self.express, self.manager_b)
        note = self._create_bill(
            self.customer,
            -20,
            self.express,
            name="SECRET-7",
            date_bill="2026-02-20",
            date_due="2026-03-01",
        )
        everybody = self._create_user("ka_finance_all", "finance", self.centre)
        allocation = self._allocate(20, user=everybody, credit_id=note.id)
        spec = {"credit_id": {"fields": {"display_name": {}}}}
        for user, shown in ((self.head, "•••"), (everybody, "SECRET-7")):
            with self.subTest(user=user.login):
                mine = allocation.with_user(user)
                [row] = mine.web_read(spec)
                self.assertEqual(row["credit_id"]["display_name"], shown)
                self.assertEqual(mine.read(["credit_id"])[0]["credit_id"][1], shown)
                groups = mine.formatted_read_group(
                    [("id", "=", mine.id)], ["credit_id"], ["__count"]
                )
                self.assertEqual(groups[0]["credit_id"][1], shown)
                self.assertEqual(mine.bill_id.display_name, self.bill.name)

    @mute_logger("odoo.sql_db")
    def test_zero_and_less_are_refused(self):
        for amount in (0, -5, 0.001):
            with self.subTest(amount=amount), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self._allocate(amount)

    def test_another_customer_or_currency_is_refused(self):
        stranger = self._create_customer("Stranger", manager=self.manager)
        usd = self.env.ref("base.USD") | self.env.ref("base.EUR")
        foreign = (usd - self.env.company.currency_id)[0]
        foreign.active = True
        for bill in (
            self._create_bill(stranger, 50),
            self._create_bill(self.customer, 50, currency_id=foreign.id),
        ):
            with self.assertRaisesRegex(ValidationError, "not of one customer"):
                self._allocate(5, bill_id=bill.id)

    def test_no_day_before_the_credit_and_none_ahead(self):
        for day in ("2026-02-19", "2026-03-11"):
            with self.subTest(day=day):
                with self.assertRaisesRegex(ValidationError, "up to today"):
                    self._allocate(5, date=day)
        self._allocate(5, date="2026-02-20")
        self.assertEqual(self._open_on("2026-02-20")[self.bill], 95)

    def test_it_is_taken_back_by_a_counter_entry(self):
        allocation = self._allocate()
        with freeze_time("2026-03-20"):
            counter = allocation.action_take_back()
        self.assertRecordValues(
            allocation | counter,
            [
                {"amount": 30.10, "state": "taken_back"},
                {"amount": -30.10, "state": "counter"},
            ],
        )
        self.assertEqual(self.bill.amount_open, 100)
        self.assertEqual(self.note.amount_open, -30.10)
        self.assertEqual(self._open_on("2026-03-15")[self.bill], 69.90)
        self.assertEqual(self._open_on("2026-03-20")[self.bill], 100)
        for one in (allocation, counter):
            with self.assertRaisesRegex(UserError, "cannot be taken back"):
                one.action_take_back()

    @mute_logger("odoo.sql_db")
    def test_a_counter_entry_follows_its_origin_and_comes_once(self):
        allocation = self._allocate(10)
        other = self._create_bill(self.customer, 500, self.letter)
        counter = self._allocate(400, bill_id=other.id, origin_id=allocation.id)
        self.assertEqual((counter.bill_id, counter.amount), (self.bill, -10))
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._allocate(10, origin_id=allocation.id)

    def test_payments_on_account_are_allocated(self):
        self._pay_on_account(40)
        self.assertEqual(self.customer.key_account_credit, 70.10)
        self._allocate(40, credit_id=False, credit_line_id=self.letter.id)
        self.assertEqual(self.bill.amount_open, 60)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.key_account_credit, 30.10)
        self.assertAlmostEqual(self.customer.key_account_open, 29.90)
        with self.assertRaisesRegex(ValidationError, "the payments on account"):
            self._allocate(0.01, credit_id=False, credit_line_id=self.letter.id)

    def test_the_ledger_is_append_only(self):
        allocation = self._allocate()
        with self.assertRaisesRegex(UserError, "counter-entry"):
            allocation.sudo().amount = 5
        with self.assertRaisesRegex(UserError, "counter-entry"):
            allocation.sudo().unlink()
        with self.assertRaisesRegex(UserError, "made by allocating"):
            self.env["key.account.payment"].with_user(self.finance).create(
                {
                    "name": "FORGED",
                    "partner_id": self.customer.id,
                    "bill_id": self.bill.id,
                    "amount": 5,
                    "currency_id": self.bill.currency_id.id,
                    "allocation_id": allocation.id,
                }
            )

    @mute_logger(*RULE_LOGGERS)
    def test_only_the_finance_of_both_sides_allocates(self):
        for user in (self.manager, self.head, self.company, self.director, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._allocate(1, user=user)
        foreign = self._create_user("ka_finance_b", "finance", self.parcel)
        with self.assertRaises(AccessError):
            self._allocate(1, user=foreign)
        self._create_line_file(self.customer, self.express, self.manager_b)
        parcel = self._create_bill(self.customer, 50, self.express)
        with self.assertRaises(AccessError):
            self._allocate(1, bill_id=parcel.id)

    def test_the_wizard_proposes_the_oldest_of_the_line_first(self):
        """A receivables clerk starts from a proposal and changes what he knows
        better."""
        old = self._create_bill(
            self.customer,
            20,
            self.letter,
            date_bill="2025-12-31",
            date_due="2026-01-15",
        )
        self._create_bill(self.customer, 5)  # no line, older than nothing of letters
        wizard = Form(
            self.env["key.account.allocate"]
            .with_user(self.finance)
            .with_context(default_partner_id=self.customer.id)
        ).save()
        self.assertEqual(
            [(line.credit_id, line.bill_id, line.amount) for line in wizard.line_ids],
            [(self.note, old, 20), (self.note, self.bill, 10.10)],
        )
        wizard.line_ids[1].amount = 5
        wizard.action_allocate()
        self.assertEqual(old.amount_open, 0)
        self.assertEqual(self.bill.amount_open, 95)
        self.assertEqual(round(self.note.amount_open, 2), -5.10)

    def test_the_wizard_without_rows_says_so(self):
        wizard = self.env["key.account.allocate"].create(
            {"partner_id": self.customer.id}
        )
        with self.assertRaisesRegex(UserError, "Add the bills"):
            wizard.action_allocate()
