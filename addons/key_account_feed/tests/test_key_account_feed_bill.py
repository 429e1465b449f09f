# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import KeyAccountFeedCommon, bill, payment


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 08:00:00")
class TestKeyAccountFeedBill(KeyAccountFeedCommon):
    """Interface 05001: bills and payments of a branch enter the ledgers (ARR-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(manager=cls.manager, key_account_code="F-1")
        cls._create_line_file(cls.customer, cls.letter, cls.manager_2)

    def _load_bills(self, *rows, **kwargs):
        return self._load(*rows, interface="bill", **kwargs)

    def _bills(self):
        return self.env["key.account.bill"].search(
            [("partner_id", "=", self.customer.id)], order="name, revision"
        )

    def test_bill_and_payment_are_booked(self):
        feed = self._load_bills(
            bill("B1", "F-1", line_id="T-LETTER", amount=12345),
            bill("B2", "F-1", date_due="20260301"),
            payment("P1", "F-1", bill_id="B1", amount=2345),
            payment("P2", "F-1"),
        )
        self.assertCounts(feed, created=4)
        bills = self._bills()
        self.assertRecordValues(
            bills,
            [
                {
                    "amount": 123.45,
                    "amount_paid": 23.45,
                    "amount_open": 100.0,
                    "unit_id": self.post_2.id,
                    "manager_id": self.manager_2.id,
                    "line_id": self.letter.id,
                },
                {
                    "amount": 100.0,
                    "amount_paid": 0.0,
                    "amount_open": 100.0,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "line_id": False,
                },
            ],
        )
        self.assertEqual(bills[0].payment_ids.line_id, self.letter)
        self.assertEqual(bills.run_id, feed.run_id)
        self.assertEqual(self.customer.key_account_open, 160.0)

    def test_currency_without_decimals_is_not_divided(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self._load_bills(bill("B1", "F-1", currency_id="JPY", amount=12345))
        self.assertEqual(self._bills().amount, 12345)

    def test_other_amount_is_a_correction_of_the_difference(self):
        self._load_bills(bill("B1", "F-1", amount=10000))
        feed = self._load_bills(bill("B1", "F-1", amount=9000))
        self.assertCounts(feed, changed=1)
        feed = self._load_bills(bill("B1", "F-1", amount=9000))
        self.assertCounts(feed, unchanged=1)
        self.assertRecordValues(
            self._bills(),
            [
                {"revision": 0, "kind": "bill", "amount": 100.0},
                {"revision": 1, "kind": "correction", "amount": -10.0},
            ],
        )

    def test_later_payment_settles_an_earlier_bill(self):
        self._load_bills(bill("B1", "F-1"))
        self._load_bills(payment("P1", "F-1", bill_id="B1", amount=4000))
        self._load_bills(payment("P1", "F-1", bill_id="B1", amount=6000))
        self.assertRecordValues(
            self._bills(), [{"amount_paid": 60.0, "amount_open": 40.0}]
        )
        payments = self._bills().payment_ids.sorted("revision")
        self.assertEqual(payments.mapped("amount"), [40.0, 20.0])

    def test_due_date_may_move_other_facts_may_not(self):
        self._load_bills(bill("B1", "F-1"))
        self.assertCounts(
            self._load_bills(bill("B1", "F-1", date_due="20260401")), changed=1
        )
        self.assertEqual(str(self._bills().date_due), "2026-04-01")
        feed = self._load_bills(bill("B1", "F-1", period="202602"))
        self.assertEqual(feed.refusal_ids.code, "ledger")
        self.assertEqual(feed.refusal_ids.field_name, "period")

    def test_months_equal_those_rebuilt_from_the_detail(self):
        self._load_bills(
            bill("B1", "F-1"),
            bill("B2", "F-1", period="202602", line_id="T-LETTER"),
            payment("P1", "F-1", bill_id="B1"),
        )
        self._load_bills(bill("B1", "F-1", amount=5000), payment("P2", "F-1"))
        fields = ("line_id", "month", "amount_billed", "amount_paid", "bill_count")
        months = self.env["key.account.month"]
        domain = [("partner_id", "=", self.customer.id)]
        kept = sorted(map(str, months.search(domain).mapped(lambda m: m.read(fields))))
        months._refresh()
        rebuilt = months.search(domain).mapped(lambda m: m.read(fields))
        self.assertEqual(kept, sorted(map(str, rebuilt)))
        self.assertEqual(len(kept), 3)

    def test_same_bills_again_write_nothing(self):
        rows = [bill("B1", "F-1"), payment("P1", "F-1", bill_id="B1")]
        self._load_bills(*rows)
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid, xmin FROM key_account_bill ORDER BY id")
        before = self.env.cr.fetchall()
        self.assertCounts(self._load_bills(*rows), unchanged=2)
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid, xmin FROM key_account_bill ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_former_code_of_a_merged_customer_leads_to_the_one_left(self):
        self.env["key.account.code.alias"].create(
            {"name": "F-OLD", "partner_id": self.customer.id}
        )
        self.assertCounts(self._load_bills(bill("B1", "F-OLD")), created=1)
        self.assertEqual(self._bills().name, "B1")
