# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from markupsafe import Markup

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import KeyAccountCommon


@freeze_time("2026-03-10 09:00:00")
@tagged("post_install", "-at_install")
class TestKeyAccountTimeline(KeyAccountCommon):
    """What happened with a customer, in one list, as far as the reader may open it
    (table 1.2.7, design 3.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Shared", manager=cls.manager)
        cls._create_line_file(cls.customer, cls.letter, cls.manager)
        cls._create_line_file(cls.customer, cls.express, cls.manager_b)
        cls.letter_bill = cls._create_bill(cls.customer, 100, cls.letter)
        cls.express_bill = cls._create_bill(
            cls.customer, 70, cls.express, date_bill="2026-02-01"
        )
        cls.payment = cls._pay(cls.letter_bill, 40)
        cls.env.flush_all()

    def _read(self, user, kinds=("bill", "payment", "message"), **kwargs):
        domain = [("partner_id", "=", self.customer.id), ("kind", "in", kinds)]
        return self.env["key.account.timeline"].with_user(user).search(domain, **kwargs)

    def test_newest_comes_first_with_its_record(self):
        rows = self._read(self.director)
        self.assertRecordValues(
            rows,
            [
                {
                    "kind": "payment",
                    "amount": 40,
                    "res_model": "key.account.payment",
                    "res_id": self.payment.id,
                    "reference": self.payment.name,
                },
                {
                    "kind": "bill",
                    "amount": 70,
                    "res_model": "key.account.bill",
                    "res_id": self.express_bill.id,
                    "reference": self.express_bill.name,
                },
                {
                    "kind": "bill",
                    "amount": 100,
                    "res_model": "key.account.bill",
                    "res_id": self.letter_bill.id,
                    "reference": self.letter_bill.name,
                },
            ],
        )

    def test_each_company_reads_what_its_own_line_did(self):
        self.assertEqual(self._read(self.manager_b).line_id, self.express)
        self.assertEqual(self._read(self.head_b).line_id, self.express)
        self.assertEqual(self._read(self.manager).line_id, self.letter)
        self.assertEqual(self._read(self.company).line_id, self.letter)
        self.assertFalse(self._read(self.manager_2))

    def test_every_row_can_be_opened_by_its_reader(self):
        self.customer.message_post(body="Called back", message_type="comment")
        for user in (self.manager, self.manager_b, self.head, self.company, self.agent):
            with self.subTest(user=user.login):
                rows = self._read(user)
                self.assertTrue(rows)
                for row in rows:
                    record = self.env[row.res_model].with_user(user).browse(row.res_id)
                    self.assertTrue(record.has_access("read"))

    def test_administrators_and_operators_have_no_time_line(self):
        for user in (self.admin, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._read(user)

    def test_nobody_writes_it(self):
        rows = self._read(self.director)
        with self.assertRaises(AccessError):
            rows.write({"reference": "forged"})
        with self.assertRaises(AccessError):
            rows.unlink()

    def test_messages_are_told_to_who_may_open_the_customer(self):
        self.customer.message_post(
            body=Markup("<p>Asked for an <b>offer</b></p>"), message_type="comment"
        )
        self.env.flush_all()
        message = self._read(self.head, ["message"])
        self.assertEqual(message.summary, "Asked for an *offer*")
        self.assertEqual(message.res_id, self.customer.id)
        self.assertFalse(self._read(self.manager_2, ["message"]))

    def test_messages_stand_on_the_day_of_their_reader(self):
        message = self.customer.message_post(body="Late", message_type="comment")
        message.date = "2026-03-10 20:00:00"
        self.env.flush_all()
        here = self.env["key.account.timeline"].with_user(self.head)
        domain = [("partner_id", "=", self.customer.id), ("kind", "=", "message")]
        days = []
        for zone in ("UTC", "Asia/Shanghai"):
            self.env.invalidate_all()
            days.append(str(here.with_context(tz=zone).search(domain).date))
        self.assertEqual(days, ["2026-03-10", "2026-03-11"])

    def test_moves_and_changes_are_told_in_words(self):
        self.customer._key_account_move("suspended", reason="Does not pay")
        self.env.flush_all()
        moves = self._read(self.manager, ["move"])
        self.assertEqual(moves[0].summary, "Active → Suspended · Does not pay")
        self.assertEqual(moves[0].res_model, "key.account.state.move")
        change = self.env["key.account.change"].create(
            {
                "partner_id": self.customer.id,
                "field_name": "key_account_legal_person",
                "old_value": "Li",
                "new_value": "Wang",
                "reason": "New register",
            }
        )
        self.env.flush_all()
        told = self._read(self.manager, ["change"]).filtered(
            lambda row: row.res_id == change.id
        )
        self.assertEqual(
            told.summary,
            "Legal Representative: Li → Wang (Proposed) · New register",
        )

    def test_ids_are_unique_and_pages_do_not_overlap(self):
        for index in range(20):
            self._create_bill(self.customer, 10 + index, self.letter)
        self.env.flush_all()
        every = self._read(self.director)
        pages = [self._read(self.director, limit=10, offset=o) for o in (0, 10, 20)]
        self.assertEqual(pages[0] + pages[1] + pages[2], every)
        self.assertEqual(len(set(every.ids)), 23)

    def test_one_customer_is_found_through_the_indexes(self):
        """No ledger is read as a whole: the customer is looked for in every part."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = (
            self.env["key.account.timeline"]
            .with_user(self.head)
            ._search([("partner_id", "=", self.customer.id)], limit=30, order="date")
        )
        plan = "\n".join(
            row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        )
        self.assertNotIn("Seq Scan", plan)
        for table in ("bill", "payment", "change", "state_move"):
            self.assertIn(f"key_account_{table}_", plan)

    def test_a_page_costs_as_many_queries_whatever_its_rows(self):
        timeline = self.env["key.account.timeline"].with_user(self.head)
        domain = [("partner_id", "=", self.customer.id)]
        specification = {
            "summary": {},
            "amount": {},
            "line_id": {"fields": {"display_name": {}}},
            "user_id": {"fields": {"display_name": {}}},
        }

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            timeline.web_search_read(domain, specification, limit=30)
            return self.env.cr.sql_log_count - before

        counts = []
        for _page in range(3):
            for index in range(30):
                self._create_bill(self.customer, 10 + index, self.letter)
            self.env.flush_all()
            counts.append(count())
        self.assertEqual(counts[1], counts[2])
