# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from freezegun import freeze_time

from odoo.tests import tagged

from .common import KeyAccountFeedCommon, bill, customer, payment


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 08:00:00")
class TestKeyAccountFeedSnapshot(KeyAccountFeedCommon):
    """All of a month (s) takes back what it lacks; all customers (i) report (DX-05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(manager=cls.manager, key_account_code="F-1")
        cls.source.withdrawn_limit = 100

    def _send(self, *rows, day="20260131", kind="s", **kwargs):
        """A file of January, as of a day."""
        kwargs.setdefault("interface", "bill")
        return self._load(*rows, kind=kind, period=day, **kwargs)

    def _bills(self, **values):
        domain = [("partner_id", "=", self.customer.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["key.account.bill"].search(domain, order="name, revision")

    def _payments(self):
        return self.env["key.account.payment"].search(
            [("partner_id", "=", self.customer.id)], order="name, revision"
        )

    def _assert_months_equal_detail(self):
        months = self.env["key.account.month"]
        domain = [("partner_id", "=", self.customer.id)]
        names = ("month", "amount_billed", "amount_paid", "bill_count")
        kept = months.search(domain, order="month").read(names, load=None)
        months._refresh()
        rebuilt = months.search(domain, order="month").read(names, load=None)
        for row in kept + rebuilt:
            del row["id"]
        self.assertEqual(kept, rebuilt)

    def test_a_bill_that_a_retransmission_lacks_is_taken_back_to_the_cent(self):
        self._send(
            bill("B1", "F-1", amount=12345),
            bill("B2", "F-1", amount=10001),
            payment("P1", "F-1", bill_id="B1", date_payment="20260120", amount=3333),
        )
        feed = self._send(
            bill("B1", "F-1", amount=12345),
            payment("P1", "F-1", bill_id="B1", date_payment="20260120", amount=3333),
            revision=1,
        )
        self.assertRecordValues(
            feed,
            [
                {
                    "state": "done",
                    "withdrawn_count": 1,
                    "unchanged_count": 2,
                    "created_count": 0,
                    "changed_count": 0,
                }
            ],
        )
        first, counter = self._bills(name="B2")
        self.assertRecordValues(
            counter,
            [
                {
                    "kind": "correction",
                    "revision": 1,
                    "amount": -100.01,
                    "amount_open": -100.01,
                    "origin_id": first.id,
                    "period": first.period,
                    "date_due": first.date_due,
                    "unit_id": first.unit_id.id,
                    "manager_id": self.manager.id,
                    "run_id": feed.run_id.id,
                }
            ],
        )
        self.assertEqual(first.amount, 100.01)
        self.assertEqual(sum(self._bills().mapped("amount")), 123.45)
        self.assertAlmostEqual(self.customer.key_account_open, 90.12)
        self.assertIn("B2", feed.result_ids.filtered("withdrawn_count").example_text)
        self._assert_months_equal_detail()

    def test_the_dry_run_says_it_and_takes_nothing_back(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"))
        rows = f"{bill('B1', 'F-1')}\n".encode()
        feed = self.feeds._receive(
            {"s_99001_20260131_05001_01_001.dat": rows}, is_confirmed=True
        )
        feed._examine()
        self.assertEqual((feed.state, feed.withdrawn_count), ("checked", 1))
        self.assertEqual(len(self._bills()), 2)
        feed.action_load()
        self.assertEqual(feed.withdrawn_count, 1)
        self.assertEqual(len(self._bills()), 3)

    def test_a_later_day_of_the_same_month_takes_back_too(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"), day="20260120")
        feed = self._send(bill("B1", "F-1"), day="20260121")
        self.assertEqual(feed.withdrawn_count, 1)
        self.assertEqual(sum(self._bills(name="B2").mapped("amount")), 0)

    def test_what_was_corrected_before_is_taken_back_as_a_whole(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1", amount=5000))
        self._send(bill("B1", "F-1"), bill("B2", "F-1", amount=4001), revision=1)
        self._send(bill("B1", "F-1"), revision=2)
        self.assertEqual(self._bills(name="B2").mapped("amount"), [50.0, -9.99, -40.01])
        again = self._send(bill("B1", "F-1"), revision=3)
        self.assertEqual(again.withdrawn_count, 0)
        self.assertEqual(len(self._bills(name="B2")), 3)

    def test_what_comes_back_is_booked_again(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1", amount=5000))
        self._send(bill("B1", "F-1"), revision=1)
        feed = self._send(bill("B1", "F-1"), bill("B2", "F-1", amount=5000), revision=2)
        self.assertCounts(feed, changed=1, unchanged=1)
        self.assertEqual(sum(self._bills(name="B2").mapped("amount")), 50.0)
        self._assert_months_equal_detail()

    def test_a_payment_that_is_missing_opens_its_bill_again(self):
        self._send(
            bill("B1", "F-1"),
            payment("P1", "F-1", bill_id="B1", date_payment="20260120", amount=4000),
            payment("P2", "F-1", date_payment="20260121", amount=1),
        )
        feed = self._send(
            bill("B1", "F-1"),
            payment("P2", "F-1", date_payment="20260121", amount=1),
            revision=1,
        )
        self.assertEqual(feed.withdrawn_count, 1)
        self.assertEqual(self._payments().mapped("amount"), [40.0, -40.0, 0.01])
        self.assertRecordValues(
            self._bills(), [{"amount_paid": 0.0, "amount_open": 100.0}]
        )
        self._assert_months_equal_detail()

    def test_a_paid_bill_that_is_missing_leaves_a_credit(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"))
        self._load(payment("P1", "F-1", bill_id="B2"), interface="bill", kind="a")
        self._send(bill("B1", "F-1"), day="20260131", revision=1)
        self.assertAlmostEqual(self.customer.key_account_open, 60.0)

    def test_increments_take_nothing_back(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"), kind="a")
        feed = self._send(bill("B1", "F-1"), kind="a", revision=1)
        self.assertEqual(feed.withdrawn_count, 0)
        self.assertEqual(len(self._bills()), 2)

    def test_other_months_other_branches_and_hand_entries_stay(self):
        self._send(bill("B1", "F-1"))
        self._load(bill("B3", "F-1", period="202512"), interface="bill", kind="a")
        self._create_bill(self.customer, 70)
        self._create_customer(unit=self.parcel, key_account_code="THEIRS")
        self._load(bill("B9", "THEIRS"), interface="bill", unit=self.parcel)
        feed = self._send(bill("B2", "F-1"), revision=1)
        self.assertEqual(feed.withdrawn_count, 1)
        corrected = self._bills(kind="correction")
        self.assertEqual(corrected.mapped("name"), ["B1"])

    def test_what_a_later_increment_brought_stays(self):
        """The file of January cannot know of what was billed for it in February."""
        self._send(bill("B1", "F-1"))
        self._send(bill("B2", "F-1", amount=7000), day="20260203", kind="a")
        self._send(bill("B1", "F-1", amount=8000), day="20260204", kind="a")
        feed = self._send(bill("B1", "F-1", amount=9000), revision=1, limit=100)
        self.assertEqual(feed.refusal_ids.code, "older")
        self.assertEqual(feed.withdrawn_count, 0)
        self.assertEqual(sum(self._bills().mapped("amount")), 150.0)

    def test_rows_of_another_month_are_refused(self):
        feed = self._send(
            bill("B1", "F-1", period="202512"),
            payment("P1", "F-1", date_payment="20260201"),
            limit=100,
        )
        self.assertEqual(feed.refusal_ids.mapped("code"), ["outside_month"] * 2)
        self.assertEqual(
            feed.refusal_ids.mapped("field_name"), ["period", "date_payment"]
        )

    def test_a_row_that_is_refused_is_not_missing(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"), bill("B3", "F-1"))
        feed = self._send(
            bill("B1", "F-1"),
            bill("B2", "NONE"),
            bill("B3", "F-1", amount="-5"),
            revision=1,
            limit=100,
        )
        self.assertEqual((feed.refused_count, feed.withdrawn_count), (2, 0))

    def test_rows_that_cannot_be_read_let_nothing_be_taken_back(self):
        self._send(bill("B1", "F-1"), bill("B2", "F-1"))
        feed = self._send(bill("B1", "F-1"), "B|B2", revision=1, limit=100)
        self.assertEqual((feed.state, feed.withdrawn_count), ("done", 0))

    def test_half_a_month_missing_is_loaded_only_by_somebody_who_says_so(self):
        self.source.withdrawn_limit = 30
        self._send(bill("B1", "F-1"), bill("B2", "F-1"))
        feed = self._send(bill("B1", "F-1"), revision=1)
        self.assertRecordValues(
            feed, [{"state": "failed", "file_code": "27", "file_value": "1 / 2"}]
        )
        self.assertEqual(len(self._bills()), 2)
        self.assertTrue(feed.file_reason and feed.file_remedy)
        feed.with_user(self.operator).action_accept()
        self.assertRecordValues(
            feed, [{"state": "checked", "accepted_by_id": self.operator.id}]
        )
        feed.with_user(self.operator).action_load()
        self.assertEqual(feed.state, "done")
        self.assertEqual(sum(self._bills(name="B2").mapped("amount")), 0)

    def test_customers_missing_in_the_whole_stock_are_reported_and_stay(self):
        self._load(customer("N-1"), customer("N-2", name="张三贸易"))
        gone = self._load(customer("N-3"))
        self.assertFalse(gone.absent_count)
        self._load(customer("N-3", change="D"))
        feed = self._load(customer("N-1"), kind="i")
        self.assertEqual(feed.state, "done")
        lines = feed.with_user(self.operator).absent_text.splitlines()
        self.assertEqual(feed.absent_count, len(lines))
        self.assertIn("N-2|张三贸易|T-POST-1|A", lines)
        self.assertFalse([line for line in lines if line.startswith(("N-1|", "N-3|"))])
        self.assertEqual(self._find("N-2").key_account_state, "active")
        self.assertTrue(self._find("N-2").active)
        file = base64.b64decode(feed.with_user(self.operator).absent_file).decode()
        self.assertEqual(file.splitlines(), lines)
