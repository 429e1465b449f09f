# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import KeyAccountFeedCommon, bill, customer, payment, record


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 08:00:00")
class TestKeyAccountFeedDocument(KeyAccountFeedCommon):
    """Which document a number means: after a merge, and as the origin of a credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(manager=cls.manager, key_account_code="F-1")
        cls.other = cls._create_customer("Other", cls.manager, key_account_code="F-2")

    def _load_bills(self, *rows, **kwargs):
        return self._load(*rows, interface="bill", **kwargs)

    def _bills(self):
        return self.env["key.account.bill"].search(
            [("partner_id", "=", self.customer.id)], order="name, revision"
        )

    def _merge(self):
        self.customer.with_user(self.company)._key_account_merge(self.other, "same")

    def test_credit_note_names_the_bill_it_corrects(self):
        self._load_bills(bill("B1", "F-1"))
        feed = self._load_bills(
            bill("C1", "F-1", kind="C", amount=-1000, origin_id="B1"),
            bill("C2", "F-1", kind="C", amount=-500, origin_id="B2"),
            bill("B2", "F-1"),
        )
        self.assertCounts(feed, created=3)
        first, second, credit, other = self._bills()
        self.assertEqual((credit | other).origin_id, first | second)
        self.assertEqual(first.correction_ids, credit)

    def test_correction_of_the_feed_names_its_bill(self):
        self._load_bills(bill("B1", "F-1"))
        self._load_bills(bill("B1", "F-1", amount=9000))
        first, correction = self._bills()
        self.assertEqual(correction.origin_id, first)

    def test_row_of_the_former_layout_is_read(self):
        row = bill("B1", "F-1").removesuffix("|")
        self.assertEqual(row.count("|"), 10)
        feed = self._load_bills(row)
        self.assertCounts(feed, created=1)
        feed = self._load_bills(row.replace("|B1|", "|B\\|2|"))
        self.assertCounts(feed, created=1)
        self.assertEqual(self._bills().mapped("name"), ["B1", "B|2"])
        feed = self._load_bills(row.removesuffix("|B"), limit=100)
        self.assertEqual(feed.refusal_ids.code, "columns")

    def test_origin_may_be_added_but_not_changed(self):
        credit = {"kind": "C", "amount": -1000}
        self._load_bills(
            bill("B1", "F-1"), bill("B2", "F-1"), bill("C1", "F-1", **credit)
        )
        feed = self._load_bills(bill("C1", "F-1", origin_id="B1", **credit))
        self.assertCounts(feed, changed=1)
        feed = self._load_bills(bill("C1", "F-1", origin_id="B1", **credit))
        self.assertCounts(feed, unchanged=1)
        feed = self._load_bills(bill("C1", "F-1", **credit))
        self.assertCounts(feed, unchanged=1)
        feed = self._load_bills(bill("C1", "F-1", origin_id="B2", **credit), limit=100)
        self.assertRecordValues(
            feed.refusal_ids, [{"code": "ledger", "field_name": "origin_id"}]
        )
        self.assertEqual(self._bills()[-1].origin_id.name, "B1")

    def test_origins_that_cannot_be_are_refused(self):
        self.env.ref("base.EUR").active = True
        credit = {"kind": "C", "amount": -1000}
        self._load_bills(
            bill("B1", "F-1"),
            bill("C1", "F-1", **credit),
            bill("E1", "F-1", currency_id="EUR"),
            bill("X1", "F-2"),
        )
        cases = {
            "origin": bill("C9", "F-1", origin_id="NONE", **credit),
            "origin_of_bill": bill("B9", "F-1", origin_id="B1"),
            "origin_kind": bill("C9", "F-1", origin_id="C1", **credit),
            "origin_currency": bill("C9", "F-1", origin_id="E1", **credit),
        }
        for code, row in cases.items():
            with self.subTest(code=code):
                feed = self._load_bills(row, limit=100)
                self.assertRecordValues(
                    feed.refusal_ids, [{"code": code, "field_name": "origin_id"}]
                )
                self.assertTrue(feed.refusal_ids.reason and feed.refusal_ids.remedy)
        feed = self._load_bills(bill("C9", "F-1", origin_id="X1", **credit), limit=100)
        self.assertEqual(feed.refusal_ids.code, "origin")
        feed = self._load_bills(
            bill("B8", "F-1", amount=-1),
            bill("C8", "F-1", origin_id="B8", **credit),
            limit=100,
        )
        self.assertEqual(feed.refusal_ids.mapped("code"), ["sign", "origin"])

    def test_two_codes_of_one_customer_naming_one_number_are_refused_by_row(self):
        self._merge()
        feed = self._load_bills(
            bill("B1", "F-1"),
            bill("B1", "F-2", amount=777),
            bill("B2", "F-2"),
            payment("P1", "F-1", bill_id="B2"),
            payment("P1", "F-2", bill_id="B2"),
            limit=100,
        )
        self.assertEqual(feed.state, "done")
        self.assertCounts(feed, created=1, refused=4)
        self.assertEqual(
            feed.refusal_ids.mapped(lambda r: (r.row, r.code, r.other_row)),
            [
                (1, "duplicate_merged", 2),
                (2, "duplicate_merged", 1),
                (4, "duplicate_merged", 5),
                (5, "duplicate_merged", 4),
            ],
        )
        self.assertIn("merged", feed.refusal_ids[0].reason)

    def test_a_number_that_the_merge_renamed_is_recognised_by_the_former_code(self):
        self._load_bills(
            bill("B1", "F-1", amount=100),
            bill("B1", "F-2", amount=200),
            payment("P1", "F-2", bill_id="B1", amount=50),
        )
        self._merge()
        self.assertEqual(self._bills().mapped("name"), ["B1", "B1/F-2"])
        feed = self._load_bills(
            bill("B1", "F-1", amount=100),
            bill("B1", "F-2", amount=250),
            payment("P1", "F-2", bill_id="B1", amount=50),
            payment("P2", "F-2", bill_id="B1", amount=70),
        )
        self.assertCounts(feed, created=1, changed=1, unchanged=2)
        self.assertRecordValues(
            self._bills(),
            [
                {"name": "B1", "amount": 1.0, "amount_paid": 0.0},
                {"name": "B1/F-2", "amount": 2.0, "amount_paid": 1.2},
                {"name": "B1/F-2", "amount": 0.5, "amount_paid": 0.0},
            ],
        )

    def test_contacts_and_lines_under_two_codes_are_refused_by_row(self):
        self._merge()
        contact = {"change": "I", "code": "1", "name": "Li"}
        line = {"change": "I", "line_id": "T-LETTER", "unit_id": "T-POST-1"}
        feed = self._load(
            record("K", customer="F-1", **contact),
            record("K", customer="F-2", **contact),
            record("L", customer="F-1", **line),
            record("L", customer="F-2", **line),
            customer("F-9"),
            limit=100,
        )
        self.assertEqual(feed.state, "done")
        self.assertCounts(feed, created=1, refused=4)
        self.assertEqual(set(feed.refusal_ids.mapped("code")), {"duplicate_merged"})

    def test_credit_notes_come_to_no_more_than_was_billed(self):
        """Those of the file, those we have and those with a corrected amount
        together; the reason names the bill."""
        credit = {"kind": "C", "origin_id": "B1"}
        self._load_bills(bill("B1", "F-1", amount=10000))
        self._load_bills(bill("C1", "F-1", amount=-6000, **credit))
        feed = self._load_bills(
            bill("C2", "F-1", amount=-3000, **credit),
            bill("C3", "F-1", amount=-1001, **credit),
            limit=100,
        )
        self.assertRecordValues(
            feed.refusal_ids,
            [{"row": 2, "code": "origin_credited", "field_name": "origin_id"}],
        )
        self.assertIn("“B1” come to more than was billed", feed.refusal_ids.reason)
        feed = self._load_bills(bill("C1", "F-1", amount=-7001, **credit), limit=100)
        self.assertEqual(feed.refusal_ids.code, "origin_credited")
        feed = self._load_bills(bill("C1", "F-1", amount=-7000, **credit))
        self.assertEqual((feed.changed_count, feed.refused_count), (1, 0))
        [billed] = (
            self._bills().filtered(lambda one: one.name == "B1")._get_billed().values()
        )
        self.assertEqual(billed, 0)

    def test_a_bill_and_its_credit_notes_in_one_file(self):
        rows = (
            bill("B1", "F-1", amount=10000),
            bill("C1", "F-1", amount=-10000, kind="C", origin_id="B1"),
            bill("C2", "F-1", amount=-1, kind="C", origin_id="B1"),
        )
        feed = self._load_bills(*rows, limit=100)
        self.assertEqual(feed.refusal_ids.mapped("row"), [3])
        self.assertEqual(self._bills().mapped("name"), ["B1", "C1"])
