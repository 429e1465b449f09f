# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import zipfile

from freezegun import freeze_time

from odoo.tests import tagged

from ..models.key_account_feed_text import CODES
from .common import KeyAccountFeedCommon, bill, customer, payment, record


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01 08:00:00")
class TestKeyAccountFeedRefusal(KeyAccountFeedCommon):
    """Bad input is refused with row, field, reason and remedy, the rest is loaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls._create_customer(key_account_code="OURS")
        cls.person = cls._create_customer(
            key_account_code="PERSON", key_account_kind="individual"
        )
        cls.theirs = cls._create_customer(
            manager=cls.manager_b, key_account_code="THEIRS"
        )
        cls._create_bill(cls.ours, name="OLD")
        cls.env["key.account.code.alias"].create(
            {"name": "MERGED", "partner_id": cls.ours.id}
        )
        cls.env["key.account.number"].create(
            {"name": "0311", "partner_id": cls.ours.id}
        )

    def _assert_refused(self, interface, row, *expected, before=()):
        feed = self._load(*before, row, interface=interface, limit=100)
        found = [
            (r.code, r.field_name or "")
            for r in feed.refusal_ids
            if r.row == len(before) + 1
        ]
        self.assertEqual(sorted(found), sorted(expected), row)
        for refusal in feed.refusal_ids:
            self.assertIn(refusal.code, CODES)
            self.assertTrue(refusal.reason and refusal.remedy, refusal.code)
            self.assertNotEqual(refusal.reason, refusal.code)
            self.assertRegex(refusal.record_code, r"^\d{9}$")
            self.assertNotIn("9999", refusal.record_code)
        return feed

    def test_customer_rows(self):
        cases = [
            (customer("N-1", name=""), ("required", "name")),
            (customer("N-1", name="\\N"), ("required", "name")),
            (customer("N-1", name="x" * 121), ("long", "name")),
            (customer("N-1", date_from="20260230"), ("date", "date_from")),
            (customer("N-1", changed_at="20260101"), ("stamp", "changed_at")),
            (customer("N-1", changed_at="20260401000000"), ("future", "changed_at")),
            (customer("N-1", staff_count="1.5"), ("count", "staff_count")),
            (customer("N-1", credit_limit="12.3"), ("amount", "credit_limit")),
            (customer("N-1", credit_limit="9" * 20), ("amount_absurd", "credit_limit")),
            (customer("N-1", email="nobody"), ("email", "email")),
            (customer("N-1", kind="X"), ("choice", "kind")),
            (customer("N-1", unit_id="NONE"), ("unit", "unit_id")),
            (customer("N-1", unit_id="T-PARCEL-1"), ("unit_outside", "unit_id")),
            (customer("N-1", manager_id="ka_manager_b"), ("manager", "manager_id")),
            (customer("N-1", manager_id="ka_head"), ("manager", "manager_id")),
            (customer("N-1", channel_id="none"), ("channel", "channel_id")),
            (customer("N-1", brand_id="none"), ("brand", "brand_id")),
            (customer("N-1", industry_id="none"), ("industry", "industry_id")),
            (customer("N-1", city_code="99002"), ("city", "city_code")),
            (customer("THEIRS"), ("other_branch", "code")),
            (customer("MERGED"), ("merged", "code")),
            (
                customer("N-1", change="D"),
                ("unknown_left", "code"),
                ("state_step", "state"),
            ),
            (customer("N-1", state="S"), ("state_step", "state")),
            (customer("OURS", state="P"), ("state_step", "state")),
            (customer("N-1", parent_id="NONE"), ("parent", "parent_id")),
            (customer("N-1", parent_id="PERSON"), ("parent_kind", "parent_id")),
            (customer("N-1", parent_id="N-1"), ("parent_cycle", "parent_id")),
        ]
        for row, *expected in cases:
            with self.subTest(expected=expected):
                self._assert_refused("customer", row, *expected)

    def test_rows_of_a_customer(self):
        contact = {"change": "I", "customer": "OURS", "code": "1", "name": "Li"}
        number = {"change": "I", "customer": "OURS", "name": "0400", "state": "S"}
        line = {
            "change": "I",
            "customer": "OURS",
            "line_id": "T-LETTER",
            "unit_id": "T-POST-1",
        }
        cases = [
            ("K", contact | {"customer": "NONE"}, ("customer", "customer")),
            ("K", contact | {"customer": "THEIRS"}, ("other_branch", "customer")),
            ("K", contact | {"mobile": "138****8000"}, ("masked", "mobile")),
            ("N", number | {"brand_id": "none"}, ("brand", "brand_id")),
            ("N", number | {"holder_id": "9"}, ("contact", "holder_id")),
            (
                "N",
                number | {"customer": "PERSON", "name": "0311"},
                ("number_other", "name"),
            ),
            ("L", line | {"line_id": "NONE"}, ("line", "line_id")),
            ("L", line | {"change": "D"}, ("no_delete", "change")),
            ("L", line | {"customer": "THEIRS"}, ("other_branch", "customer")),
        ]
        for letter, values, expected in cases:
            with self.subTest(expected=expected):
                self._assert_refused("customer", record(letter, **values), expected)

    def test_bill_and_payment_rows(self):
        cases = [
            (bill("B1", "NONE"), ("customer", "customer")),
            (bill("B1", "THEIRS"), ("other_branch", "customer")),
            (bill("B1", "OURS", period="202613"), ("month", "period")),
            (bill("B1", "OURS", line_id="NONE"), ("line", "line_id")),
            (bill("B1", "OURS", currency_id="ZZZ"), ("currency", "currency_id")),
            (bill("B1", "OURS", amount="-1"), ("sign", "amount")),
            (bill("B1", "OURS", amount="1e3"), ("amount", "amount")),
            (bill("B1", "OURS", date_due="20260101"), ("due_early", "date_due")),
            (bill("B1", "PERSON", number_id="0311"), ("number", "number_id")),
            (payment("P1", "OURS", bill_id="NONE"), ("bill", "bill_id")),
            (payment("P1", "PERSON", bill_id="OLD"), ("bill", "bill_id")),
            (payment("P1", "OURS", channel_id="none"), ("channel", "channel_id")),
        ]
        for row, expected in cases:
            with self.subTest(expected=expected):
                self._assert_refused("bill", row, expected)

    def test_both_rows_of_a_duplicate_are_named(self):
        feed = self._load(customer("N-1"), customer("N-2"), customer("N-1"), limit=100)
        self.assertRecordValues(
            feed.refusal_ids, [{"row": 1, "other_row": 3}, {"row": 3, "other_row": 1}]
        )
        self.assertCounts(feed, created=1, refused=2)

    def test_what_hangs_on_a_refused_row_is_refused_with_it(self):
        feed = self._load(
            customer("N-1", kind="X"),
            customer("N-2", parent_id="N-1"),
            record("K", change="I", customer="N-2", code="1", name="Li"),
            limit=100,
        )
        self.assertIn("parent_kind", feed.refusal_ids.mapped("code"))
        self.assertIn("customer_refused", feed.refusal_ids.mapped("code"))
        self.assertCounts(feed, refused=3)

    def test_groups_in_a_circle_are_refused(self):
        feed = self._load(
            customer("N-1", parent_id="N-2"),
            customer("N-2", parent_id="N-1"),
            customer("N-3", parent_id="N-2"),
            limit=100,
        )
        self.assertCounts(feed, refused=3)

    def test_hostile_texts_are_texts(self):
        names = ("=1+1", "'; DROP TABLE res_partner; --", "%s %(x)s", "{0}", "<b>x</b>")
        self._load(*(customer(f"H-{i}", name=name) for i, name in enumerate(names)))
        for index, name in enumerate(names):
            self.assertEqual(self._find(f"H-{index}").name, name)

    def test_too_many_refused_rows_load_nothing(self):
        feed = self._load(customer("N-1"), customer("N-2", kind="X"))
        self.assertRecordValues(feed, [{"state": "failed", "file_code": "22"}])
        self.assertFalse(self._find("N-1"))

    def test_mended_rows_are_loaded_again(self):
        feed = self._load(
            customer("N-1"), customer("N-2", name="A\\|B", kind="X"), limit=50
        )
        self.assertCounts(feed, created=1, refused=1)
        text = base64.b64decode(feed.with_user(self.operator).refused_file).decode()
        self.assertIn("|#!|2|", text)
        self.assertNotIn("N-1", text)
        mended = text.replace("|X|", "|G|")
        again = self._load(mended.strip(), period=feed.period, revision=1)
        self.assertCounts(again, created=1)
        self.assertEqual(self._find("N-2").name, "A|B")
        self.assertEqual(feed.state, "replaced")

    def test_excel_of_refused_rows_holds_no_formula(self):
        feed = self._load(customer("N-1", name="=1+1", kind="=2+2"), limit=100)
        content = base64.b64decode(feed.with_user(self.operator).refused_xlsx)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertNotIn(b"<f>", archive.read("xl/worksheets/sheet1.xml"))
            self.assertIn(b"=2+2", archive.read("xl/sharedStrings.xml"))

    def test_answers_name_file_row_and_code(self):
        feed = self._load(customer("N-1", kind="X"), limit=100)
        (_name, result), (name, records) = feed._get_answers()
        data = feed.part_ids.name
        self.assertRegex(result, rf"^{data}\|\d{{14}}\|00\r\n$")
        self.assertEqual(name, f"r_{feed.name}.verf")
        self.assertEqual(records, f"{data}|1|010050016\r\n")
        good = self._load(customer("N-1"))
        self.assertIn("|-1|000000000", good._get_answers()[1][1])

    def test_reasons_are_in_the_language_of_the_reader(self):
        feed = self._load(customer("N-1", name=""), limit=100)
        refusal = feed.refusal_ids.with_user(self.operator)
        self.assertEqual(refusal.field_label, "Name")
        self.assertEqual(refusal.reason, "Name is missing.")
